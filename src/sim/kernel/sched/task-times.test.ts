import { describe, expect, it } from 'vitest'
import { Spends } from '../../observe/stack-times'
import { createServer, SimulatedServer } from '../../server/simulated-server'
import { after, seconds, startOfTime } from '../../units/time'
import { pass, smallMachine, start } from '../small-machine.test-support'
import type { Task } from './task'
import { TaskState } from './task'
import { WaitQueue } from './wait-queue'

const second = 1_000_000
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

describe('the time of a process', () => {
  it('is where it was spent: on a CPU, asleep in what it called', () => {
    const m = smallMachine({ cpus: 1 })
    const { dispatcher, timer, base } = m.kernel
    const queue = new WaitQueue()
    start(m, function* (task) {
      const main = task.node
      yield* m.kernel.processes.compute(task, 450e6)
      task.node = base.call(task, base.procedures.sys_poll)
      yield* timer.sleepUntilWoken(task, queue, 2e9)
      task.node = base.tree.call(main, base.procedures.sys_wait4)
      yield* dispatcher.sleep(task, TaskState.uninterruptible)
    })
    pass(m, 10)
    dispatcher.times.settle()
    const { parents, procedureOf } = m.tree.nodeTables
    const spent = (procedure: string, spends: number): number =>
      procedureOf.reduce((sum, of, node) => {
        const isOfProgram = parents[node] === 0 || parents[parents[node]!] === 0
        const named = m.tree.procedures[of]?.procedure === procedure
        return named && isOfProgram && node > 0
          ? sum + (m.tree.times.columns[spends]?.[node] ?? 0)
          : sum
      }, 0)
    expect(spent('main', Spends.running) / second).toBeCloseTo(1, 1)
    expect(spent('sys_poll', Spends.asleep) / second).toBeCloseTo(2, 1)
    expect(spent('sys_wait4', Spends.blocked) / second).toBeCloseTo(7, 1)
    const ofProgram = m.tree
      .stacksFrom(0)
      .map(({ image, parent }, node) => (image === 'program' && parent === 0 ? node : parent))
      .flatMap((root, node) =>
        m.tree.stacksFrom(0)[root]?.image === 'program'
          ? m.tree.times.columns.map((column) => column[node] ?? 0)
          : [],
      )
    expect(sum(ofProgram)).toBe(10 * second)
  })

  it.each([
    ['sdet', 20],
    ['web', 2],
    ['yield', 1],
    ['proxy', 3],
  ])('of all of them adds up to their lives, to the microsecond (%s)', (scenario, length) => {
    const server = createServer({ scenario, seed: 3, parameters: {} })
    if (!(server instanceof SimulatedServer)) throw new Error('no server')
    const { dispatcher, engine, processes } = server['kernel']
    const now = (): number => Math.floor(engine.now / 1000)
    const born = new Map<Task, number>()
    let lives = 0
    let ended = 0
    for (const task of processes.all) born.set(task, now())
    const { onEnd } = dispatcher
    const begins = dispatcher.start.bind(dispatcher)
    dispatcher.start = (task) => {
      born.set(task, now())
      begins(task)
    }
    dispatcher.onEnd = (task) => {
      ended++
      lives += now() - (born.get(task) ?? NaN)
      born.delete(task)
      onEnd(task)
    }
    server.advance(after(startOfTime, seconds(length)))
    for (const began of born.values()) lives += now() - began
    expect(sum(server.profile().stacks.map(({ times = [] }) => sum(times)))).toBe(lives)
    if (scenario === 'sdet') expect(ended).toBeGreaterThan(100)
  })

  it('is that of its cycles where it ran, and of the interrupts that came meanwhile', () => {
    const server = createServer({ scenario: 'web', seed: 3, parameters: {} })
    if (typeof server === 'string') throw new Error(server)
    server.advance(after(startOfTime, seconds(2)))
    const { frames, stacks, clockMHz } = server.profile()
    let [running, busy, between] = [0, 0, 0]
    for (const { frames: stack, cycles, times } of stacks) {
      const root = frames[stack[0] ?? -1]
      const spent = cycles.reduce((sum, some) => sum + some, 0) / clockMHz
      running += times?.[Spends.running] ?? 0
      if (root?.procedure === 'main') busy += spent
      else if (root?.image !== 'idle') between += spent
    }
    expect(running).toBeGreaterThan(busy)
    expect(running).toBeLessThanOrEqual(busy + between)
    expect(running / (busy + between)).toBeGreaterThan(0.98)
  })
})
