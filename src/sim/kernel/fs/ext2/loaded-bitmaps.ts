/**
 * load_block_bitmap and load_inode_bitmap of ext2: the file system keeps a use of the eight bitmaps
 * used last.
 */
import type { Path, Task } from '../../sched/task'
import { noBuffer } from '../buffer-heads'
import type { FileRooms } from '../file-rooms'
import type { Metadata } from './metadata'

/** EXT2_MAX_GROUP_LOADED. */
const loadedMax = 8

interface LoadedBitmap {
  readonly block: number
  readonly buffer: number
}

export class LoadedBitmaps {
  /** The one used last comes first. */
  private readonly loaded: LoadedBitmap[] = []

  constructor(
    private readonly rooms: FileRooms,
    private readonly metadata: Metadata,
  ) {}

  /**
   * The buffer of a bitmap's block where it is among the eight; otherwise `noBuffer`: then `read`
   * gets it.
   */
  private find(task: Task, block: number): number {
    const { loaded } = this
    const { cost } = this.rooms.base
    for (let at = 0; at < loaded.length; at++) {
      const bitmap = loaded[at]
      if (bitmap.block !== block) continue
      task.charge(cost.groupStep * (at + 1))
      for (let index = at; index > 0; index--) loaded[index] = loaded[index - 1]
      loaded[0] = bitmap
      return bitmap.buffer
    }
    task.charge(cost.groupStep * loadedMax)
    return noBuffer
  }

  private *read(task: Task, block: number): Path<number> {
    const buffer = yield* this.rooms.io.bread(task, block)
    // Someone else may have loaded it while this task slept.
    const meanwhile = this.loaded.find((bitmap) => bitmap.block === block)
    if (meanwhile) {
      this.metadata.release(task, buffer)
      return meanwhile.buffer
    }
    this.keep(task, block, buffer)
    return buffer
  }

  *load(task: Task, block: number): Path<number> {
    const buffer = this.find(task, block)
    return buffer !== noBuffer ? buffer : yield* this.read(task, block)
  }

  private keep(task: Task, block: number, buffer: number): void {
    const { loaded } = this
    if (loaded.length === loadedMax) {
      this.metadata.release(task, (loaded.pop() as LoadedBitmap).buffer)
    }
    loaded.unshift({ block, buffer })
  }
}
