import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { CacheResidency } from '../machine/cache'
import type { DescriptorVariant } from './descriptor-table'
import { DescriptorError, DescriptorTable, SystemFiles } from './descriptor-table'
import { Task } from './task'

const missCycles = 91
const variants: DescriptorVariant[] = ['one-bitmap', 'two-bitmaps']

interface Bench {
  table: DescriptorTable
  system: SystemFiles
  cache: CacheResidency
  task: Task
}

function bench(
  variant: DescriptorVariant,
  perProcess = 200_000,
  system = new SystemFiles(200_000),
): Bench {
  const cache = new CacheResidency(2, 512 * 1024, 32, 203)
  const table = new DescriptorTable({ variant, cache, missCycles, system, perProcess })
  return { table, system, cache, task: new Task(1, undefined, 'task', 0) }
}

/** Cycles that `work` charges to the task. */
function cyclesOf(task: Task, work: () => void): number {
  const before = task.pending
  work()
  return task.pending - before
}

describe.each(variants)('descriptors of %s', (variant) => {
  it.each([1, 2, 3])('are always the lowest free ones (seed %i)', (seed) => {
    const { table, system, task } = bench(variant)
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
    expect(system.open).toBe(open.size)
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
    const { table, task } = bench(variant, 1000)
    for (let count = 0; count < 1000; count++) table.allocate(task)
    expect(table.allocate(task)).toBe(DescriptorError.processFull)
    expect(table.allocate(task)).toBe(-24)
    expect([table.open, table.refused]).toEqual([1000, 2])
    table.release(417, task)
    expect(table.allocate(task)).toBe(417)
  })

  it('end at a limit that is a whole bitmap, which then does not grow', () => {
    const { table, task } = bench(variant, 1024)
    for (let count = 0; count < 1024; count++) table.allocate(task)
    const searched = table.wordsSearched
    expect(table.allocate(task)).toBe(DescriptorError.processFull)
    expect(table.wordsSearched - searched).toBe(variant === 'one-bitmap' ? 32 : 1)
  })

  it('end at the limit of the system with ENFILE, whoever has the files', () => {
    const system = new SystemFiles(10)
    const [one, two] = [bench(variant, 8, system), bench(variant, 8, system)]
    for (let count = 0; count < 8; count++) one.table.allocate(one.task)
    expect([two.table.allocate(two.task), two.table.allocate(two.task)]).toEqual([0, 1])
    expect(two.table.allocate(two.task)).toBe(DescriptorError.systemFull)
    // A process at its own limit hears of that one first.
    expect(one.table.allocate(one.task)).toBe(DescriptorError.processFull)
    expect([system.refused, two.table.refused, one.table.refused]).toEqual([1, 0, 1])
    one.table.dismantle()
    expect(system.open).toBe(2)
    expect(two.table.allocate(two.task)).toBe(2)
  })

  it('that are not open cannot be given back', () => {
    const { table, system, task } = bench(variant)
    table.allocate(task)
    for (const descriptor of [1, 31, 1024, 1_000_000, -1, NaN]) {
      expect(table.release(descriptor, task)).toBe(DescriptorError.badDescriptor)
    }
    expect([table.open, system.open]).toEqual([1, 1])
  })
})

it('takes no more than 1,000 descriptors in one select or poll, however many are open', () => {
  const { table } = bench('one-bitmap')
  expect([table.mayPoll(1000), table.mayPoll(1001)]).toEqual([true, false])
  expect(table.pollsRefused).toBe(1)
})

describe('what a search costs', () => {
  /** Cycles of the next allocation, when the lowest `full` descriptors are in use and the caches warm. */
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
