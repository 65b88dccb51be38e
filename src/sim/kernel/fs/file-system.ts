/**
 * A file system as the kernel mounts it: where names begin, what a daemon writes, and what was
 * there before boot.
 */
import type { Path, Task } from '../sched/task'
import type { Inode } from './inode'

export interface FileSystem {
  readonly root: Inode
  /** Inodes that have changed are written to their blocks. */
  syncInodes(task: Task): Path
  /**
   * A file that is there before the machine starts, on disk, not in memory. @param bytes its size
   */
  install(directory: Inode, name: string, bytes: number): Inode
  /** A directory that is there before the machine starts. @param group where on the disk */
  installDirectory(parent: Inode, name: string, group: number): Inode
}
