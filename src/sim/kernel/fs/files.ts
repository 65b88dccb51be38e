/**
 * Open files (struct file) and their count, as in fs/file_table.c of Linux 2.2. open, accept and
 * their like make a structure; fork shares it, position included; it goes with the last descriptor.
 * So the limit of the system counts structures, not descriptors.
 * Left out: structures that mapped text keeps, flags, dup. The ten reserved for root are the last
 * ten of the limit; in 2.2 they are ten that were in use once. Constants: TR 99-4,
 * include/linux/fs.h.
 */
import type { MayWait, Task } from '../sched/task'
import type { Watchers } from './poll/watchers'
import { Readiness } from './poll/watchers'

export { Readiness } from './poll/watchers'

/**
 * What system calls know of an open file, whatever it is: file_operations, as far as there is use
 * for them.
 */
export interface OpenFile {
  /** For people: what was opened. */
  readonly name: string
  /** Descriptors that refer to it, of all processes. */
  users: number
  /** Waits until there is something, and takes at most so many bytes. 0: the end. */
  read(task: Task, bytes: number): MayWait<number>
  /**
   * Waits for room as long as it takes. Returns how many bytes were taken: fewer when nobody is
   * there to read them.
   */
  write(task: Task, bytes: number): MayWait<number>
  /** Which of read and write would not wait: bits of Readiness. */
  poll(): number
  /** Who is told when that changes; left out: it never changes, and poll asks it each time. */
  readonly watchers?: Watchers
  /** The last descriptor is closed. */
  release(task: Task): MayWait
}

/** The console, /dev/null and their like: at their end at once, and they take everything. */
export class NullFile implements OpenFile {
  users = 0

  constructor(readonly name: string) {}

  read(): number {
    return 0
  }

  write(_task: Task, bytes: number): number {
    return bytes
  }

  poll(): number {
    return Readiness.readable | Readiness.writable
  }

  release(): void {}
}

/**
 * Open files that the system may have: NR_FILE of 2.2, what TR 99-4 says the limit was extended to.
 */
export const defaultSystemWide = 4096
/** The last of them, which only root gets: NR_RESERVED_FILES. */
export const reservedFiles = 10

/** Open files of all processes together: nr_files and max_files. */
export class SystemFiles {
  private most = defaultSystemWide
  /** Structures that the processes of the model have. */
  used = 0
  /**
   * Structures that something else on the machine has, and how many it would have (fault
   * descriptor-exhaustion).
   */
  held = 0
  private wanted = 0
  /** Calls that failed with ENFILE. */
  refused = 0

  get limit(): number {
    return this.most
  }
  get open(): number {
    return this.used + this.held
  }

  /** file-max, and what something else would hold of it; what is in use already stays so. */
  set(limit: number, wanted: number): void {
    this.most = limit
    this.wanted = wanted
    this.held = Math.min(this.held, wanted)
    this.grab()
  }

  /** get_empty_filp(): false, and a call that fails with ENFILE, when the limit is reached. */
  take(superuser: boolean): boolean {
    if (this.open >= this.most - (superuser ? 0 : reservedFiles)) {
      this.refused++
      return false
    }
    this.used++
    return true
  }

  release(): void {
    this.used--
    this.grab()
  }

  /** What has come free the other one takes at once, if it has not got all that it wants. */
  private grab(): void {
    const room = this.most - reservedFiles - this.open
    const missing = this.wanted - this.held
    if (room > 0 && missing > 0) this.held += Math.min(room, missing)
  }
}
