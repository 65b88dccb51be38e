/** Blocks taken and given back (fs/ext2/balloc.c): near a goal, in its group if there is room. */
import { Bitmap } from '../../lib/bitmap'
import type { Path, Task } from '../../sched/task'
import type { FileRooms } from '../file-rooms'
import type { Layout } from './layout'
import { blocksPerGroup, groupOfBlock } from './layout'
import type { LoadedBitmaps } from './loaded-bitmaps'
import type { Metadata } from './metadata'

/** No block. */
export const noBlock = -1

export class Blocks {
  /** By group; a group that nobody has used has none yet. */
  readonly bitmaps: (Bitmap | undefined)[] = []
  /** Free blocks of each group. */
  readonly free: Int32Array

  constructor(
    private readonly rooms: FileRooms,
    private readonly layout: Layout,
    private readonly loaded: LoadedBitmaps,
    private readonly metadata: Metadata,
  ) {
    this.free = new Int32Array(layout.groups).fill(blocksPerGroup - layout.metadataPerGroup)
  }

  /** Blocks in use over the whole file system, metadata of groups apart. */
  get inUse(): number {
    let free = 0
    for (const count of this.free) free += count
    return this.layout.groups * (blocksPerGroup - this.layout.metadataPerGroup) - free
  }

  /**
   * Takes the free block nearest after `goal` in its group, in no time; `noBlock` when it is full.
   */
  take(group: number, goal: number): number {
    const bitmap = this.bitmapOf(group)
    const from = goal - group * blocksPerGroup
    const bit = bitmap.findZero(from >= 0 && from < blocksPerGroup ? from : 0)
    if (bit < 0) return noBlock
    bitmap.set(bit)
    this.free[group]--
    return group * blocksPerGroup + bit
  }

  private bitmapOf(group: number): Bitmap {
    const there = this.bitmaps[group]
    if (there) return there
    const fresh = new Bitmap(blocksPerGroup)
    for (let bit = 0; bit < this.layout.metadataPerGroup; bit++) fresh.set(bit)
    this.bitmaps[group] = fresh
    return fresh
  }

  private takeCharged(task: Task, group: number, goal: number): number {
    const block = this.take(group, goal)
    task.charge(this.bitmapOf(group).searched * this.rooms.base.cost.bitmapWord)
    return block
  }

  /**
   * ext2_new_block(): near `goal`, in its group if there is room, otherwise in the next one that
   * has.
   */
  *allocate(task: Task, goal: number): Path<number> {
    const { base } = this.rooms
    const { groups } = this.layout
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_new_block)
    task.charge(base.cost.allocateBlock)
    let group = groupOfBlock(goal)
    for (let tries = 0; tries < groups; tries++) {
      task.charge(base.cost.groupStep)
      if (this.free[group] > 0) {
        const bitmap = yield* this.loaded.load(task, this.layout.blockBitmapOf(group))
        const block = this.takeCharged(task, group, goal)
        if (block !== noBlock) {
          this.metadata.mark(task, bitmap)
          task.node = node
          return block
        }
      }
      group = group + 1 === groups ? 0 : group + 1
    }
    throw new Error('the file system is full')
  }

  /** ext2_free_blocks(): one block, whose group's bitmap is in the buffer `bitmap`. */
  release(task: Task, block: number, bitmap: number): void {
    const group = groupOfBlock(block)
    task.charge(this.rooms.base.cost.allocateBlock >> 2)
    this.bitmapOf(group).clear(block % blocksPerGroup)
    this.free[group]++
    this.metadata.mark(task, bitmap)
  }
}
