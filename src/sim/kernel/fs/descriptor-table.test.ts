import { describe, expect, it } from 'vitest'
import { costsOf } from '../../machine/core'
import { powerEdge6300 } from '../../machine/presets'
import { RandomStream } from '../../engine/random'
import { CacheResidency } from '../../machine/cache'
import type { DescriptorVariant } from './descriptor-variant'
import { DescriptorError, DescriptorTable } from './descriptor-table'
import { DescriptorTables } from './descriptor-tables'
import { Task } from '../sched/task'

const missCycles = 91
const variants: DescriptorVariant[] = ['one-bitmap', 'two-bitmaps']

interface Bench {
  table: DescriptorTable
  tables: DescriptorTables
  cache: CacheResidency
  task: Task
}

function bench(variant: DescriptorVariant, perProcess = 200_000): Bench {
  const cache = new CacheResidency(2, 512 * 1024, 32, 203)
  const machine = powerEdge6300
  const tables = new DescriptorTables({ cache, missCycles, machine, cost: costsOf(machine) })
  tables.alloc = variant
  tables.perProcess = perProcess
  const table = new DescriptorTable(tables)
  return { table, tables, cache, task: new Task(1, undefined, 'task', 0) }
}

/** Cycles that `work` charges to the task. */
function cyclesOf(task: Task, work: () => void): number {
  const before = task.pending
  work()
  return task.pending - before
}

describe.each(variants)('descriptors of %s', (variant) => {
  it.each([1, 2, 3])('are always the lowest free ones (seed %i)', (seed) => {
    const { table, task } = bench(variant)
    const random = new RandomStream(seed, 'descriptors')
    const open = new Set<number>()
    for (let step = 0; step < 20_000; step++) {
      // It grows at first, then goes up and down.
      const opens = random.below(10) < (step < 8000 ? 8 : 5)
      if (opens) {
        let lowest = 0
        while (open.has(lowest)) lowest++
        expect(table.allocate(task)).toBe(lowest)
        open.add(lowest)
      } else {
        const descriptor = random.below(open.size + 20)
        expect(table.release(descriptor, task)).toBe(open.delete(descriptor) ? 0 : -9)
      }
      expect(table.open).toBe(open.size)
    }
    for (let descriptor = 0; descriptor < 8192; descriptor++) {
      expect(table.isOpen(descriptor)).toBe(open.has(descriptor))
    }
  })

  it('are found across the ends of words and of the first bitmap', () => {
    const { table, task } = bench(variant)
    for (let count = 0; count < 3000; count++) expect(table.allocate(task)).toBe(count)
    for (const freed of [2999, 2047, 1055, 1024, 1023, 32, 31, 0]) {
      expect(table.release(freed, task)).toBe(0)
      expect(table.allocate(task)).toBe(freed)
    }
    expect(table.allocate(task)).toBe(3000)
  })

  it('end at the limit of the process with EMFILE, and go on when one is given back', () => {
    const { table, tables, task } = bench(variant, 1000)
    for (let count = 0; count < 1000; count++) table.allocate(task)
    expect(table.allocate(task)).toBe(DescriptorError.processFull)
    expect(table.allocate(task)).toBe(-24)
    expect([table.open, tables.refused]).toEqual([1000, 2])
    table.release(417, task)
    expect(table.allocate(task)).toBe(417)
  })

  it('end at a limit that is a whole bitmap, which then does not grow', () => {
    const { table, tables, task } = bench(variant, 1024)
    for (let count = 0; count < 1024; count++) table.allocate(task)
    const searched = tables.wordsSearched
    expect(table.allocate(task)).toBe(DescriptorError.processFull)
    expect(tables.wordsSearched - searched).toBe(variant === 'one-bitmap' ? 32 : 1)
  })

  it("are a child's as they are its parent's, and from then on its own", () => {
    const { table, task } = bench(variant)
    for (let count = 0; count < 1100; count++) table.allocate(task)
    table.release(77, task)
    table.release(1060, task)
    const child = table.copy(task)
    expect(child.open).toBe(1098)
    expect([child.allocate(task), child.allocate(task), child.allocate(task)]).toEqual([
      ...[77, 1060, 1100],
    ])
    expect([table.isOpen(77), table.isOpen(1100), table.open]).toEqual([false, false, 1098])
    expect(table.allocate(task)).toBe(77)
  })

  it('that are not open cannot be given back', () => {
    const { table, task } = bench(variant)
    table.allocate(task)
    for (const descriptor of [1, 31, 1024, 1_000_000, -1, NaN]) {
      expect(table.release(descriptor, task)).toBe(DescriptorError.badDescriptor)
    }
    expect(table.open).toBe(1)
  })
})

