/**
 * What is in a file (fs/ext2/file.c, fs/buffer.c): written block by block through the buffer cache,
 * read a page at a time into the page cache.
 */
import type { Looks } from '../../mm/page-cache'
import { noFrame, pageBytes } from '../../mm/page-frames'
import type { StackNode } from '../../../observe/call-tree'
import type { MayWait, Path, Task } from '../../sched/task'
import { finish, Rest } from '../../sched/task'
import { BufferBit, noBuffer } from '../buffer-heads'
import type { FileRooms } from '../file-rooms'
import type { BlockMap } from './block-map'
import type { Ext2Inode } from './inode'
import type { Inodes } from './inodes'
import { blockBytes, directBlocks, sectorsPerBlock } from './layout'
import type { Metadata } from './metadata'

const blocksPerPage = pageBytes / blockBytes

export class FileData {
  constructor(
    private readonly rooms: FileRooms,
    private readonly map: BlockMap,
    private readonly inodes: Inodes,
    private readonly metadata: Metadata,
  ) {}

  /**
   * ext2_file_write(): block by block through the buffer cache, and into the page if that is
   * cached.
   */
  write(task: Task, inode: Ext2Inode, position: number, bytes: number): MayWait {
    const { base } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_file_write)
    const end = position + bytes
    const rest = this.writeBlocks(task, inode, position, end)
    if (rest) return new Rest(this.writeRest(task, inode, rest.path, end, node))
    this.written(task, inode, end, node)
    return undefined
  }

  private *writeRest(
    task: Task,
    inode: Ext2Inode,
    path: Path,
    end: number,
    caller: StackNode,
  ): Path {
    yield* path
    this.written(task, inode, end, caller)
  }

  private written(task: Task, inode: Ext2Inode, end: number, caller: StackNode): void {
    if (end > inode.size) inode.size = end
    this.inodes.markDirty(inode)
    task.node = caller
  }

  private writeBlocks(
    task: Task,
    inode: Ext2Inode,
    from: number,
    end: number,
  ): Rest<void> | undefined {
    for (let at = from; at < end;) {
      const pageEnd = Math.min(end, at - (at % pageBytes) + pageBytes)
      const rest = this.writePage(task, inode, at, pageEnd, end)
      if (rest) return rest
      at = pageEnd
    }
    return undefined
  }

  /**
   * What is written of one page of a file. The kernel looks for the page and for the indirect block
   * at every block; the host finds them once, and charges them as often.
   */
  private writePage(
    task: Task,
    inode: Ext2Inode,
    from: number,
    pageEnd: number,
    end: number,
  ): Rest<void> | undefined {
    const { base, buffers, pages } = this.rooms
    const { mapBlock, copyPerByte } = base.cost
    const first = Math.floor(from / blockBytes)
    const found: Looks = { looks: 0, steps: 0 }
    const isCached =
      inode.pages > 0 && pages.look(inode, Math.floor(from / pageBytes), found) !== noFrame
    let cycles = 0
    let looks = 0
    let filled = 0
    let rest: Rest<void> | undefined
    for (let at = from; at < pageEnd; filled++) {
      cycles += mapBlock
      const index = first + filled
      const length = Math.min(blockBytes - (at % blockBytes), pageEnd - at)
      const pointed = index >= directBlocks && index < inode.blocks.length
      const waits = pointed && looks === 0 && !this.map.hasPointer(inode, index)
      if (pointed && !waits) looks++
      const buffer = waits
        ? new Rest(this.look(task, inode, index))
        : this.bufferFor(task, inode, index)
      const isPart = length < blockBytes
      if (buffer instanceof Rest || (isPart && !buffers.has(buffer, BufferBit.uptodate))) {
        rest = new Rest(this.writeBlocksRest(task, inode, at, end, buffer))
        break
      }
      cycles += (isCached ? 2 : 1) * Math.round(length * copyPerByte)
      this.filled(task, buffer)
      at += length
    }
    if (looks > 0) this.map.chargeLooks(task, inode, first, looks)
    if (found.looks > 0 && filled > 0) {
      pages.chargeLooks(task, { looks: filled, steps: filled * found.steps })
    }
    task.charge(cycles)
    return rest
  }

  /** The same from a block on whose buffer has to be waited for. */
  private *writeBlocksRest(
    task: Task,
    inode: Ext2Inode,
    at: number,
    end: number,
    found: MayWait<number>,
  ): Path {
    const { buffers, io } = this.rooms
    const buffer = yield* finish(found)
    const length = Math.min(blockBytes - (at % blockBytes), end - at)
    if (length < blockBytes && !buffers.has(buffer, BufferBit.uptodate)) {
      yield* io.readBuffer(task, buffer)
    }
    this.fill(task, inode, at, length, buffer)
    const rest = this.writeBlocks(task, inode, at + length, end)
    if (rest) yield* rest.path
  }

  /** The buffer of a block of a file that is written to, in use; the file grows if need be. */
  private bufferFor(task: Task, inode: Ext2Inode, index: number): MayWait<number> {
    if (index >= inode.blocks.length) return new Rest(this.grow(task, inode))
    return this.held(task, inode.blocks[index])
  }

  private held(task: Task, block: number): MayWait<number> {
    const { io } = this.rooms
    const buffer = io.getblkNow(task, block)
    return buffer === noBuffer ? new Rest(io.getblk(task, block)) : buffer
  }

  private *grow(task: Task, inode: Ext2Inode): Path<number> {
    return this.cleared(task, yield* this.map.grow(task, inode))
  }

  private *look(task: Task, inode: Ext2Inode, index: number): Path<number> {
    yield* this.map.look(task, inode, index)
    return yield* finish(this.held(task, inode.blocks[index]))
  }

  /** The buffer of a block that is new. */
  private cleared(task: Task, buffer: number): number {
    this.metadata.chargeClear(task)
    // ext2_new_block() of 2.2.1 marks it, so that a new block is due as metadata is: in 5 s.
    this.metadata.mark(task, buffer)
    return buffer
  }

  /** Copies into a buffer, and into the page if that is cached; gives the buffer back. */
  private fill(task: Task, inode: Ext2Inode, at: number, length: number, buffer: number): void {
    const { base, pages } = this.rooms
    const isCached =
      inode.pages > 0 && pages.find(inode, Math.floor(at / pageBytes), task) !== noFrame
    task.charge((isCached ? 2 : 1) * Math.round(length * base.cost.copyPerByte))
    this.filled(task, buffer)
  }

  private filled(task: Task, buffer: number): void {
    this.rooms.buffers.markDirty(buffer)
    this.metadata.release(task, buffer)
  }

  /**
   * generic_readpage(), brw_page(): fills a page of the page cache. Blocks whose buffers are in the
   * buffer cache are copied from there; the others are read. The page is locked until all have
   * come.
   */
  *readPage(task: Task, inode: Ext2Inode, index: number, frame: number): Path {
    const { base, buffers, io, pageIo } = this.rooms
    const { cost } = base
    const node = task.node
    task.node = base.call(task, base.procedures.brw_page)
    const first = index * blocksPerPage
    const last = Math.min(first + blocksPerPage, inode.blocks.length)
    pageIo.begin(frame)
    for (let block = first; block < last; block++) {
      task.charge(cost.mapBlock)
      if (block >= directBlocks && (block === first || block === directBlocks)) {
        if (!this.map.lookNow(task, inode, block)) yield* this.map.look(task, inode, block)
      }
      const number = inode.blocks[block]
      if (number === undefined) break
      const buffer = buffers.find(number, task)
      if (buffer !== noBuffer && buffers.has(buffer, BufferBit.uptodate)) {
        task.charge(blockBytes * cost.copyPerByte)
        continue
      }
      if (buffer !== noBuffer) {
        buffers.hold(buffer)
        yield* io.waitOnBuffer(task, buffer)
        this.metadata.release(task, buffer)
        task.charge(blockBytes * cost.copyPerByte)
        continue
      }
      yield* pageIo.read(task, frame, number * sectorsPerBlock, blockBytes)
    }
    pageIo.end(frame)
    task.node = node
  }
}
