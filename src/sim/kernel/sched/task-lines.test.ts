import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import type { CacheShape } from './cache-sets'
import { oneOf } from './plain-scheduler.test-support'
import { allLines, Line, TaskLines } from './task-lines'

const first: CacheShape = { sets: 1, ways: 4 }
const last: CacheShape = { sets: 16, ways: 4 }
/** Prices that tell hits, tasks and further lines apart in one sum. */
const prices = { hit: 1, first: 1e4, further: 1e8 }
const allOf = [Line.state, Line.cpu, Line.link, Line.policy, Line.mm]

/** Tasks in a row of blocks, all on the queue, with what was new loaded by a walk of each CPU. */
function warm(cpus: number, tasks: number): TaskLines {
  const lines = new TaskLines(cpus, first, last, prices)
  for (let slot = 0; slot < tasks; slot++) {
    lines.enrol(slot, slot + 1, 0)
    lines.add(slot)
  }
  for (let cpu = 0; cpu < cpus; cpu++) lines.walk(cpu, -1)
  return lines
}

describe('lines of task structures', () => {
  it('are found in the first level by the next walk while there are as many as it has ways', () => {
    // Of four the links miss: the head of the queue has one place.
    expect([3, 4, 5, 40].map((tasks) => warm(1, tasks).walk(0, -1))).toEqual([0, 4, 25, 200])
  })

  it('come from memory where more share a set than it has ways: one waits, four are beside', () => {
    const each = prices.first + 4 * prices.further
    // 64 blocks fill 16 sets; the head takes a place for links in one of them, so four links miss.
    expect(warm(1, 64).walk(0, -1)).toBe((320 - 4) * prices.hit + 5 * prices.first)
    expect(warm(1, 65).walk(0, -1)).toBe((325 - 29) * prices.hit + 5 * each + 5 * prices.first)
    expect(warm(1, 128).walk(0, -1)).toBe(128 * each + prices.first)
  })

  it('that a CPU has written to are stale on the others, once each, and not on itself', () => {
    const lines = warm(3, 10)
    lines.wrote(4, 0, Line.cpu)
    lines.wrote(4, 0, Line.cpu | Line.policy)
    lines.wrote(7, 1, Line.state)
    const hits = 50
    const stale = (tasks: number, further: number): number =>
      hits - tasks - further + tasks * prices.first + further * prices.further
    expect([0, 1, 2].map((cpu) => lines.walk(cpu, -1))).toEqual([
      ...[stale(1, 0), stale(1, 1), stale(2, 1)],
    ])
    expect([0, 1, 2].map((cpu) => lines.walk(cpu, -1))).toEqual([hits, hits, hits])
  })

  it('of a task that another CPU runs are two, and what else is stale waits until it does not', () => {
    const lines = warm(2, 10)
    lines.setRunning(4, true)
    lines.wrote(4, 1, Line.cpu | Line.policy)
    expect(lines.walk(0, -1)).toBe(47 - 1 + prices.first)
    lines.setRunning(4, false)
    expect(lines.walk(0, -1)).toBe(50 - 1 + prices.first)
    expect(lines.walk(0, -1)).toBe(50)
  })

  it('of who stays runnable on the CPU itself are read all', () => {
    const lines = warm(1, 10)
    lines.setRunning(4, true)
    expect([lines.walk(0, 4), lines.walk(0, -1)]).toEqual([50, 47])
  })

  it('stay stale while a task is not on the queue', () => {
    const lines = warm(2, 10)
    lines.remove(3)
    lines.wrote(3, 1, Line.state)
    expect(lines.walk(0, -1)).toBe(45)
    lines.add(3)
    expect(lines.walk(0, -1)).toBe(50 - 1 + prices.first)
  })

  it('and the head of the queue is one more', () => {
    const lines = warm(2, 10)
    lines.wroteHead(1)
    expect([lines.walk(0, -1), lines.walk(1, -1)]).toEqual([50 + prices.first, 50])
  })

  it('read apart come from memory when they are new, stale, or crowded out', () => {
    const lines = warm(2, 10)
    const both = Line.state | Line.link
    const load = prices.first + prices.further
    expect([lines.read(0, 5, both), lines.read(0, 5, both)]).toEqual([load, 0])
    lines.wrote(5, 1, Line.link)
    expect([lines.read(0, 5, both), lines.read(0, 5, both)]).toEqual([prices.first, 0])
    const many = warm(2, 128)
    expect([many.read(0, 5, both), many.read(0, 5, both)]).toEqual([load, load])
  })
})

/** A cache line by line: what it holds of each set, the one used last at the end. */
class PlainCache {
  private readonly held: string[][]

  constructor(
    private readonly shape: CacheShape,
    offsets: number,
  ) {
    this.held = Array.from({ length: shape.sets * offsets }, () => [])
  }

  /** Whether the line was there; it is now. */
  touch(offset: number, block: number): boolean {
    const set = this.held[offset * this.shape.sets + (block % this.shape.sets)]!
    const name = `${block}`
    const at = set.indexOf(name)
    if (at >= 0) set.splice(at, 1)
    set.push(name)
    if (set.length > this.shape.ways) set.shift()
    return at >= 0
  }

  drop(offset: number, block: number): void {
    const set = this.held[offset * this.shape.sets + (block % this.shape.sets)]!
    const at = set.indexOf(`${block}`)
    if (at >= 0) set.splice(at, 1)
  }
}

