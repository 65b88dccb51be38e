/**
 * Names looked up (fs/namei.c of Linux 2.2): in the dentry cache first, then by the directory's
 * file system.
 */
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import type { DentryCache } from './dentry-cache'
import type { Inode } from './inode'

export class Names {
  constructor(
    private readonly base: KernelBase,
    private readonly dentries: DentryCache,
  ) {}

  /** lookup_dentry(): the components before the last are cached, as the directory is in use. */
  *resolve(task: Task, directory: Inode, name: string): Path<Inode | undefined> {
    const { base, dentries } = this
    const node = task.node
    task.node = base.call(task, base.procedures.lookup_dentry)
    task.charge(2 * base.cost.pathComponent)
    let inode = dentries.find(task, directory, name)
    if (!inode) {
      inode = yield* directory.operations.lookup(task, directory, name)
      if (inode) dentries.add(directory, name, inode)
    }
    task.node = node
    return inode
  }
}
