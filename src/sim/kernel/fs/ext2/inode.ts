/** An inode of ext2: what it keeps on disk of a file, and what every inode has in memory. */
import { noFrame } from '../../mm/page-frames'
import type { Dentry, Inode, InodeOperations } from '../inode'

/** An entry of a directory, as it is on the disk. */
export interface DirectoryEntry {
  readonly inode: Ext2Inode
  /** Position in the directory, in entries: tells its block. */
  readonly position: number
}

export class Ext2Inode implements Inode {
  size = 0
  /** Disk block of each block of the file. */
  readonly blocks: number[] = []
  /** Indirect blocks, in the order in which they become necessary. */
  readonly indirect: number[] = []
  links = 1
  users = 0
  cached = false
  dirty = false
  firstPage = noFrame
  pages = 0
  readonly readAhead = { from: -1, pages: 0 }
  /** For a directory its entries by name. */
  readonly entries: Map<string, DirectoryEntry> | undefined
  readonly dentries: Map<string, Dentry> | undefined
  /** Positions of a directory that were given up, and how many there have been. */
  readonly holes: number[] = []
  positions = 0

  constructor(
    readonly number: number,
    readonly slot: number,
    readonly group: number,
    directory: boolean,
    readonly operations: InodeOperations,
  ) {
    if (directory) {
      this.entries = new Map()
      this.dentries = new Map()
    }
  }
}
