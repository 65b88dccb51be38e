/**
 * Inodes taken and given back (fs/ext2/ialloc.c): directories where most is free, files beside
 * their directory; and their blocks of the inode table, read and written (fs/ext2/inode.c).
 */
import { Bitmap } from '../../lib/bitmap'
import type { Path, Task } from '../../sched/task'
import type { FileRooms } from '../file-rooms'
import type { InodeOperations } from '../inode'
import type { Blocks } from './blocks'
import { Ext2Inode } from './inode'
import type { Layout } from './layout'
import { inodesPerGroup } from './layout'
import type { LoadedBitmaps } from './loaded-bitmaps'
import type { Metadata } from './metadata'

export class Inodes {
  /** By group; a group that nobody has used has none yet. */
  readonly bitmaps: (Bitmap | undefined)[] = []
  /** Free inodes of each group. */
  readonly free: Int32Array
  private freeTotal: number
  readonly dirty = new Set<Ext2Inode>()
  private nextSlot = 1
  private readonly freeSlots: number[] = []

  constructor(
    private readonly rooms: FileRooms,
    private readonly layout: Layout,
    private readonly loaded: LoadedBitmaps,
    private readonly metadata: Metadata,
    private readonly blocks: Blocks,
    private readonly operations: InodeOperations,
  ) {
    this.free = new Int32Array(layout.groups).fill(inodesPerGroup)
    this.freeTotal = layout.groups * inodesPerGroup
  }

  /** Takes an inode of a group, in no time. */
  make(group: number, directory: boolean): Ext2Inode {
    const bitmap = this.bitmapOf(group)
    const bit = bitmap.findZero(0)
    bitmap.set(bit)
    this.free[group]--
    this.freeTotal--
    const slot = this.freeSlots.pop() ?? this.nextSlot++
    const number = group * inodesPerGroup + bit
    return new Ext2Inode(number, slot, group, directory, this.operations)
  }

  private bitmapOf(group: number): Bitmap {
    return (this.bitmaps[group] ??= new Bitmap(inodesPerGroup))
  }

  /** ext2_new_inode(). */
  *allocate(task: Task, directory: boolean, parent: Ext2Inode): Path<Ext2Inode> {
    const { base } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_new_inode)
    const group = directory ? this.emptiest(task, parent.group) : this.nearest(task, parent.group)
    const bitmap = yield* this.loaded.load(task, this.layout.inodeBitmapOf(group))
    const inode = this.make(group, directory)
    this.rooms.inodeCache.add(inode)
    const { searched } = this.bitmapOf(group)
    task.charge(base.cost.allocateInode + searched * base.cost.bitmapWord)
    this.metadata.mark(task, bitmap)
    this.markDirty(inode)
    task.node = node
    return inode
  }

  /** The group with most blocks free among those that have their share of free inodes. */
  private emptiest(task: Task, otherwise: number): number {
    const { groups } = this.layout
    const average = Math.floor(this.freeTotal / groups)
    let group = otherwise
    let most = -1
    for (let candidate = 0; candidate < groups; candidate++) {
      if (this.free[candidate] >= average && this.blocks.free[candidate] > most) {
        most = this.blocks.free[candidate]
        group = candidate
      }
    }
    task.charge(groups * this.rooms.base.cost.groupStep)
    return group
  }

  /** The first group from `from` on that has a free inode. */
  private nearest(task: Task, from: number): number {
    let group = from
    while (this.free[group] === 0) {
      group = (group + 1) % this.layout.groups
      task.charge(this.rooms.base.cost.groupStep)
    }
    return group
  }

  /** ext2_free_inode(). */
  *release(task: Task, inode: Ext2Inode): Path {
    const bitmap = yield* this.loaded.load(task, this.layout.inodeBitmapOf(inode.group))
    task.charge(this.rooms.base.cost.allocateInode >> 1)
    this.bitmapOf(inode.group).clear(inode.number % inodesPerGroup)
    this.free[inode.group]++
    this.freeTotal++
    this.metadata.mark(task, bitmap)
    this.dirty.delete(inode)
    inode.dirty = false
    this.rooms.inodeCache.drop(inode)
    this.freeSlots.push(inode.slot)
  }

  /** mark_inode_dirty(). */
  markDirty(inode: Ext2Inode): void {
    if (inode.dirty) return
    inode.dirty = true
    this.dirty.add(inode)
  }

  /** ext2_update_inode(): copies the inode into its block of the inode table. */
  *write(task: Task, inode: Ext2Inode): Path {
    inode.dirty = false
    this.dirty.delete(inode)
    const buffer = yield* this.rooms.io.bread(task, this.layout.inodeBlockOf(inode.number))
    task.charge(this.rooms.base.cost.updateInode)
    this.metadata.markAndRelease(task, buffer)
  }

  /** Inodes that have changed are written to their blocks. */
  *sync(task: Task): Path {
    for (const inode of [...this.dirty]) {
      if (inode.dirty && inode.links > 0) yield* this.write(task, inode)
    }
  }

  /** iget(): an inode that the cache has dropped is read from its block. */
  *read(task: Task, inode: Ext2Inode): Path {
    const { inodeCache } = this.rooms
    if (inodeCache.find(task, inode)) return
    const buffer = yield* this.rooms.io.bread(task, this.layout.inodeBlockOf(inode.number))
    this.metadata.release(task, buffer)
    inodeCache.add(inode)
  }
}