it('takes no more than 1,000 descriptors in one select or poll, however many are open', () => {
  const { table, tables } = bench('one-bitmap')
  expect([table.mayPoll(1000), table.mayPoll(1001)]).toEqual([true, false])
  expect(tables.pollsRefused).toBe(1)
})

describe('the switch', () => {
  it('is thrown while descriptors are open, and the lowest free one is given out all the same', () => {
    const random = new RandomStream(1, 'switches')
    const { table, tables, task } = bench('one-bitmap')
    const open = new Set<number>()
    for (let step = 0; step < 6000; step++) {
      if (random.below(50) === 0) tables.alloc = variants[random.below(2)] ?? 'one-bitmap'
      if (random.below(10) < 7) {
        let lowest = 0
        while (open.has(lowest)) lowest++
        expect(table.allocate(task)).toBe(lowest)
        open.add(lowest)
      } else {
        const descriptor = random.below(open.size + 1)
        expect(table.release(descriptor, task)).toBe(open.delete(descriptor) ? 0 : -9)
      }
    }
    expect(open.size).toBeGreaterThan(1024)
  })

  it('makes the second bitmap anew at the first search only, word by word', () => {
    const { table, tables, task } = bench('one-bitmap')
    for (let count = 0; count < 1000; count++) table.allocate(task)
    const searched = (): number => {
      const before = tables.wordsSearched
      table.release(999, task)
      table.allocate(task)
      return tables.wordsSearched - before
    }
    expect(searched()).toBe(32)
    tables.alloc = 'two-bitmaps'
    expect([searched(), searched()]).toEqual([32 + 2, 2])
    tables.alloc = 'one-bitmap'
    expect(searched()).toBe(32)
  })

  it('shows the words that the last search looked at', () => {
    const { table, tables, task } = bench('one-bitmap')
    for (let count = 0; count < 200; count++) table.allocate(task)
    expect(table.bitmaps().searched).toEqual({ fullWords: 0, from: 0, words: 7 })
    expect(table.bitmaps().fullWords).toHaveLength(0)
    tables.alloc = 'two-bitmaps'
    table.allocate(task)
    expect(table.bitmaps().searched).toEqual({ fullWords: 1, from: 6, words: 1 })
    expect([...table.bitmaps().fullWords]).toEqual([0b111111])
  })

  it('shows how many slots ufalloc went through', () => {
    const { table, task } = bench('ufalloc')
    for (let count = 0; count < 200; count++) table.allocate(task)
    expect(table.bitmaps().searched).toEqual({ fullWords: 0, from: 0, words: 7, slots: 200 })
  })
})

describe('what a search costs', () => {
  /**
   * Cycles of the next allocation, when the lowest `full` descriptors are in use and the caches
   * warm.
   */
  function search(variant: DescriptorVariant, full: number): number {
    const { table, task } = bench(variant)
    for (let count = 0; count < full; count++) table.allocate(task)
    table.release(full - 1, task)
    table.allocate(task)
    table.release(full - 1, task)
    return cyclesOf(task, () => table.allocate(task))
  }

  it('with one bitmap, each word up to the first that is not full', () => {
    expect(search('one-bitmap', 32)).toBe(3)
    expect(search('one-bitmap', 6400) - search('one-bitmap', 3200)).toBe(100 * 3)
  })

  it('with two, a 32nd of that, and one word', () => {
    expect(search('two-bitmaps', 32 * 1024 * 2) - search('two-bitmaps', 32 * 1024)).toBe(32 * 3)
  })

  it('the misses of the lines it goes over, when the caches have lost them', () => {
    const { table, cache, task } = bench('one-bitmap')
    for (let count = 0; count < 8193; count++) table.allocate(task)
    const again = () => cyclesOf(task, () => table.release(table.allocate(task), task))
    // Touches fall evenly over a footprint: it takes some for all of it to be there.
    for (let times = 0; times < 30; times++) again()
    const warm = again()
    const other = cache.create(512 * 1024)
    cache.use(task.processor, other)
    // 8,193 bits reach into the 33rd line of 32 bytes.
    const cold = again()
    expect(cold - warm).toBeGreaterThan(32 * missCycles)
    expect(cold - warm).toBeLessThan(36 * missCycles)
  })

  it('a miss of the line that another CPU has written to', () => {
    const { table, task } = bench('one-bitmap')
    for (let count = 0; count < 40; count++) table.allocate(task)
    const warm = cyclesOf(task, () => table.release(39, task))
    task.processor = 1
    table.allocate(task)
    task.processor = 0
    expect(cyclesOf(task, () => table.release(39, task))).toBeGreaterThan(warm)
  })
})
