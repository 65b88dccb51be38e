/**
 * The ways to find the lowest free descriptor (`descriptor-variant.ts`), as parts of the kernel.
 */
import { cyclesOf } from '../../machine/core'
import type { Task } from '../sched/task'
import { Bitmap, wordBits } from '../lib/bitmap'
import { DescriptorBits } from './descriptor-bits'
import type { DescriptorTables } from './descriptor-tables'
import type { DescriptorVariant } from './descriptor-variant'
import { wordsPerFull } from './descriptor-variant'

/** What the last search looked at: words of the second bitmap, then of the first from one on. */
export interface DescriptorSearch {
  readonly fullWords: number
  readonly from: number
  readonly words: number
  /** Slots of the array of files, where those are gone through instead. */
  readonly slots?: number
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
  /** It is no longer used. */
  release(): void
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
  if (variant === 'ufalloc') return new LinearSlots(tables, used)
  const words = wordsPerFull(variant)
  const full = new DescriptorBits(tables.base, new Bitmap(used.length))
  if (task) {
    tables.wordsSearched += used.length
    used.look(task, used.length)
    for (let word = 0; word < used.length; word += words) {
      if (isFullGroup(used, word, words)) full.set(word / words, true)
    }
  }
  return new TwoBitmaps(variant, tables, used, full)
}

/** The same for the bitmap of a child, which is a copy. */
export function copyAllocator(
  of: DescriptorAllocator,
  tables: DescriptorTables,
  used: DescriptorBits,
): DescriptorAllocator {
  if (of.full) return new TwoBitmaps(of.variant, tables, used, of.full.copy())
  return of.variant === 'ufalloc' ? new LinearSlots(tables, used) : new OneBitmap(tables, used)
}

/** Whether all of a group of words are full. */
const isFullGroup = (used: DescriptorBits, word: number, words: number): boolean =>
  used.isFull(word) && (words === 1 || used.isFull(word + 1))

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
  release(): void {}
}

/** A pointer of the array of files. */
const slotBytes = 8
const noFootprint = -1

/**
 * Pointers of the array of files, each looked at until one is null. Between two searches the
 * process goes through more than the levels nearer to the core hold: the lines come from the last
 * one, or from memory.
 */
class LinearSlots implements DescriptorAllocator {
  readonly variant = 'ufalloc'
  readonly full = undefined
  searched: DescriptorSearch = { fullWords: 0, from: 0, words: 0 }
  private footprint = noFootprint
  private lines = 0

  constructor(
    private readonly tables: DescriptorTables,
    private readonly used: DescriptorBits,
  ) {}

  release(): void {
    if (this.footprint !== noFootprint) this.tables.base.cache.release(this.footprint)
    this.footprint = noFootprint
  }

  /** Cycles until the first lines of the array are there. */
  private fetch(task: Task, lines: number): number {
    const { cache, missCycles, machine } = this.tables.base
    if (this.footprint === noFootprint) this.footprint = cache.create(0)
    if (lines > this.lines) {
      this.lines = lines
      cache.resize(this.footprint, lines * cache.lineBytes)
    }
    const misses = cache.touch(task.processor, this.footprint, lines)
    return lines * cyclesOf(machine.l2HitNs, machine.clockMHz) + misses * missCycles
  }

  find(task: Task): number {
    const { tables, used } = this
    const descriptor = used.lowestClear()
    const slots = descriptor + 1
    const words = Math.ceil(slots / wordBits)
    this.searched = { fullWords: 0, from: 0, words, slots: Math.min(slots, used.length * wordBits) }
    tables.wordsSearched += words
    const { cost, cache } = tables.base
    const lines = Math.ceil((slots * slotBytes) / cache.lineBytes)
    task.charge(slots * cost.fileSlot + Math.round(this.fetch(task, lines)))
    return descriptor
  }

  fullChanged(): void {}
}

/** Two bitmaps of 32-bit words, or the two levels of a tree of 64-bit ones. */
class TwoBitmaps implements DescriptorAllocator {
  searched: DescriptorSearch = { fullWords: 0, from: 0, words: 0 }
  /** Words of 32 bits that a bit of the second stands for. */
  private readonly words: number

  constructor(
    readonly variant: DescriptorVariant,
    private readonly tables: DescriptorTables,
    private readonly used: DescriptorBits,
    readonly full: DescriptorBits,
  ) {
    this.words = wordsPerFull(variant)
  }

  find(task: Task): number {
    const { full, used } = this
    const from = full.lowestClear() * this.words
    const fullWords = Math.ceil(full.searched / this.words)
    const found = from < used.length
    this.searched = { fullWords, from, words: found ? this.words : 0 }
    this.tables.wordsSearched += fullWords + (found ? 1 : 0)
    full.look(task, fullWords)
    if (found) used.look(task, 1)
    return found ? used.lowestClear() : used.length * wordBits
  }

  release(): void {
    this.full.release()
  }

  fullChanged(task: Task, word: number, isFull: boolean): void {
    const { used, words } = this
    const group = Math.floor(word / words)
    this.full.set(group, isFull && isFullGroup(used, group * words, words))
    this.full.look(task, 1)
    this.full.wrote(task)
  }
}
