import { describe, expect, it } from 'vitest'
import { createServer, scenarios } from '../../sim/index'
import { instant } from '../../sim/units/time'
import { procedureCard } from './procedure-card'

/** Servers that between them have every way in which a procedure is declared. */
const servers = [
  ...scenarios.map(({ id }) => ({ scenario: id, parameters: {} })),
  { scenario: 'proxy', parameters: { 'proxy.kind': 'cern' } },
  { scenario: 'proxy', parameters: { machine: 'poweredge-6300', kernel: 'linux-2.2' } },
]

describe('cards of procedures', () => {
  it.each(servers)('are there for all of the kernel of $scenario, $parameters', (of) => {
    const server = createServer({ seed: 1, ...of })
    if (typeof server === 'string') throw new Error(server)
    const { frames } = server.profile()
    const kernel = frames.filter(({ image }) => ['vmlinux', 'vmunix', 'idle'].includes(image))
    expect(kernel.length).toBeGreaterThan(70)
    expect(kernel.filter((frame) => !procedureCard(frame))).toEqual([])
  })

  it.each([
    ['digital-unix-4.0', 'select'],
    ['linux-2.2', 'select'],
    ['linux-2.2', 'poll'],
  ])(
    'on %s count calls of %s where they are calls, not the way it is executed',
    (kernel, events) => {
      const parameters = {
        kernel,
        'proxy.events': events,
        'proxy.cold': 600,
        'proxy.coldRate': 5000,
      }
      const server = createServer({ scenario: 'proxy', seed: 1, parameters })
      if (typeof server === 'string') throw new Error(server)
      server.advance(instant(2e9))
      server.refreshCounters()
      const { frames, stacks } = server.profile()
      const called = (own: number): number =>
        stacks.reduce(
          (sum, stack) => sum + (stack.frames.at(-1) === own ? (stack.calls ?? 0) : 0),
          0,
        )
      const ofWaiting = frames.flatMap((frame, own) => {
        const card = procedureCard(frame)
        const counts = card?.counts?.some(({ counter }) => counter === 'poll.scanned')
        return counts && called(own) > 0 ? [{ ...frame, card, calls: called(own) }] : []
      })
      expect(ofWaiting.length).toBeGreaterThan(0)
      const calls = server.counters.read('poll.calls')
      for (const { procedure, card, calls: own } of ofWaiting) {
        if (card?.callsCount !== false) expect(own, procedure).toBeLessThanOrEqual(calls + 1)
      }
    },
  )

  it('name no counter that no scenario has', () => {
    const known = new Set(
      servers.flatMap((of) => {
        const server = createServer({ seed: 1, ...of })
        if (typeof server === 'string') throw new Error(server)
        return server.counters.specs.map(({ id }) => id)
      }),
    )
    const server = createServer({ scenario: 'proxy', seed: 1, parameters: {} })
    const linux = createServer({ scenario: 'web', seed: 1, parameters: {} })
    if (typeof server === 'string' || typeof linux === 'string') throw new Error('no server')
    const frames = [...server.profile().frames, ...linux.profile().frames]
    const named = frames.flatMap((frame) => procedureCard(frame)?.counts ?? [])
    expect(named.length).toBeGreaterThan(100)
    expect(named.filter(({ counter }) => !known.has(counter))).toEqual([])
  })

  it('say of which kernel a procedure is, and what it is called in the other', () => {
    const ufalloc = procedureCard({ image: 'vmunix', procedure: 'ufalloc' })
    expect(ufalloc?.kernel).toContain('Digital UNIX 4.0')
    expect(ufalloc?.kernel).toContain('get_unused_fd')
    expect(ufalloc?.about).toContain('ufalloc')
    expect(procedureCard({ image: 'vmlinux', procedure: 'schedule' })?.kernel).toContain(
      'Linux 2.2',
    )
    expect(procedureCard({ image: '/usr/sbin/httpd', procedure: 'main' })).toBeUndefined()
  })
})
