import { describe, expect, it } from 'vitest'
import { at, read, smallServer, webServer } from '../server/simulated-server.test-support'
import type { SimulatedServer } from '../server/simulated-server'
import type { StructureKind, StructureSnapshot } from './structures'

type SnapshotOf<K extends StructureKind> = Extract<StructureSnapshot, { kind: K }>
const snapshot = <K extends StructureKind>(server: SimulatedServer, kind: K): SnapshotOf<K> =>
  server.snapshot(kind) as SnapshotOf<K>

const smallWeb = (): SimulatedServer =>
  webServer({ 'httpd.processes': 40, 'load.connections': 12, 'load.pageBytes': 20_000 })

/**
 * Instants that fall on no tick and no sample: whatever is under way then is in the middle of it.
 */
const oddInstants = Array.from({ length: 60 }, (_, i) => 1.2 + i * 0.0237)

describe('a snapshot is true at its instant', () => {
  it('wait queue: who was woken has found a connection, has found none, or has not looked yet', () => {
    const server = smallWeb()
    for (const instant of oddInstants) {
      server.advance(at(instant))
      const { entries, madeRunnable, foundConnection, backToSleep } = snapshot(server, 'wait-queue')
      const awake = entries.filter(({ asleep }) => !asleep).length
      expect(madeRunnable - foundConnection - backToSleep).toBe(awake)
      for (const { woken, wokenForNothing } of entries) {
        expect(wokenForNothing).toBeLessThanOrEqual(woken)
      }
      expect(read(server, 'accept.foundConnection')).toBe(foundConnection)
      expect(read(server, 'accept.waiting')).toBe(entries.length)
    }
    expect(read(server, 'accept.backToSleep')).toBeGreaterThan(1000)
    expect(read(server, 'accept.foundConnection')).toBeGreaterThan(100)
  })

  it('run queue: whom it names is runnable, and no more run than there are CPUs', () => {
    const server = smallWeb()
    for (const instant of oddInstants) {
      server.advance(at(instant))
      const { entries, cpus } = snapshot(server, 'run-queue')
      expect(entries).toHaveLength(read(server, 'processes.runnable'))
      const running = entries.map(({ runningOn }) => runningOn).filter((cpu) => cpu >= 0)
      expect(running.length).toBeLessThanOrEqual(cpus)
      expect(new Set(running).size).toBe(running.length)
    }
  })

  it('listen backlog: each queue holds as many as it says', () => {
    const server = smallWeb()
    for (const instant of oddInstants) {
      server.advance(at(instant))
      const { open, acceptQueue, halfOpen, synQueue } = snapshot(server, 'listen-backlog')
      expect([acceptQueue.length, synQueue.length]).toEqual([open, halfOpen])
      expect(read(server, 'listen.acceptQueue')).toBe(open)
      for (const { ageMs } of [...acceptQueue, ...synQueue]) expect(ageMs).toBeGreaterThanOrEqual(0)
    }
  })

  it('descriptors: a name where a bit is set or reserved, and none elsewhere', () => {
    const server = smallWeb()
    for (const instant of oddInstants) {
      server.advance(at(instant))
      const { words, files, system } = snapshot(server, 'descriptor-table')
      files.forEach((name, descriptor) => {
        const taken = ((words[descriptor >> 5] ?? 0) >>> (descriptor & 31)) & 1
        if (name !== '') expect(taken).toBe(1)
      })
      expect(system.used + system.held).toBe(read(server, 'fd.open'))
    }
  })

  it('buffer cache and its hash: every buffer has one state, and the hashed ones hang on chains', () => {
    const server = smallServer()
    for (const instant of oddInstants) {
      server.advance(at(instant))
      const { totals, pages, states, buffersPerPage } = snapshot(server, 'buffer-cache')
      const buffers = totals.slice(1).reduce((sum, count) => sum + count, 0)
      expect(buffers).toBe(read(server, 'buffers.total'))
      expect(states).toHaveLength(pages.length * buffersPerPage)
      expect(totals[5]).toBe(read(server, 'buffers.orphaned'))
      const { lengths, longestBucket, longest } = snapshot(server, 'hash-chains')
      expect(Math.min(40, lengths[longestBucket] ?? 0)).toBe(longest.length)
      const hashed = lengths.reduce((sum, length) => sum + length, 0)
      expect(hashed).toBeLessThanOrEqual(buffers - (totals[1] ?? 0))
    }
  })

  it('disk queue: the drive is at work as long as a request is in service, and not a moment longer', () => {
    const server = smallServer()
    let before = 0
    let since = 0
    let served = 0
    server.advance(at(oddInstants[0]!))
    const busyBefore = read(server, 'disk.busy')
    for (const instant of oddInstants) {
      server.advance(at(instant))
      const { inService, phase, queue } = snapshot(server, 'disk-queue')
      if (inService) served++
      else expect([phase, queue.length > 0 ? 'plugged' : 'empty']).toContain('idle')
      expect(read(server, 'disk.queued')).toBe(queue.length + (inService ? 1 : 0))
      const busy = read(server, 'disk.busy')
      // In no interval, however short, is the disk busy for more than the whole of it.
      expect(busy - before).toBeLessThanOrEqual(server.now - since)
      expect(busy).toBeGreaterThanOrEqual(before)
      ;[before, since] = [busy, server.now]
    }
    // As often as the disk's own account of its time says, but for chance (four deviations).
    const looks = oddInstants.length
    const share = (before - busyBefore) / (since - at(oddInstants[0]!))
    const deviation = Math.sqrt(looks * share * (1 - share))
    expect(Math.abs(served - looks * share)).toBeLessThan(4 * deviation)
    expect(served).toBeGreaterThan(0)
  })
})
