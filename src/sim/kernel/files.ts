/** An open file: its inode and position. Left out: flags, duplicated descriptors. */
import type { Inode } from './ext2-inode'

export interface OpenFile {
  readonly inode: Inode
  position: number
}
