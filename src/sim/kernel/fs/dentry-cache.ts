/**
 * The names in memory (fs/dcache.c of Linux 2.2): which inode a name in a directory is. A file
 * system enters a name when it has made it (d_instantiate) and takes it away with the file
 * (d_delete).
 * Left out: negative entries, use counts: an entry whose inode is in use stays.
 */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import type { Dentry, Inode } from './inode'
import type { InodeCache } from './inode-cache'

export class DentryCache {
  /** Oldest first. */
  private readonly all = new Set<Dentry>()

  constructor(
    private readonly base: KernelBase,
    private readonly inodes: InodeCache,
  ) {}

  /** Names that it holds. */
  get cached(): number {
    return this.all.size
  }

  /** d_lookup(): the inode that a name has; undefined when the directory has to be searched. */
  find(task: Task, directory: Inode, name: string): Inode | undefined {
    task.charge(this.base.cost.dentry)
    return directory.dentries?.get(name)?.inode
  }

  /** d_instantiate() and d_rehash(). */
  add(directory: Inode, name: string, inode: Inode): void {
    const { dentries } = directory
    if (!dentries) throw new Error(`inode ${directory.number} is no directory`)
    if (dentries.has(name)) return
    const dentry = { directory, name, inode }
    dentries.set(name, dentry)
    this.all.add(dentry)
  }

  /** d_delete(): the name is gone. */
  drop(directory: Inode, name: string): void {
    const dentry = directory.dentries?.get(name)
    if (dentry) this.forget(dentry)
  }

  private forget(dentry: Dentry): void {
    dentry.directory.dentries?.delete(dentry.name)
    this.all.delete(dentry)
  }

  /** shrink_dcache_memory(): the more, the lower the priority. */
  shrink(task: Task, priority: number): void {
    const { base } = this
    const node = task.node
    task.node = base.call(task, base.procedures.shrink_dcache_memory)
    this.prune(task, Math.floor(this.cached / (priority + 1)))
    task.node = node
  }

  /**
   * prune_dcache() and prune_icache(): drops up to `count` unused names with their inodes, oldest
   * first.
   */
  prune(task: Task, count: number): void {
    let left = Math.min(count, this.cached)
    for (const dentry of this.all) {
      if (left-- === 0) break
      task.charge(this.base.cost.dentry)
      const { inode } = dentry
      if (inode.users > 0 || inode.pages > 0 || inode.dirty) {
        // As the youngest.
        this.all.delete(dentry)
        this.all.add(dentry)
        continue
      }
      this.forget(dentry)
      this.inodes.drop(inode)
    }
  }
}
