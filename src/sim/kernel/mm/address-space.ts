/**
 * A process's memory (mm_struct): its pages in order of address, each present, not yet touched, or in swap.
 * The accessed bits of a process are kept as one number: up to which look of swap_out it has run in user mode. A page
 * is young when that look came after the one that last found the page young.
 * Left out: page tables as pages, permissions, the difference between stack and heap.
 */
import type { Inode } from '../fs/ext2/inode'

/** Entries: a frame number ≥ 0, `untouched`, or a swap slot as −2 − slot. */
export const untouched = -1
export const swapEntry = (slot: number): number => -2 - slot
export const swapSlotOf = (entry: number): number => -2 - entry

/** A stretch of pages mapped from a file. */
export interface FileMapping {
  readonly inode: Inode
  /** First entry and number of entries. */
  readonly first: number
  readonly pages: number
}

export class AddressSpace {
  constructor(
    readonly id: number,
    /** File-mapped entries come first, then anonymous ones. */
    readonly entries: number[] = [],
  ) {}

  readonly mappings: FileMapping[] = []
  /** Number of entries that are mapped from files. */
  filePages = 0
  resident = 0
  /** Entries that are not present although they were touched before. */
  missing = 0
  /** The look of swap_out that comes next, as it was when the process last ran in user mode. */
  usedAt = 0
  /** Where swap_out goes on, and how many pages it may still take (swap_cnt). */
  swapPosition = 0
  swapCount = 0

  /** Appends a mapping of the first `pages` pages of a file. Only before any anonymous page. */
  map(inode: Inode, pages: number): void {
    this.mappings.push({ inode, first: this.entries.length, pages })
    for (let index = 0; index < pages; index++) this.entries.push(untouched)
    this.filePages += pages
  }

  /** The file page behind an entry, or undefined for an anonymous one. */
  fileOf(entry: number): { inode: Inode; index: number } | undefined {
    if (entry >= this.filePages) return undefined
    for (const mapping of this.mappings) {
      if (entry < mapping.first + mapping.pages) {
        return { inode: mapping.inode, index: entry - mapping.first }
      }
    }
    return undefined
  }
}
