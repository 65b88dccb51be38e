/**
 * An inode as every file system has it (struct inode of Linux 2.2), and what can be asked of one:
 * what its file system does. System calls and names know this, and no file system.
 * Left out: permissions, times, device files.
 */
import type { Linked } from '../lib/linked-list'
import type { MappedFile, MappedFileOperations } from '../mm/address-space'
import type { MayWait, Path, Task } from '../sched/task'

export interface Inode extends MappedFile {
  readonly operations: InodeOperations
  readonly number: number
  /** Names that it has; without one it goes with its last user. */
  readonly links: number
  /** Whether it has changed since its file system last wrote it. */
  readonly dirty: boolean
  /** Whether the inode cache holds it. */
  cached: boolean
  /** For a directory the names in it that the dentry cache has. */
  readonly dentries: Map<string, Dentry> | undefined
}

/** A name in the dentry cache, on its list by age. */
export interface Dentry extends Linked<Dentry> {
  readonly directory: Inode
  readonly name: string
  readonly inode: Inode
  /** Its own number, which no other cached name has. */
  readonly number: number
  /** What the hash table folds. */
  readonly hash: number
  /** Its hash chain, and where the table keeps it. */
  readonly bucket: number
  readonly cell: number
}

/** inode_operations and file_operations. A file system takes no inodes but its own. */
export interface InodeOperations extends MappedFileOperations {
  /** Looks for a name in a directory, and reads its inode. */
  lookup(task: Task, directory: Inode, name: string): Path<Inode | undefined>
  /** Makes a file or a directory, and enters it into the dentry cache. */
  create(task: Task, directory: Inode, name: string, asDirectory: boolean): Path<Inode>
  /** Takes a name away. False when there is none, or when it is a directory with names in it. */
  unlink(task: Task, directory: Inode, name: string): Path<boolean>
  /** False when there is no such name. */
  rename(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<boolean>
  /** The names in a directory. */
  list(task: Task, directory: Inode): Path<string[]>
  /** Reads up to so many bytes. Returns how many there were. */
  read(task: Task, inode: Inode, position: number, bytes: number): MayWait<number>
  write(task: Task, inode: Inode, position: number, bytes: number): MayWait
  /** notify_change(): its times or its mode are others now. */
  changed(task: Task, inode: Inode): void
  /** To nothing. */
  truncate(task: Task, inode: Inode): Path
}
