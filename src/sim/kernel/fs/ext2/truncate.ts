/**
 * Files emptied (fs/ext2/truncate.c) and deleted: every buffer of the blocks that are freed is
 * forgotten.
 */
import { noFrame } from '../../mm/page-frames'
import type { Path, Task } from '../../sched/task'
import { BufferBit, noBuffer } from '../buffer-heads'
import type { FileRooms } from '../file-rooms'
import type { Blocks } from './blocks'
import type { Ext2Inode } from './inode'
import type { Inodes } from './inodes'
import type { Layout } from './layout'
import { groupOfBlock } from './layout'
import type { LoadedBitmaps } from './loaded-bitmaps'
import type { Metadata } from './metadata'

export class Truncate {
  constructor(
    private readonly rooms: FileRooms,
    private readonly layout: Layout,
    private readonly loaded: LoadedBitmaps,
    private readonly blocks: Blocks,
    private readonly inodes: Inodes,
    private readonly metadata: Metadata,
  ) {}

  /** ext2_delete_inode(): writes the time of deletion, frees the blocks, then the inode. */
  *deleteInode(task: Task, inode: Ext2Inode): Path {
    const { base } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_delete_inode)
    yield* this.inodes.write(task, inode)
    yield* this.truncate(task, inode)
    yield* this.inodes.release(task, inode)
    task.node = node
  }

  /** ext2_truncate() to nothing: forgets the buffer of every block, then frees the block. */
  *truncate(task: Task, inode: Ext2Inode): Path {
    const { base, pages, pageIo } = this.rooms
    const node = task.node
    inode.size = 0
    for (;;) {
      const underWay = pages.truncate(inode, task)
      if (underWay === noFrame) break
      yield* pageIo.wait(task, underWay)
    }
    task.node = base.call(task, base.procedures.ext2_truncate)
    yield* this.freeAll(task, inode.blocks, false)
    yield* this.freeAll(task, inode.indirect, true)
    inode.blocks.length = 0
    inode.indirect.length = 0
    this.inodes.markDirty(inode)
    task.node = node
  }

  /**
   * Frees the blocks of a list. trunc_indirect reads an indirect block before it frees what it
   * points to.
   */
  private *freeAll(task: Task, list: readonly number[], indirect: boolean): Path {
    const { base, buffers, io } = this.rooms
    const node = task.node
    for (let index = 0; index < list.length; index++) {
      const block = list[index]
      let buffer: number
      if (indirect) {
        buffer = yield* io.bread(task, block)
      } else {
        buffer = buffers.find(block, task)
        if (buffer !== noBuffer) buffers.hold(buffer)
      }
      if (buffer !== noBuffer) {
        // DATA_BUFFER_USED: someone else has it, or it is being written: try again later.
        while (buffers.has(buffer, BufferBit.locked)) yield* io.waitOnBuffer(task, buffer)
        task.node = base.call(task, base.procedures.bforget)
        this.metadata.forget(task, buffer)
        task.node = node
      }
      const bitmapBlock = this.layout.blockBitmapOf(groupOfBlock(block))
      let bitmap = this.loaded.find(task, bitmapBlock)
      if (bitmap === noBuffer) bitmap = yield* this.loaded.read(task, bitmapBlock)
      this.blocks.release(task, block, bitmap)
    }
  }
}
