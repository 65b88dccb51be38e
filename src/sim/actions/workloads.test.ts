import { describe, expect, it } from 'vitest'
import { createServer } from '../server/simulated-server'
import type { Action } from './action'
import type { Parameters } from '../parameters/parameters'

function told(scenario: string, parameters: Parameters): string | undefined {
  const server = createServer({ scenario, seed: 1, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server.act({ kind: 'fix', id: 'wake-one', on: true })
}

describe('a fix for a workload', () => {
  it('is there wherever that workload is, also beside another one', () => {
    expect(told('web', { 'httpd.processes': 5 })).toBeUndefined()
    expect(told('sdet', { 'httpd.processes': 5 })).toBeUndefined()
  })

  it('is refused where it is not, with the reason', () => {
    expect(told('sdet', {})).toBe('fix wake-one needs web or web2; this run has sdet')
    expect(told('yield', {})).toBe('fix wake-one needs web or web2; this run has yield')
  })
})

const linux = { kernel: 'linux-2.2' }

describe('a fault or a fix that would do nothing in a run', () => {
  const act = (parameters: Parameters, action: Action): string | undefined => {
    const server = createServer({ scenario: 'proxy', seed: 1, parameters })
    if (typeof server === 'string') throw new Error(server)
    return server.act(action)
  }
  const fix = (id: string): Action => ({ kind: 'fix', id, on: true })
  const overflow: Action = { kind: 'fault', id: 'rt-signal-overflow', intensity: 0.5 }

  it('is refused with what it needs and what the run has', () => {
    expect(act({}, fix('poll-hints'))).toBe(
      'fix poll-hints needs kernel=linux-2.2 and proxy.events=poll or rt-signals; ' +
        'this run has kernel=digital-unix-4.0 and proxy.events=select',
    )
    expect(act({ ...linux, 'proxy.events': 'poll' }, overflow)).toBe(
      'fault rt-signal-overflow needs proxy.events=rt-signals; this run has proxy.events=poll',
    )
    expect(act({}, { kind: 'fault', id: 'orphaned-buffers', intensity: 1 })).toBe(
      "fault orphaned-buffers needs sdet's bforget; this run has proxy",
    )
    expect(act({ 'proxy.kind': 'cern' }, fix('scalable-select'))).toBe(
      'fix scalable-select needs proxy.kind=squid; this run has proxy.kind=cern',
    )
  })

  it('is taken where it does something', () => {
    expect(act({ ...linux, 'proxy.events': 'poll' }, fix('poll-hints'))).toBeUndefined()
    expect(act({ ...linux, 'proxy.events': 'rt-signals' }, overflow)).toBeUndefined()
    expect(act({}, fix('scalable-select'))).toBeUndefined()
    expect(act({}, fix('two-level-ufalloc'))).toBeUndefined()
  })

  it('is refused too where it is set by its path, while the run goes on', () => {
    const set = (path: string, value: string): Action => ({ kind: 'set', path, value })
    expect(act({}, set('kernel.poll', 'hints'))).toBe(
      'kernel.poll=hints needs kernel linux-2.2; digital-unix-4.0 has no kernel.poll',
    )
    expect(act({}, set('kernel.fd.perProcess', '4097'))).toContain('a set of 4097 would be larger')
    expect(act({}, set('kernel.fd.perProcess', '4096'))).toBeUndefined()
    expect(act(linux, set('kernel.poll', 'hints'))).toBeUndefined()
  })
})
