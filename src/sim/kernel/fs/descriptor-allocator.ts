/**
 * The ways to find the lowest free descriptor (`descriptor-variant.ts`), as parts of the kernel.
 */
import type { Task } from '../sched/task'
import { Bitmap, wordBits } from '../lib/bitmap'
import { DescriptorBits } from './descriptor-bits'
import type { DescriptorTables } from './descriptor-tables'
import type { DescriptorVariant } from './descriptor-variant'

/** What the last search looked at: words of the second bitmap, then of the first from one on. */
export interface DescriptorSearch {
  readonly fullWords: number
  readonly from: number
  readonly words: number
}

export interface DescriptorAllocator {
  readonly variant: DescriptorVariant
  readonly searched: DescriptorSearch
  /** The second bitmap, when it keeps one. */
  readonly full: DescriptorBits | undefined
  /** The lowest free descriptor; the first beyond the bitmap when it is full. Charges the task. */
  find(task: Task): number
  /** A word has become full, or is so no longer. */
  fullChanged(task: Task, word: number, isFull: boolean): void
}

/**
 * An allocator for a bitmap that is there already. Making a second one from it is charged to the
 * task.
 */
export function makeAllocator(
  variant: DescriptorVariant,
  tables: DescriptorTables,
  used: DescriptorBits,
  task?: Task,
): DescriptorAllocator {
  if (variant === 'one-bitmap') return new OneBitmap(tables, used)
  const full = new DescriptorBits(tables.base, new Bitmap(used.length))
  if (task) {
    tables.wordsSearched += used.length
    used.look(task, used.length)
    for (let word = 0; word < used.length; word++) if (used.isFull(word)) full.set(word, true)
  }
  return new TwoBitmaps(tables, used, full)
}

/** The same for the bitmap of a child, which is a copy. */
export function copyAllocator(
  of: DescriptorAllocator,
  tables: DescriptorTables,
  used: DescriptorBits,
): DescriptorAllocator {
  return of.full ? new TwoBitmaps(tables, used, of.full.copy()) : new OneBitmap(tables, used)
}

class OneBitmap implements DescriptorAllocator {
  readonly variant = 'one-bitmap'
  readonly full = undefined
  searched: DescriptorSearch = { fullWords: 0, from: 0, words: 0 }

  constructor(
    private readonly tables: DescriptorTables,
    private readonly used: DescriptorBits,
  ) {}

  find(task: Task): number {
    const { used } = this
    const descriptor = used.lowestClear()
    const words = used.searched
    this.searched = { fullWords: 0, from: 0, words }
    this.tables.wordsSearched += words
    used.look(task, words)
    return descriptor
  }

  fullChanged(): void {}
}

class TwoBitmaps implements DescriptorAllocator {
  readonly variant = 'two-bitmaps'
  searched: DescriptorSearch = { fullWords: 0, from: 0, words: 0 }

  constructor(
    private readonly tables: DescriptorTables,
    private readonly used: DescriptorBits,
    readonly full: DescriptorBits,
  ) {}

  find(task: Task): number {
    const { full, used } = this
    const from = full.lowestClear()
    const fullWords = full.searched
    const found = from < used.length
    this.searched = { fullWords, from, words: found ? 1 : 0 }
    this.tables.wordsSearched += fullWords + (found ? 1 : 0)
    full.look(task, fullWords)
    if (found) used.look(task, 1)
    return found ? used.lowestClear() : used.length * wordBits
  }

  fullChanged(task: Task, word: number, isFull: boolean): void {
    this.full.set(word, isFull)
    this.full.look(task, 1)
    this.full.wrote(task)
  }
}
