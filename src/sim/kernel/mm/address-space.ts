/**
 * A process's memory (mm_struct): its areas (vm_area_struct), and their pages in order of address,
 * each present, not yet touched, or taken by swap_out.
 * The accessed bits of a process are kept as one number: up to which look of swap_out it has run in
 * user mode. A page is young when that look came after the one that last found the page young.
 * Left out: page tables as pages, permissions; an area is as long as what of it is ever touched.
 */
import type { MayWait, TaskMemory, Path, Task } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { CachedInode } from './page-cache'

/**
 * Entries: a frame number, with a bit more when a write to the page has to be found out because a
 * fork has shared it; or, below 0, one of these, or a swap slot.
 */
const guard = 1 << 28
export const frameOf = (entry: number): number => entry & ~guard
export const isGuarded = (entry: number): boolean => entry >= guard
export const guarded = (entry: number): number => entry | guard
export const untouched = -1
/** A page of a file that swap_out has unmapped. */
export const unmapped = -2
const firstSwapEntry = -3
export const swapEntry = (slot: number): number => firstSwapEntry - slot
export const swapSlotOf = (entry: number): number => firstSwapEntry - entry
export const isInSwap = (entry: number): boolean => entry <= firstSwapEntry

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

/** A stretch of pages that are mapped alike (vm_area_struct), privately: writes are copies. */
export interface Area {
  /** First entry and number of entries. */
  readonly first: number
  readonly pages: number
  /** The file behind it, and the page of it where the area begins; anonymous without. */
  readonly file: MappedFile | undefined
  readonly filePage: number
}

/** Entries that no area has any more. */
export interface Hole {
  readonly first: number
  readonly pages: number
}

export class AddressSpace implements TaskMemory {
  constructor(
    readonly id: number,
    /** Longer than `size` when another space had the list before. */
    readonly entries: number[] = [],
    /** How many of the entries are its own. */
    public size = 0,
    readonly areas: Area[] = [],
    readonly holes: Hole[] = [],
  ) {}

  /** Tasks that have it: threads share one (mm_users). */
  users = 1
  /** A thread is bringing pages in; the others wait for it (mmap_sem). */
  faulting = false
  readonly faultWait = new WaitQueue()
  resident = 0
  /** Entries that are not present although they were touched before. */
  missing = 0
  /** The look of swap_out that comes next, as it was when the process last ran in user mode. */
  usedAt = 0
  /** Where swap_out goes on, and how many pages it may still take (swap_cnt). */
  swapPosition = 0
  swapCount = 0

  /**
   * A new area, in the first hole that is large enough (get_unmapped_area), or behind all others.
   * @param file left out: anonymous memory
   */
  map(pages: number, file?: MappedFile, filePage = 0): Area {
    const area = { first: this.placeFor(pages), pages, file, filePage }
    this.areas.push(area)
    return area
  }

  private placeFor(pages: number): number {
    const { entries, holes } = this
    const at = holes.findIndex((hole) => hole.pages >= pages)
    if (at >= 0) {
      const { first, pages: room } = holes[at]
      if (room === pages) holes.splice(at, 1)
      else holes[at] = { first: first + pages, pages: room - pages }
      return first
    }
    const first = this.size
    this.size += pages
    for (let entry = first; entry < this.size; entry++) entries[entry] = untouched
    return first
  }

  /** The area is a hole. False when it is not mapped. Its entries are the caller's business. */
  unmap(area: Area): boolean {
    const { areas } = this
    const at = areas.lastIndexOf(area)
    if (at < 0) return false
    if (at === areas.length - 1) areas.pop()
    else areas.splice(at, 1)
    this.holes.push({ first: area.first, pages: area.pages })
    return true
  }

  /** The area of an entry. */
  areaOf(entry: number): Area {
    const area = this.areas.find(({ first, pages }) => entry >= first && entry < first + pages)
    if (!area) throw new Error(`page ${entry} of space ${this.id} is in no area`)
    return area
  }
}

/**
 * The memory of a task; undefined: a daemon, or it has ended. Whatever a task holds in that slot
 * was put there by this room.
 */
export const spaceOf = (task: Task): AddressSpace | undefined => task.mm as AddressSpace | undefined

/** The same of a task that has memory. @throws Error when it has none */
export function memoryOf(task: Task): AddressSpace {
  const space = spaceOf(task)
  if (!space) throw new Error(`task ${task.pid} has no memory`)
  return space
}