/** The same life in TaskLines and in caches that are walked line by line. */
class Both {
  readonly random: RandomStream
  readonly fast: TaskLines
  readonly levels: PlainCache[][]
  readonly queue: number[] = []
  readonly runsOn = new Map<number, number>()
  readonly blocks: number[]

  constructor(
    seed: number,
    readonly cpus: number,
    tasks: number,
    blocks: number,
  ) {
    this.random = new RandomStream(seed, 'task lines')
    this.fast = new TaskLines(cpus, first, last, prices)
    this.levels = Array.from({ length: cpus }, () => [
      new PlainCache(first, allOf.length),
      new PlainCache(last, allOf.length),
    ])
    const free = Array.from({ length: blocks }, (_, block) => block + 1)
    this.blocks = Array.from({ length: tasks }, (_, slot) => {
      const block = free.splice(this.random.below(free.length), 1)[0]!
      this.fast.enrol(slot, block, 0)
      // Who has written to a line has it.
      for (const level of this.levels[0]!) allOf.forEach((_, offset) => level.touch(offset, block))
      return block
    })
  }

  join(): void {
    const slot = this.random.below(this.blocks.length)
    if (this.queue.includes(slot)) return
    this.queue.unshift(slot)
    this.fast.add(slot)
    this.write(slot, this.random.below(this.cpus), Line.state | Line.link)
  }

  leave(): void {
    const slot = oneOf(this.random, this.queue)
    if (slot === undefined || this.runsOn.has(slot)) return
    this.queue.splice(this.queue.indexOf(slot), 1)
    this.fast.remove(slot)
  }

  run(cpu: number): void {
    for (const [slot, on] of this.runsOn) {
      if (on !== cpu) continue
      this.runsOn.delete(slot)
      this.fast.setRunning(slot, false)
    }
    const slot = oneOf(this.random, this.queue)
    if (slot === undefined || this.runsOn.has(slot)) return
    this.runsOn.set(slot, cpu)
    this.fast.setRunning(slot, true)
    this.write(slot, cpu, Line.cpu)
  }

  write(slot: number, by: number, lines: number): void {
    this.fast.wrote(slot, by, lines)
    this.levels.forEach((levels, cpu) => {
      allOf.forEach((line, offset) => {
        if (cpu === by || (lines & line) === 0) return
        for (const level of levels) level.drop(offset, this.blocks[slot]!)
      })
    })
  }

  /** Cycles of a walk on a CPU, line by line. */
  plainWalk(cpu: number): number {
    const [near, far] = this.levels[cpu]!
    // The head's own link is read before all.
    near!.touch(2, 0)
    let plain = far!.touch(2, 0) ? 0 : prices.first
    for (const slot of this.queue) {
      const isRead = this.runsOn.has(slot) ? Line.cpu | Line.link : allLines
      let missed = 0
      allOf.forEach((line, offset) => {
        if ((isRead & line) === 0) return
        const isNear = near!.touch(offset, this.blocks[slot]!)
        const isFar = far!.touch(offset, this.blocks[slot]!)
        if (!isFar) missed++
        else if (!isNear) plain += prices.hit
      })
      if (missed > 0) plain += prices.first + (missed - 1) * prices.further
    }
    return plain
  }

  /** Something happens, or a CPU walks: what that costs here, and line by line. */
  step(): [fast: number, plain: number] {
    const cpu = this.random.below(this.cpus)
    const kind = this.random.below(8)
    if (kind < 2) this.join()
    else if (kind < 3) this.leave()
    else if (kind < 5) this.run(cpu)
    else if (kind < 6) this.writeSome(cpu)
    else return [this.fast.walk(cpu, -1), this.plainWalk(cpu)]
    return [0, 0]
  }

  private writeSome(cpu: number): void {
    const slot = this.random.below(this.blocks.length)
    this.write(slot, cpu, allOf[this.random.below(allOf.length)]!)
  }
}

const seeds = [1, 2, 3, 4]
const scattered = 400
/** What of a sum is waiting for memory. */
const memory = (cycles: number): number => Math.floor(cycles / prices.first)

describe('a walk', () => {
  it.each(seeds)('costs what it costs line by line, again and again (seed %i)', (seed) => {
    for (const tasks of [3, 4, 20, 50, 64, 70, 100, 150]) {
      const both = new Both(seed, 1, tasks, scattered)
      for (let slot = 0; slot < tasks; slot++) {
        both.queue.push(slot)
        both.fast.add(slot)
      }
      const walk = (): [number, number] => [both.fast.walk(0, -1), both.plainWalk(0)]
      walk()
      const [fast, plain] = walk()
      expect(fast, `${tasks} tasks`).toBe(plain)
    }
  })

  it.each(seeds)('waits for memory as line by line while sets have room (seed %i)', (seed) => {
    const both = new Both(seed, 3, 48, 48)
    for (let step = 0; step < 4000; step++) {
      const [fast, plain] = both.step()
      expect(memory(fast), `step ${step}`).toBe(memory(plain))
    }
  })

  it.each(seeds)('costs about as much where sets overflow now and then (seed %i)', (seed) => {
    const both = new Both(seed, 3, 120, scattered)
    const sums = [0, 0]
    for (let step = 0; step < 8000; step++) {
      both.step().forEach((cycles, at) => (sums[at]! += memory(cycles)))
    }
    expect(sums[0]! / sums[1]!).toBeGreaterThan(0.85)
    expect(sums[0]! / sums[1]!).toBeLessThan(1.15)
  })
})
