import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { createServer } from './simulated-server'
import { at, countersOf, runFor, smallServer } from './simulated-server.test-support'

describe('counters', () => {
  it('has those that vmstat and the screens are made of', () => {
    const { counters } = smallServer()
    const wanted = `processes.runnable processes.blocked processes.swapped processes.total
      memory.swapUsed memory.free memory.buffers memory.cached memory.orphaned memory.processes
      memory.kernel swap.in swap.out blocks.read blocks.written interrupts contextSwitches cpu.user
      cpu.system cpu.idle cycles.user cycles.system cycles.spin cycles.interrupt cycles.idle
      cycles.wait buffers.total buffers.free buffers.clean buffers.dirty buffers.locked
      buffers.orphaned disk.queued disk.busy disk.reads disk.writes work.completed work.failed
      work.round work.roundSeconds work.perHour`.split(/\s+/)
    for (const id of wanted) expect(counters.column(id), id).toBeDefined()
  })

  it('has one for each procedure of the profile, and together they are all cycles', () => {
    const server = smallServer()
    server.advance(at(2))
    const counters = countersOf(server)
    const { frames, stacks } = server.profile()
    const own = frames.map(() => 0)
    for (const { frames: stack, cycles } of stacks) {
      own[stack[stack.length - 1]!]! += cycles.reduce((sum, value) => sum + value, 0)
    }
    const ids = frames.map(({ image, procedure }) => `function.${image}.${procedure}`)
    expect(ids.map((id) => [id, counters[id]])).toEqual(ids.map((id, index) => [id, own[index]]))
    expect(ids).toContain('function./usr/lib/cc1.main')
    expect(ids).toContain('function.vmlinux.schedule')
    const modes = ['user', 'system', 'spin', 'interrupt', 'idle', 'wait']
    const total = modes.reduce((sum, mode) => sum + counters[`cycles.${mode}`]!, 0)
    expect(own.reduce((sum, value) => sum + value, 0)).toBe(total)
  })

  it.each(['web', 'yield', 'proxy'])('of procedures sum up to all cycles, %s', (scenario) => {
    const server = createServer({ scenario, seed: 1, parameters: {} })
    if (typeof server === 'string') throw new Error(server)
    server.advance(at(2))
    const counters = countersOf(server)
    const sumOf = (prefix: string): number =>
      Object.entries(counters)
        .filter(([id]) => id.startsWith(prefix))
        .reduce((sum, [, value]) => sum + value, 0)
    expect(sumOf('function.')).toBe(sumOf('cycles.'))
  })

  it('memory by use is the memory of the machine; jiffies and cycles are those of its CPUs', () => {
    const random = new RandomStream(1, 'instants')
    const server = smallServer({ parameters: { 'machine.cpus': 3, 'kernel.bforget': 'orphan' } })
    for (let look = 0; look < 30; look++) {
      runFor(server, random.uniform() / 5)
      const c = countersOf(server)
      const sum = (...ids: string[]): number => ids.reduce((total, id) => total + c[id]!, 0)
      const memory = ['free', 'buffers', 'cached', 'processes', 'kernel'].map(
        (id) => `memory.${id}`,
      )
      expect(sum(...memory)).toBe(64 * 1024)
      expect(c['memory.orphaned']).toBeLessThanOrEqual(c['memory.buffers']!)
      const ticks = Math.floor(server.now / 10_000_000) + 1
      expect(sum('cpu.user', 'cpu.system', 'cpu.idle')).toBe(3 * ticks)
      const modes = ['user', 'system', 'spin', 'interrupt', 'idle', 'wait'].map(
        (id) => `cycles.${id}`,
      )
      const passed = server.now * 0.45 * 3
      expect(sum(...modes)).toBeGreaterThan(passed - 6)
      // Each CPU may be ahead by a cache that it refills after a switch.
      expect(sum(...modes)).toBeLessThan(passed + 3 * (16_384 * 91.35 + 100_000))
      const onLists = sum('buffers.free', 'buffers.clean', 'buffers.dirty', 'buffers.orphaned')
      expect(c['buffers.total']).toBeGreaterThanOrEqual(onLists)
      expect(c['buffers.total']).toBeLessThanOrEqual(onLists + c['buffers.locked']!)
      expect(c['buffers.total']).toBe(c['memory.buffers'])
    }
  })

  it('totals never fall, reboot or not', () => {
    const server = smallServer({ parameters: { 'machine.cpus': 2 } })
    const totals = server.counters.specs.filter(({ kind }) => kind === 'monotonic')
    let before = countersOf(server)
    for (let look = 0; look < 24; look++) {
      runFor(server, 0.137)
      if (look % 8 === 5) expect(server.act({ kind: 'reboot' })).toBeUndefined()
      const now = countersOf(server)
      const fallen = totals.filter(({ id }) => now[id]! < before[id]!).map(({ id }) => id)
      expect(fallen).toEqual([])
      before = now
    }
    for (const id of ['interrupts', 'blocks.read', 'contextSwitches', 'cycles.user', 'cpu.user']) {
      expect(before[id], id).toBeGreaterThan(0)
    }
  })
})
