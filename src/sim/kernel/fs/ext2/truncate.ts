/**
 * Files emptied (fs/ext2/truncate.c of 2.2.1) and deleted: every buffer of the blocks that are
 * freed is forgotten.
 */
import { noFrame } from '../../mm/page-frames'
import type { Path, Task } from '../../sched/task'
import { Op } from '../../sched/task'
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

  /**
   * ext2_truncate() to nothing: forgets the buffer of every block, then frees the block. Where one
   * is in use or under way it gives up the rest of its quantum and tries again.
   */
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
    yield* this.freeAll(task, inode)
    // Where something stays it may go on for thousands of turns.
    if (!isEmpty(inode)) yield* base.driven(task, this.freeRest(task, inode))
    this.inodes.markDirty(inode)
    task.node = node
  }

  private *freeRest(task: Task, inode: Ext2Inode): Path {
    const { scheduler } = this.rooms.base.dispatcher
    do {
      scheduler.endQuantum(task)
      yield Op.yield
      yield* this.freeAll(task, inode)
    } while (!isEmpty(inode))
  }

  private *freeAll(task: Task, inode: Ext2Inode): Path {
    if (inode.blocks.length > 0) yield* this.freeBlocks(task, inode.blocks)
    if (inode.indirect.length > 0) yield* this.freeIndirect(task, inode)
  }

  /** trunc_direct(), and the same for what indirect blocks point to. What is in use stays. */
  private *freeBlocks(task: Task, blocks: number[]): Path {
    const { buffers } = this.rooms
    const kept: number[] = []
    for (let index = 0; index < blocks.length; index++) {
      const block = blocks[index]
      const buffer = buffers.find(block, task)
      if (buffer !== noBuffer) {
        if (buffers.usersOf(buffer) > 0 || buffers.has(buffer, BufferBit.locked)) {
          kept.push(block)
          continue
        }
        buffers.hold(buffer)
        this.forget(task, buffer)
      }
      yield* this.free(task, block)
    }
    replace(blocks, kept)
  }

  /** trunc_indirect() reads an indirect block, check_block_empty() frees it when it is empty. */
  private *freeIndirect(task: Task, inode: Ext2Inode): Path {
    const { buffers, io } = this.rooms
    const { indirect } = inode
    const kept: number[] = []
    for (let index = 0; index < indirect.length; index++) {
      const block = indirect[index]
      const buffer = yield* io.bread(task, block)
      if (inode.blocks.length > 0 || buffers.usersOf(buffer) > 1) {
        this.metadata.release(task, buffer)
        kept.push(block)
        continue
      }
      // Its parent may not be changed while it is being written.
      yield* io.waitOnBuffer(task, buffer)
      this.forget(task, buffer)
      yield* this.free(task, block)
    }
    replace(indirect, kept)
  }

  private forget(task: Task, buffer: number): void {
    const { base } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.bforget)
    this.metadata.forget(task, buffer)
    task.node = node
  }

  /** ext2_free_blocks() of one block. */
  private *free(task: Task, block: number): Path {
    const bitmapBlock = this.layout.blockBitmapOf(groupOfBlock(block))
    this.blocks.release(task, block, yield* this.loaded.load(task, bitmapBlock))
  }
}

function isEmpty({ blocks, indirect }: Ext2Inode): boolean {
  return blocks.length === 0 && indirect.length === 0
}

/** @param items those of the list that stay */
function replace(list: number[], items: readonly number[]): void {
  if (items.length === list.length) return
  list.length = 0
  list.push(...items)
}
