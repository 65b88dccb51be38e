/**
 * How the lowest free descriptor of a process is found: a part of the kernel that can be another. `one-bitmap` searches
 * the bitmap from its start, word by word (find_first_zero_bit of 2.2); `two-bitmaps`, the repair in CITI TR 99-4 after
 * Banga, Druschel and Mogul, keeps a second bitmap with one bit for each word that is full, and searches that first.
 */
import type { Task } from '../sched/task'
import { Bitmap, wordBits } from './bitmap'
import type { DescriptorTables } from './descriptor-tables'

export const descriptorVariants = ['one-bitmap', 'two-bitmaps'] as const
export type DescriptorVariant = (typeof descriptorVariants)[number]

/** What the last search looked at: words of the second bitmap, then words of the first from one on. */
export interface DescriptorSearch {
  readonly fullWords: number
  readonly from: number
  readonly words: number
}

export interface DescriptorAllocator {
  readonly variant: DescriptorVariant
  readonly searched: DescriptorSearch
  /** The second bitmap, when it keeps one. */
  readonly full: Bitmap | undefined
  /** Index of the first word that is not full; one past the last when all are. Charges the task. */
  find(task: Task): number
  /** A word has become full, or is so no longer. */
  fullChanged(task: Task, word: number, isFull: boolean): void
}

/** An allocator for a bitmap that is there already. Making a second bitmap from it is charged to the task. */
export function makeAllocator(
  variant: DescriptorVariant,
  tables: DescriptorTables,
  used: Bitmap,
  task?: Task,
): DescriptorAllocator {
  if (variant === 'one-bitmap') return new OneBitmap(tables, used)
  const full = Bitmap.ofZeros(tables.base, used.length / wordBits)
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
  used: Bitmap,
): DescriptorAllocator {
  return of.full ? new TwoBitmaps(tables, used, of.full.copy()) : new OneBitmap(tables, used)
}

class OneBitmap implements DescriptorAllocator {
  readonly variant = 'one-bitmap'
  readonly full = undefined
  searched: DescriptorSearch = { fullWords: 0, from: 0, words: 0 }

  constructor(
    private readonly tables: DescriptorTables,
    private readonly used: Bitmap,
  ) {}

  find(task: Task): number {
    const { used } = this
    const word = used.firstNotFull()
    const words = Math.min(word + 1, used.length)
    this.searched = { fullWords: 0, from: 0, words }
    this.tables.wordsSearched += words
    used.look(task, words)
    return word
  }

  fullChanged(): void {}
}

class TwoBitmaps implements DescriptorAllocator {
  readonly variant = 'two-bitmaps'
  searched: DescriptorSearch = { fullWords: 0, from: 0, words: 0 }

  constructor(
    private readonly tables: DescriptorTables,
    private readonly used: Bitmap,
    readonly full: Bitmap,
  ) {}

  find(task: Task): number {
    const { full, used } = this
    const upper = full.firstNotFull()
    const found = upper < full.length
    const fullWords = found ? upper + 1 : upper
    const from = found ? full.firstZeroIn(upper) : used.length
    this.searched = { fullWords, from, words: found ? 1 : 0 }
    this.tables.wordsSearched += fullWords + (found ? 1 : 0)
    full.look(task, fullWords)
    if (found) used.look(task, 1)
    return from
  }

  fullChanged(task: Task, word: number, isFull: boolean): void {
    this.full.set(word, isFull)
    this.full.look(task, 1)
    this.full.wrote(task)
  }
}
