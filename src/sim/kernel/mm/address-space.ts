/**
 * A process's memory (mm_struct): its pages in order of address, each present, not yet touched, or
 * in swap.
 * The accessed bits of a process are kept as one number: up to which look of swap_out it has run in
 * user mode. A page is young when that look came after the one that last found the page young.
 * Left out: page tables as pages, permissions, the difference between stack and heap.
 */
import type { MayWait, TaskMemory, Path, Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { CachedInode } from './page-cache'

/** Entries: a frame number ≥ 0, `untouched`, or a swap slot as −2 − slot. */
export const untouched = -1
export const swapEntry = (slot: number): number => -2 - slot
export const swapSlotOf = (entry: number): number => -2 - entry

/**
 * A file whose pages can be read and mapped: its file system fills them, and is told when a mapping
 * ends.
 */
export interface MappedFile extends CachedInode {
  /** Bytes. */
  readonly size: number
  /** Users in memory: open files, mappings, the working directory. */
  users: number
  readonly readAhead: ReadAhead
  readonly operations: MappedFileOperations
}

/**
 * What the last read left behind: where the next one begins if it is sequential, and the pages of
 * the last window.
 */
export interface ReadAhead {
  from: number
  pages: number
}

export interface MappedFileOperations {
  /** Fills a page, which is locked until all of it has come. */
  readPage(task: Task, file: MappedFile, index: number, frame: number): Path
  /** iput(): one user less. */
  put(task: Task, file: MappedFile): MayWait
}

/** A stretch of pages mapped from a file (vm_area_struct). */
export interface FileMapping {
  readonly inode: MappedFile
  /** First entry and number of entries. */
  readonly first: number
  readonly pages: number
}

export class AddressSpace implements TaskMemory {
  constructor(
    readonly id: number,
    /** File-mapped entries come first, then anonymous ones. */
    readonly entries: number[] = [],
  ) {}

  /** Tasks that have it: threads share one (mm_users). */
  users = 1
  /** A thread is bringing pages back; the others wait for it (mmap_sem). */
  faulting = false
  readonly faultWait = new WaitQueue()
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
  map(inode: MappedFile, pages: number): void {
    this.mappings.push({ inode, first: this.entries.length, pages })
    for (let index = 0; index < pages; index++) this.entries.push(untouched)
    this.filePages += pages
  }

  /** The file page behind an entry, or undefined for an anonymous one. */
  fileOf(entry: number): { inode: MappedFile; index: number } | undefined {
    if (entry >= this.filePages) return undefined
    for (const mapping of this.mappings) {
      if (entry < mapping.first + mapping.pages) {
        return { inode: mapping.inode, index: entry - mapping.first }
      }
    }
    return undefined
  }
}

/**
 * The memory of a task; undefined: a daemon, or it has ended. Whatever a task holds in that slot
 * was put there by this room.
 */
export const spaceOf = (task: Task): AddressSpace | undefined => task.mm as AddressSpace | undefined
