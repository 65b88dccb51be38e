/**
 * Which block of the disk a block of a file is (fs/ext2/inode.c): direct, indirect and double
 * indirect blocks; and files made longer by a block at a time, next to the last one.
 */
import type { Path, Task } from '../../sched/task'
import { BufferBit, noBuffer } from '../buffer-heads'
import type { FileRooms } from '../file-rooms'
import type { Blocks } from './blocks'
import type { Ext2Inode } from './inode'
import type { Inodes } from './inodes'
import { blocksPerGroup, directBlocks, indirectNeeded, pointerTo } from './layout'
import type { Metadata } from './metadata'

export class BlockMap {
  constructor(
    private readonly rooms: FileRooms,
    private readonly blocks: Blocks,
    private readonly inodes: Inodes,
    private readonly metadata: Metadata,
  ) {}

  /**
   * Looks into the indirect block through which a block of a file is found. False when that has to
   * be read.
   */
  lookNow(task: Task, inode: Ext2Inode, index: number): boolean {
    const block = inode.indirect[pointerTo(index)]
    if (block === undefined) return true
    const buffer = this.metadata.cached(task, block)
    if (buffer === noBuffer) return false
    task.charge(this.rooms.base.cost.mapBlock)
    this.metadata.release(task, buffer)
    return true
  }

  /**
   * Whether the indirect block through which a block of a file is found is in memory; true where
   * there is none to look into.
   */
  hasPointer(inode: Ext2Inode, index: number): boolean {
    const block = inode.indirect[pointerTo(index)]
    if (block === undefined) return true
    const { buffers } = this.rooms
    const buffer = buffers.peek(block)
    return buffer !== noBuffer && buffers.has(buffer, BufferBit.uptodate)
  }

  /** So many times `lookNow` of blocks side by side, of which `hasPointer` is true. */
  chargeLooks(task: Task, inode: Ext2Inode, index: number, times: number): void {
    const block = inode.indirect[pointerTo(index)]
    if (block === undefined) return
    const { base, io } = this.rooms
    const buffer = io.getblkNow(task, block, times)
    task.charge(times * base.cost.mapBlock + (times - 1) * base.cost.brelse)
    this.metadata.release(task, buffer)
  }

  *look(task: Task, inode: Ext2Inode, index: number): Path {
    const block = inode.indirect[pointerTo(index)]
    if (block === undefined) return
    const buffer = yield* this.rooms.io.bread(task, block)
    task.charge(this.rooms.base.cost.mapBlock)
    this.metadata.release(task, buffer)
  }

  /**
   * Appends one block to a file, and the indirect blocks that it needs. Returns its buffer, in use
   * by the caller.
   */
  *grow(task: Task, inode: Ext2Inode, isMetadata = false): Path<number> {
    const { io } = this.rooms
    const index = inode.blocks.length
    if (index >= directBlocks) {
      while (inode.indirect.length < indirectNeeded(index)) {
        const block = yield* this.blocks.allocate(task, goalOf(inode))
        inode.indirect.push(block)
        const buffer = yield* io.getblk(task, block, true)
        this.metadata.chargeClear(task)
        this.metadata.markAndRelease(task, buffer)
      }
      const pointer = yield* io.bread(task, inode.indirect[inode.indirect.length - 1])
      this.metadata.markAndRelease(task, pointer)
    }
    const block = yield* this.blocks.allocate(task, goalOf(inode))
    inode.blocks.push(block)
    this.inodes.markDirty(inode)
    return yield* io.getblk(task, block, isMetadata)
  }

  /** A block for a directory, empty. */
  *growDirectory(task: Task, inode: Ext2Inode): Path {
    const buffer = yield* this.grow(task, inode, true)
    this.metadata.chargeClear(task)
    this.metadata.markAndRelease(task, buffer)
  }
}

/** ext2_find_goal(): the block after the file's last one; for its first, the first of its group. */
function goalOf(inode: Ext2Inode): number {
  const { blocks } = inode
  return blocks.length > 0 ? blocks[blocks.length - 1] + 1 : inode.group * blocksPerGroup
}
