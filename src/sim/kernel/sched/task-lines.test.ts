import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { anyCpu, TaskLines } from './task-lines'

/** By slot: all of them on the run queue. */
const all = new Uint8Array(256).fill(1)

describe('lines of task structures', () => {
  it('are all loaded by the first walk of a CPU, and not again', () => {
    const lines = new TaskLines(2, Infinity, 4)
    expect([lines.walk(0, 10, all), lines.walk(0, 10, all)]).toEqual([10, 0])
    expect([lines.walk(1, 10, all), lines.walk(1, 10, all)]).toEqual([10, 0])
  })

  it('that a CPU has written to are stale on the others, once each, and not on itself', () => {
    const lines = new TaskLines(3, Infinity, 4)
    for (const cpu of [0, 1, 2]) lines.walk(cpu, 10, all)
    lines.wrote(4, 0)
    lines.wrote(4, 0)
    lines.wrote(7, 1)
    expect([0, 1, 2].map((cpu) => lines.walk(cpu, 10, all))).toEqual([1, 1, 2])
    expect([0, 1, 2].map((cpu) => lines.walk(cpu, 10, all))).toEqual([0, 0, 0])
  })

  it('that nobody knows who wrote are stale everywhere', () => {
    const lines = new TaskLines(2, Infinity, 4)
    for (const cpu of [0, 1]) lines.walk(cpu, 10, all)
    lines.wrote(4, anyCpu)
    expect([0, 1].map((cpu) => lines.walk(cpu, 10, all))).toEqual([1, 1])
  })

  it('of tasks that do not stand on the queue are not walked over', () => {
    const lines = new TaskLines(2, Infinity, 4)
    lines.walk(0, 10, all)
    for (const slot of [1, 2, 3]) lines.wrote(slot, 1)
    expect(lines.walk(0, 10, all.with(2, 0))).toBe(2)
  })

  it('are all stale on the others when all have been written to', () => {
    const lines = new TaskLines(2, Infinity, 4)
    for (const cpu of [0, 1]) lines.walk(cpu, 10, all)
    lines.wroteAll(0)
    expect([0, 1].map((cpu) => lines.walk(cpu, 10, all))).toEqual([0, 10])
  })

  it('crowd each other out where more share a set than it has ways, the head of the queue among them', () => {
    // 64 places in 16 sets of 4.
    const lines = new TaskLines(1, 64, 4)
    expect([63, 64, 65, 78, 79, 80, 200].map((tasks) => lines.crowded(tasks))).toEqual([
      ...[0, 5, 10, 75, 79, 80, 200],
    ])
  })

  it.each([1, 2, 3])('are stale as by a plain set for each CPU (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'lines')
    const cpus = 4
    const lines = new TaskLines(cpus, Infinity, 4)
    const stale = Array.from({ length: cpus }, () => new Set<number>())
    for (let cpu = 0; cpu < cpus; cpu++) lines.walk(cpu, 200, all)
    for (let step = 0; step < 5000; step++) {
      const cpu = random.below(cpus)
      if (random.below(20) === 0) {
        const expected = stale[cpu]!.size
        expect(lines.walk(cpu, 200, all)).toBe(expected)
        stale[cpu]!.clear()
      } else {
        const slot = random.below(200)
        lines.wrote(slot, cpu)
        stale.forEach((set, other) => other !== cpu && set.add(slot))
      }
    }
  })

  it('are all loaded by a CPU that has not walked for longer than is remembered', () => {
    const lines = new TaskLines(2, Infinity, 4)
    lines.walk(0, 10, all)
    for (let times = 0; times < 5000; times++) lines.wrote(3, 1)
    expect([lines.walk(0, 10, all), lines.walk(0, 10, all)]).toEqual([10, 0])
  })
})
