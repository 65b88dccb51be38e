/**
 * What is in a file (fs/ext2/file.c, fs/buffer.c): written block by block through the buffer cache,
 * read a page at a time into the page cache.
 */
import { noFrame, pageBytes } from '../../mm/page-frames'
import type { Path, Task } from '../../sched/task'
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
  *write(task: Task, inode: Ext2Inode, position: number, bytes: number): Path {
    const { base, buffers, io, pages } = this.rooms
    const { cost } = base
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_file_write)
    let at = position
    const end = position + bytes
    while (at < end) {
      const index = Math.floor(at / blockBytes)
      const offset = at % blockBytes
      const length = Math.min(blockBytes - offset, end - at)
      task.charge(cost.mapBlock)
      let buffer: number
      if (index >= inode.blocks.length) {
        buffer = this.map.growNow(task, inode)
        if (buffer === noBuffer) {
          const allocated = index < inode.blocks.length
          buffer = allocated
            ? yield* io.getblk(task, inode.blocks[index])
            : yield* this.map.grow(task, inode)
        }
        this.metadata.chargeClear(task)
        // ext2_new_block() of 2.2.1 marks it, so that a new block is due as metadata is: in 5 s.
        this.metadata.mark(task, buffer)
      } else {
        if (index >= directBlocks && !this.map.lookNow(task, inode, index)) {
          yield* this.map.look(task, inode, index)
        }
        buffer = io.getblkNow(task, inode.blocks[index])
        if (buffer === noBuffer) buffer = yield* io.getblk(task, inode.blocks[index])
      }
      if (length < blockBytes && !buffers.has(buffer, BufferBit.uptodate)) {
        yield* io.readBuffer(task, buffer)
      }
      task.charge(length * cost.copyPerByte)
      if (inode.pages > 0) {
        const frame = pages.find(inode, Math.floor(at / pageBytes), task)
        if (frame !== noFrame) task.charge(length * cost.copyPerByte)
      }
      buffers.markDirty(buffer)
      this.metadata.release(task, buffer)
      at += length
    }
    if (end > inode.size) inode.size = end
    this.inodes.markDirty(inode)
    task.node = node
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
