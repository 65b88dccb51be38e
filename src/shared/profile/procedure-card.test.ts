import { describe, expect, it } from 'vitest'
import { createServer, scenarios } from '../../sim/index'
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
