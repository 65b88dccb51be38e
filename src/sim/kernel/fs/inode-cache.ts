/** The inodes in memory (fs/inode.c of Linux 2.2). */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import type { Inode } from './inode'

export class InodeCache {
  /** Inodes that it holds. */
  cached = 0

  constructor(private readonly base: KernelBase) {}

  /** find_inode(): false when the inode has to be read first. */
  find(task: Task, inode: Inode): boolean {
    task.charge(this.base.cost.inode)
    return inode.cached
  }

  /** insert_inode_hash(). */
  add(inode: Inode): void {
    if (inode.cached) return
    inode.cached = true
    this.cached++
  }

  /** clear_inode(): from now on it is on the disk only. */
  drop(inode: Inode): void {
    if (!inode.cached) return
    inode.cached = false
    this.cached--
  }
}
