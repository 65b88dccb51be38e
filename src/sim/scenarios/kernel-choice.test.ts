import { describe, expect, it } from 'vitest'
import { createServer } from '../server/simulated-server'
import { instant } from '../units/time'
import type { Parameters } from '../parameters/parameters'

const alpha = { machine: 'alphastation-500', kernel: 'digital-unix-4.0' }

function refused(scenario: string, parameters: Parameters): string {
  const server = createServer({ scenario, seed: 1, parameters })
  return typeof server === 'string' ? server : 'accepted'
}

describe('the kernel of a run', () => {
  it('brings its way to find a descriptor, and what is set apart wins', () => {
    const of = (parameters: Parameters) => {
      const server = createServer({ scenario: 'yield', seed: 1, parameters })
      return typeof server === 'string' ? server : server.parameters['kernel.fd.alloc']
    }
    expect(of({})).toBe('one-bitmap')
    expect(of(alpha)).toBe('ufalloc')
    expect(of({ ...alpha, 'kernel.fd.alloc': 'two-bitmaps' })).toBe('two-bitmaps')
  })

  it('runs what is not of Linux alone, with its procedures in its own image', () => {
    const options = { scenario: 'yield', seed: 1, parameters: { ...alpha, 'yield.threads': 4 } }
    const server = createServer(options)
    if (typeof server === 'string') throw new Error(server)
    server.advance(instant(1e9))
    server.refreshCounters()
    expect(server.summary).toContain('Digital UNIX 4.0')
    expect(server.counters.read('work.completed')).toBeGreaterThan(1000)
    const images = new Set(server.counters.specs.map(({ id }) => id.split('.').slice(0, 2).join()))
    expect([images.has('function,vmunix'), images.has('function,vmlinux')]).toEqual([true, false])
    // 1,024 ticks a second, on every CPU of which there is one.
    const jiffies = ['cpu.user', 'cpu.system', 'cpu.idle'].map((id) => server.counters.read(id))
    expect(Math.abs(jiffies.reduce((sum, count) => sum + count, 0) - 1024)).toBeLessThan(2)
    expect(server.act({ kind: 'reboot' })).toBeUndefined()
    server.advance(instant(2e9))
    expect(server.digest()).toHaveLength(16)
  })

  it('is refused by name where a workload needs what only Linux has', () => {
    expect(refused('sdet', alpha)).toBe(
      'workload sdet needs kernel.bforget, which kernel linux-2.2 has and digital-unix-4.0 has not',
    )
    expect(refused('yield', { ...alpha, 'httpd.processes': 5 })).toBe(
      'workload web needs kernel.accept.wakeup, ' +
        'which kernel linux-2.2 has and digital-unix-4.0 has not',
    )
    expect(refused('yield', { ...alpha, 'yield.threads': 4 })).toBe('accepted')
  })

  it.each([
    ['kernel.accept.wakeup', 'one'],
    ['kernel.bforget', 'orphan'],
    ['kernel.poll', 'hints'],
    ['kernel.poll.limit', 2000],
  ])('is refused by name where %s=%s is set, which only Linux has', (path, value) => {
    expect(refused('proxy', { [path]: value })).toBe(
      `${path}=${value} needs kernel linux-2.2; digital-unix-4.0 has no ${path}`,
    )
    expect(refused('proxy', { kernel: 'linux-2.2', [path]: value })).toBe('accepted')
  })

  it('runs on the processors that it was made for', () => {
    expect(refused('yield', { kernel: 'digital-unix-4.0' })).toBe(
      'kernel digital-unix-4.0 runs on an Alpha (machine alphastation-500), not on pentium-iii-8way',
    )
  })
})
