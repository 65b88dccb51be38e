/**
 * Open files (struct file) and the count of them, as fs/file_table.c of Linux 2.2 keeps it. What fork hands on is
 * shared, position included: a structure is made by open, accept and their like, and goes with the last descriptor to
 * it. So the limit of the system counts structures, not descriptors.
 * Left out: structures that mapped text keeps, flags, dup. The ten that are root's are the last ten of the limit; in 2.2
 * they are those that were in use once and have come free. Constants: TR 99-4, include/linux/fs.h.
 */
import type { MappedFile } from '../mm/address-space'

/** What a file that is no inode of ext2 does when its last descriptor is closed: sock_close(). */
export interface Socket {
  /** Returns the cycles that it takes. */
  close(): number
}

export interface OpenFile {
  /** For people: what was opened. */
  readonly name: string
  readonly inode?: MappedFile
  readonly socket?: Socket
  /** Descriptors that refer to it, of all processes. */
  users: number
  position: number
}

/** Open files that the system may have: NR_FILE of 2.2, what TR 99-4 says the limit was extended to. */
export const defaultSystemWide = 4096
/** The last of them, which only root gets: NR_RESERVED_FILES. */
export const reservedFiles = 10

/** Open files of all processes together: nr_files and max_files. */
export class SystemFiles {
  private most = defaultSystemWide
  /** Structures that the processes of the model have. */
  used = 0
  /** Structures that something else on the machine has, and how many it would have (fault descriptor-exhaustion). */
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
