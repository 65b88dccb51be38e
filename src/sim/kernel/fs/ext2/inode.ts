/** An inode: what the file system keeps on disk of a file, and what the inode cache adds. */
import type { FileOperations, MappedFile } from '../../mm/address-space'
import { noFrame } from '../../mm/page-frames'

/** An entry of a directory, and its dentry while that is cached. */
export interface DirectoryEntry {
  readonly name: string
  readonly inode: Inode
  /** Position in the directory, in entries: tells its block. */
  readonly position: number
  cached: boolean
}

export class Inode implements MappedFile {
  /** Bytes. */
  size = 0
  /** Disk block of each block of the file. */
  readonly blocks: number[] = []
  /** Indirect blocks, in the order in which they become necessary. */
  readonly indirect: number[] = []
  links = 1
  /** Users in memory: open files, mappings, the working directory. */
  users = 0
  /** Whether the inode cache holds it; if not, its block has to be read first. */
  cached = true
  dirty = false
  firstPage = noFrame
  pages = 0
  /** End of the last read, in pages: sequential reads are read ahead of. */
  readAheadFrom = -1
  readAheadPages = 0

  constructor(
    readonly number: number,
    readonly slot: number,
    readonly group: number,
    /** For a directory its entries by name. */
    readonly entries: Map<string, DirectoryEntry> | undefined,
    readonly parent: Inode | undefined,
    readonly operations: FileOperations,
  ) {}

  /** Positions of a directory that were given up. */
  readonly holes: number[] = []
  positions = 0
}
