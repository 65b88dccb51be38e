/**
 * Names looked up (fs/namei.c of Linux 2.2): in the dentry cache first, then by the directory's
 * file system.
 */
import type { StackNode } from '../../observe/call-tree'
import type { KernelBase } from '../sched/base'
import type { MayWait, Path, Task } from '../sched/task'
import { Rest } from '../sched/task'
import type { DentryCache } from './dentry-cache'
import type { Inode } from './inode'

export class Names {
  constructor(
    private readonly base: KernelBase,
    private readonly dentries: DentryCache,
  ) {}

  /** lookup_dentry(): the components before the last are cached, as the directory is in use. */
  resolve(task: Task, directory: Inode, name: string): MayWait<Inode | undefined> {
    const { base, dentries } = this
    const node = task.node
    task.node = base.call(task, base.procedures.lookup_dentry)
    task.charge(2 * base.cost.pathComponent)
    const inode = dentries.find(task, directory, name)
    if (!inode) return new Rest(this.search(task, directory, name, node))
    task.node = node
    return inode
  }

  /** real_lookup(): asks the file system. @param caller the stack in which the task goes on */
  private *search(
    task: Task,
    directory: Inode,
    name: string,
    caller: StackNode,
  ): Path<Inode | undefined> {
    const inode = yield* directory.operations.lookup(task, directory, name)
    if (inode) this.dentries.add(directory, name, inode)
    task.node = caller
    return inode
  }
}
