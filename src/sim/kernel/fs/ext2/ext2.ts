/**
 * Enough of ext2 as in Linux 2.2 for a software developer's load: block groups with bitmaps and inode tables,
 * inodes with direct, indirect and double indirect blocks, directories searched entry by entry, the dentry and
 * inode caches in front of them. All metadata goes through the buffer cache; file data is written through it and
 * read through the page cache. Truncating and deleting forget (bforget) every buffer of the blocks they free.
 * Left out: i_sem, block preallocation, permissions, links beyond the first, triple indirect blocks, fragments.
 * 1 KB blocks, 8,192 a group, one inode per 4 KB: what mke2fs of 1999 chose.
 */
import { sectorBytes } from '../../block/block-layer'
import type { DirectoryEntry } from './inode'
import { Inode } from './inode'
import { BufferBit, bufferBytes } from '../buffer-cache'
import type { FileRooms } from '../file-rooms'
import { FrameUse, noFrame, pageBytes } from '../../mm/page-frames'
import type { Path, Task } from '../../sched/task'

const blockBytes = bufferBytes
const blocksPerGroup = 8192
const inodesPerGroup = 2048
const inodesPerBlock = blockBytes / 128
const inodeTableBlocks = inodesPerGroup / inodesPerBlock
const directBlocks = 12
const sectorsPerBlock = blockBytes / sectorBytes
const pointersPerBlock = blockBytes / 4
/** Directory entries in a block, for names of about 10 letters: 8 bytes and the name, rounded up. */
const entriesPerBlock = 50
/** EXT2_MAX_GROUP_LOADED: bitmaps that the file system keeps a use of. */
const loadedBitmaps = 8
/** age_buffer and age_super of bdflush, in jiffies: 30 s for data, 5 s for metadata. */
const dataAge = 3000
const metadataAge = 500
const wordsPerGroup = blocksPerGroup / 32

interface LoadedBitmap {
  readonly block: number
  readonly buffer: number
}

export class Ext2 {
  readonly groups: number
  private readonly blockBitmaps: (Uint32Array | undefined)[] = []
  private readonly inodeBitmaps: (Uint32Array | undefined)[] = []
  private readonly freeBlocks: Int32Array
  private readonly freeInodes: Int32Array
  private freeInodesTotal: number
  private readonly metadataPerGroup: number
  private readonly loaded: LoadedBitmap[] = []
  /** Entries whose names are cached, oldest first. */
  private readonly dentries = new Set<DirectoryEntry>()
  readonly dirtyInodes = new Set<Inode>()
  readonly root: Inode
  private nextSlot = 1
  private readonly freeSlots: number[] = []
  inodesCached = 0

  constructor(
    private readonly rooms: FileRooms,
    bytes: number,
  ) {
    this.groups = Math.floor(bytes / blockBytes / blocksPerGroup)
    const descriptorBlocks = Math.ceil((this.groups * 32) / blockBytes)
    this.metadataPerGroup = 1 + descriptorBlocks + 2 + inodeTableBlocks
    this.freeBlocks = new Int32Array(this.groups).fill(blocksPerGroup - this.metadataPerGroup)
    this.freeInodes = new Int32Array(this.groups).fill(inodesPerGroup)
    this.freeInodesTotal = this.groups * inodesPerGroup
    this.root = this.makeInode(0, true, undefined)
    this.root.blocks.push(this.takeBlock(0, 0) as number)
    this.root.size = blockBytes
  }

  // Layout of a group: superblock copy, descriptors, block bitmap, inode bitmap, inode table, data.
  private blockBitmapOf(group: number): number {
    return group * blocksPerGroup + this.metadataPerGroup - inodeTableBlocks - 1
  }
  private inodeBitmapOf(group: number): number {
    return group * blocksPerGroup + this.metadataPerGroup - inodeTableBlocks
  }
  private inodeBlockOf(inode: Inode): number {
    const within = inode.number % inodesPerGroup
    return (
      inode.group * blocksPerGroup +
      this.metadataPerGroup -
      inodeTableBlocks +
      1 +
      Math.floor(within / inodesPerBlock)
    )
  }

  /** Words that the last search through a bitmap looked at. */
  private searched = 0

  /** Takes the free block nearest after `goal` in its group. */
  private takeBlock(group: number, goal: number): number | undefined {
    const bitmap = (this.blockBitmaps[group] ??= this.freshBlockBitmap())
    const from = goal - group * blocksPerGroup
    const bit = searchZero(bitmap, from >= 0 && from < blocksPerGroup ? from : 0)
    this.searched = searchedWords
    if (bit < 0) return undefined
    bitmap[bit >> 5] |= 1 << (bit & 31)
    this.freeBlocks[group]--
    return group * blocksPerGroup + bit
  }

  private freshBlockBitmap(): Uint32Array {
    const bitmap = new Uint32Array(wordsPerGroup)
    for (let bit = 0; bit < this.metadataPerGroup; bit++) bitmap[bit >> 5] |= 1 << (bit & 31)
    return bitmap
  }

  private makeInode(group: number, directory: boolean, parent: Inode | undefined): Inode {
    const bitmap = (this.inodeBitmaps[group] ??= new Uint32Array(inodesPerGroup / 32))
    const bit = searchZero(bitmap, 0)
    this.searched = searchedWords
    bitmap[bit >> 5] |= 1 << (bit & 31)
    this.freeInodes[group]--
    this.freeInodesTotal--
    const slot = this.freeSlots.pop() ?? this.nextSlot++
    const entries = directory ? new Map<string, DirectoryEntry>() : undefined
    this.inodesCached++
    return new Inode(group * inodesPerGroup + bit, slot, group, entries, parent, this)
  }

  /** load_block_bitmap, load_inode_bitmap, keeping a use of the last eight. Not a buffer when it has to be read. */
  private loadBitmapNow(task: Task, block: number): number {
    const { loaded } = this
    for (let at = 0; at < loaded.length; at++) {
      const bitmap = loaded[at]
      if (bitmap.block !== block) continue
      task.charge(this.rooms.base.cost.groupStep * (at + 1))
      for (let index = at; index > 0; index--) loaded[index] = loaded[index - 1]
      loaded[0] = bitmap
      return bitmap.buffer
    }
    task.charge(this.rooms.base.cost.groupStep * loadedBitmaps)
    const buffer = this.rooms.io.breadNow(task, block)
    if (buffer >= 0) this.keepBitmap(task, block, buffer)
    return buffer
  }

  private keepBitmap(task: Task, block: number, buffer: number): void {
    const { loaded } = this
    if (loaded.length === loadedBitmaps) this.release(task, (loaded.pop() as LoadedBitmap).buffer)
    loaded.unshift({ block, buffer })
  }

  private *loadBitmapRest(task: Task, block: number, unfinished: number): Path<number> {
    const buffer = yield* this.rooms.io.breadRest(task, block, unfinished)
    // Someone else may have loaded it while this task slept.
    const meanwhile = this.loaded.find((bitmap) => bitmap.block === block)
    if (meanwhile) {
      this.release(task, buffer)
      return meanwhile.buffer
    }
    this.keepBitmap(task, block, buffer)
    return buffer
  }

  private *loadBitmap(task: Task, block: number): Path<number> {
    const buffer = this.loadBitmapNow(task, block)
    return buffer >= 0 ? buffer : yield* this.loadBitmapRest(task, block, buffer)
  }

  private release(task: Task, buffer: number): void {
    this.rooms.buffers.release(buffer, task, this.rooms.timer.jiffies, dataAge)
  }

  private markMetadata(task: Task, buffer: number): void {
    this.rooms.buffers.markMetadata(buffer, task, this.rooms.timer.jiffies, metadataAge)
  }

  /** ext2_new_block() near `goal` where its group has room and a bitmap in memory; otherwise −1, nothing done. */
  private newBlockNow(task: Task, goal: number): number {
    const group = Math.floor(goal / blocksPerGroup)
    if (this.freeBlocks[group] === 0) return -1
    const node = task.node
    task.node = this.rooms.base.call(task, this.rooms.base.procedures.ext2_new_block)
    const bitmap = this.loadBitmapNow(task, this.blockBitmapOf(group))
    if (bitmap < 0) {
      // Found by `newBlock` again, which reads it.
      if (bitmap < -1) this.release(task, -2 - bitmap)
      task.node = node
      return -1
    }
    task.charge(this.rooms.base.cost.allocateBlock + this.rooms.base.cost.groupStep)
    const block = this.takeBlock(group, goal)
    task.charge(this.searched * this.rooms.base.cost.bitmapWord)
    this.markMetadata(task, bitmap)
    task.node = node
    return block ?? -1
  }

  /** ext2_new_block(): near `goal`, in its group if there is room, otherwise in the next one that has. */
  private *newBlock(task: Task, goal: number): Path<number> {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_new_block)
    task.charge(this.rooms.base.cost.allocateBlock)
    let group = Math.floor(goal / blocksPerGroup)
    for (let tries = 0; tries < this.groups; tries++) {
      task.charge(this.rooms.base.cost.groupStep)
      if (this.freeBlocks[group] > 0) {
        const bitmap = yield* this.loadBitmap(task, this.blockBitmapOf(group))
        const block = this.takeBlock(group, goal)
        task.charge(this.searched * this.rooms.base.cost.bitmapWord)
        if (block !== undefined) {
          this.markMetadata(task, bitmap)
          task.node = node
          return block
        }
      }
      group = group + 1 === this.groups ? 0 : group + 1
    }
    throw new Error('the file system is full')
  }

  /** ext2_free_blocks(): one block, whose group's bitmap is in `bitmap`. */
  private freeBlock(task: Task, block: number, bitmap: number): void {
    const group = Math.floor(block / blocksPerGroup)
    task.charge(this.rooms.base.cost.allocateBlock >> 2)
    const words = this.blockBitmaps[group] as Uint32Array
    const bit = block % blocksPerGroup
    words[bit >> 5] &= ~(1 << (bit & 31))
    this.freeBlocks[group]++
    this.markMetadata(task, bitmap)
  }

  /** ext2_new_inode(): directories where most is free, files beside their directory. */
  private *newInode(task: Task, directory: boolean, parent: Inode): Path<Inode> {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_new_inode)
    let group = parent.group
    if (directory) {
      const average = Math.floor(this.freeInodesTotal / this.groups)
      let most = -1
      for (let candidate = 0; candidate < this.groups; candidate++) {
        if (this.freeInodes[candidate] >= average && this.freeBlocks[candidate] > most) {
          most = this.freeBlocks[candidate]
          group = candidate
        }
      }
      task.charge(this.groups * this.rooms.base.cost.groupStep)
    } else {
      while (this.freeInodes[group] === 0) {
        group = (group + 1) % this.groups
        task.charge(this.rooms.base.cost.groupStep)
      }
    }
    const bitmap = yield* this.loadBitmap(task, this.inodeBitmapOf(group))
    const inode = this.makeInode(group, directory, parent)
    task.charge(
      this.rooms.base.cost.allocateInode + this.searched * this.rooms.base.cost.bitmapWord,
    )
    this.markMetadata(task, bitmap)
    this.markInodeDirty(inode)
    task.node = node
    return inode
  }

  markInodeDirty(inode: Inode): void {
    if (inode.dirty) return
    inode.dirty = true
    this.dirtyInodes.add(inode)
  }

  /** ext2_update_inode(): copies the inode into its block of the inode table. */
  *writeInode(task: Task, inode: Inode): Path {
    inode.dirty = false
    this.dirtyInodes.delete(inode)
    const buffer = yield* this.rooms.io.bread(task, this.inodeBlockOf(inode))
    task.charge(this.rooms.base.cost.updateInode)
    this.markMetadata(task, buffer)
    this.release(task, buffer)
  }

  /** iget(): an inode that the cache has dropped is read from its block. */
  private *readInode(task: Task, inode: Inode): Path {
    task.charge(this.rooms.base.cost.inode)
    if (inode.cached) return
    const buffer = yield* this.rooms.io.bread(task, this.inodeBlockOf(inode))
    this.release(task, buffer)
    if (!inode.cached) {
      inode.cached = true
      this.inodesCached++
    }
  }

  /** Looks a name up in the dentry cache. Undefined: `lookup` has to search the directory. */
  lookupNow(task: Task, directory: Inode, name: string): Inode | undefined {
    const entry = directory.entries?.get(name)
    if (entry?.cached !== true) return undefined
    task.charge(this.rooms.base.cost.dentry)
    return entry.inode
  }

  /** Looks a name up: the dentry cache first, then the directory's blocks entry by entry. */
  *lookup(task: Task, directory: Inode, name: string): Path<Inode | undefined> {
    const { rooms } = this
    const node = task.node
    const entry = directory.entries?.get(name)
    task.charge(this.rooms.base.cost.dentry)
    if (entry?.cached === true) return entry.inode
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_find_entry)
    yield* this.readInode(task, directory)
    const last = entry ? entry.position : directory.positions
    for (let block = 0; block * entriesPerBlock <= last; block++) {
      if (block >= directory.blocks.length) break
      const buffer = yield* rooms.io.bread(task, directory.blocks[block])
      const entries = Math.min(entriesPerBlock, last - block * entriesPerBlock + 1)
      task.charge(entries * this.rooms.base.cost.directoryEntry)
      this.release(task, buffer)
    }
    if (entry && directory.entries?.get(name) === entry) {
      yield* this.readInode(task, entry.inode)
      this.cacheDentry(entry)
      task.node = node
      return entry.inode
    }
    task.node = node
    return undefined
  }

  private cacheDentry(entry: DirectoryEntry): void {
    if (entry.cached) return
    entry.cached = true
    this.dentries.add(entry)
  }

  /** Inodes that have changed are written to their blocks. */
  *syncInodes(task: Task): Path {
    for (const inode of [...this.dirtyInodes]) {
      if (inode.dirty && inode.links > 0) yield* this.writeInode(task, inode)
    }
  }

  /** shrink_dcache_memory(): the more, the lower the priority. */
  shrinkDentries(task: Task, priority: number): void {
    const { base } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.shrink_dcache_memory)
    this.pruneDentries(task, Math.floor(this.dentriesCached / (priority + 1)))
    task.node = node
  }

  /** prune_dcache() and prune_icache(): drops up to `count` unused dentries, oldest first. */
  pruneDentries(task: Task, count: number): void {
    let left = Math.min(count, this.dentries.size)
    for (const entry of this.dentries) {
      if (left-- === 0) break
      task.charge(this.rooms.base.cost.dentry)
      this.dentries.delete(entry)
      const { inode } = entry
      if (inode.links === 0) continue
      if (inode.users > 0 || inode.pages > 0 || inode.dirty) {
        this.dentries.add(entry)
        continue
      }
      entry.cached = false
      inode.cached = false
      this.inodesCached--
    }
  }

  /** d_delete(): the name is gone. */
  private dropDentry(entry: DirectoryEntry): void {
    entry.cached = false
    this.dentries.delete(entry)
  }

  get dentriesCached(): number {
    return this.dentries.size
  }

  /** ext2_add_entry(): puts a name into a directory, in a hole or at its end. */
  private *addEntry(task: Task, directory: Inode, name: string, inode: Inode): Path {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_add_entry)
    const position = directory.holes.pop() ?? directory.positions++
    const block = Math.floor(position / entriesPerBlock)
    if (block >= directory.blocks.length) {
      yield* this.growDirectory(task, directory)
      directory.size += blockBytes
    }
    const buffer = yield* rooms.io.bread(task, directory.blocks[block])
    task.charge(this.rooms.base.cost.directoryEntry * ((position % entriesPerBlock) + 1))
    this.markMetadata(task, buffer)
    this.release(task, buffer)
    const entry: DirectoryEntry = { name, inode, position, cached: false }
    directory.entries?.set(name, entry)
    this.cacheDentry(entry)
    this.markInodeDirty(directory)
    task.node = node
  }

  /** ext2_create(), ext2_mkdir(). */
  *create(task: Task, directory: Inode, name: string, asDirectory: boolean): Path<Inode> {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(
      task,
      asDirectory ? rooms.base.procedures.ext2_mkdir : rooms.base.procedures.ext2_create,
    )
    const inode = yield* this.newInode(task, asDirectory, directory)
    if (asDirectory) {
      yield* this.growDirectory(task, inode)
      inode.size = blockBytes
      inode.positions = 2
    }
    yield* this.addEntry(task, directory, name, inode)
    task.node = node
    return inode
  }

  /** ext2_unlink(), ext2_rmdir(): takes the name away; the last user's leaving deletes the inode. */
  *unlink(task: Task, directory: Inode, name: string): Path<boolean> {
    const { rooms } = this
    const entry = directory.entries?.get(name)
    if (!entry) return false
    if (entry.inode.entries && entry.inode.entries.size > 0) return false
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_unlink)
    const block = Math.floor(entry.position / entriesPerBlock)
    const buffer = yield* rooms.io.bread(task, directory.blocks[block])
    task.charge(this.rooms.base.cost.directoryEntry * ((entry.position % entriesPerBlock) + 1))
    this.markMetadata(task, buffer)
    this.release(task, buffer)
    if (directory.entries?.get(name) !== entry) {
      task.node = node
      return false
    }
    directory.entries.delete(name)
    directory.holes.push(entry.position)
    this.dropDentry(entry)
    entry.inode.links = 0
    this.markInodeDirty(directory)
    if (entry.inode.users === 0) yield* this.deleteInode(task, entry.inode)
    task.node = node
    return true
  }

  /** ext2_rename(): within or between directories. */
  *rename(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<boolean> {
    const entry = from.entries?.get(name)
    if (!entry) return false
    const replaced = to.entries?.get(newName)
    if (replaced === entry) return true
    if (replaced) yield* this.unlink(task, to, newName)
    yield* this.addEntry(task, to, newName, entry.inode)
    const block = Math.floor(entry.position / entriesPerBlock)
    const buffer = yield* this.rooms.io.bread(task, from.blocks[block])
    this.markMetadata(task, buffer)
    this.release(task, buffer)
    from.entries?.delete(name)
    from.holes.push(entry.position)
    this.dropDentry(entry)
    this.markInodeDirty(from)
    return true
  }

  /** iput(): the last user of an unlinked inode deletes it. */
  *put(task: Task, inode: Inode): Path {
    inode.users--
    if (inode.users === 0 && inode.links === 0) yield* this.deleteInode(task, inode)
  }

  /** ext2_delete_inode(): writes the time of deletion, frees the blocks, then the inode. */
  private *deleteInode(task: Task, inode: Inode): Path {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_delete_inode)
    yield* this.writeInode(task, inode)
    yield* this.truncate(task, inode)
    const bitmap = yield* this.loadBitmap(task, this.inodeBitmapOf(inode.group))
    task.charge(this.rooms.base.cost.allocateInode >> 1)
    const bit = inode.number % inodesPerGroup
    const words = this.inodeBitmaps[inode.group] as Uint32Array
    words[bit >> 5] &= ~(1 << (bit & 31))
    this.freeInodes[inode.group]++
    this.freeInodesTotal++
    this.markMetadata(task, bitmap)
    this.dirtyInodes.delete(inode)
    inode.dirty = false
    this.inodesCached--
    this.freeSlots.push(inode.slot)
    task.node = node
  }

  /** ext2_truncate() to nothing: forgets the buffer of every block, then frees the block. */
  *truncate(task: Task, inode: Inode): Path {
    const { rooms } = this
    const { buffers } = rooms
    const node = task.node
    inode.size = 0
    for (;;) {
      const underWay = rooms.pages.truncate(inode, task)
      if (underWay === noFrame) break
      yield* rooms.pageIo.wait(task, underWay)
    }
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_truncate)
    const truncateNode = task.node
    for (const list of [inode.blocks, inode.indirect]) {
      for (let index = 0; index < list.length; index++) {
        const block = list[index]
        let buffer: number
        if (list === inode.blocks) buffer = buffers.find(block, task)
        else {
          // trunc_indirect reads the indirect block before it frees what it points to.
          buffer = rooms.io.breadNow(task, block)
          if (buffer < 0) buffer = yield* rooms.io.breadRest(task, block, buffer)
        }
        if (buffer >= 0) {
          if (list === inode.blocks) buffers.hold(buffer)
          // DATA_BUFFER_USED: someone else has it, or it is being written: try again later.
          while (buffers.has(buffer, BufferBit.locked)) yield* rooms.io.waitOnBuffer(task, buffer)
          task.node = rooms.base.call(task, rooms.base.procedures.bforget)
          buffers.forget(buffer, task, rooms.timer.jiffies, dataAge)
          task.node = truncateNode
        }
        const bitmapBlock = this.blockBitmapOf(Math.floor(block / blocksPerGroup))
        let bitmap = this.loadBitmapNow(task, bitmapBlock)
        if (bitmap < 0) bitmap = yield* this.loadBitmapRest(task, bitmapBlock, bitmap)
        this.freeBlock(task, block, bitmap)
      }
    }
    inode.blocks.length = 0
    inode.indirect.length = 0
    this.markInodeDirty(inode)
    task.node = node
  }

  /**
   * Appends one block to a file where nothing has to be waited for. Returns the buffer of the new block, zeroed
   * and in use by the caller, or −1: then `growFile` does it, or does the rest of it.
   */
  private growFileNow(task: Task, inode: Inode): number {
    const { rooms } = this
    const { blocks } = inode
    const index = blocks.length
    if (index >= directBlocks) {
      if (inode.indirect.length < indirectNeeded(index)) return -1
      const pointer = rooms.io.breadNow(task, inode.indirect[inode.indirect.length - 1])
      if (pointer < 0) {
        if (pointer < -1) this.release(task, -2 - pointer)
        return -1
      }
      this.markMetadata(task, pointer)
      this.release(task, pointer)
    }
    const goal = index > 0 ? blocks[index - 1] + 1 : inode.group * blocksPerGroup
    const block = this.newBlockNow(task, goal)
    if (block < 0) return -1
    blocks.push(block)
    this.markInodeDirty(inode)
    return rooms.io.getblkNow(task, block)
  }

  /** Appends one block to a file, and the indirect blocks that it needs. Returns its buffer, in use by the caller. */
  private *growFile(task: Task, inode: Inode): Path<number> {
    const { rooms } = this
    const index = inode.blocks.length
    if (index >= directBlocks) {
      while (inode.indirect.length < indirectNeeded(index)) {
        const goal = inode.blocks[index - 1] + 1
        const block = yield* this.newBlock(task, goal)
        inode.indirect.push(block)
        const buffer = yield* rooms.io.getblk(task, block)
        this.clearBlock(task, buffer, true)
        this.release(task, buffer)
      }
      const pointer = yield* rooms.io.bread(task, inode.indirect[inode.indirect.length - 1])
      this.markMetadata(task, pointer)
      this.release(task, pointer)
    }
    const goal = index > 0 ? inode.blocks[index - 1] + 1 : inode.group * blocksPerGroup
    const block = yield* this.newBlock(task, goal)
    inode.blocks.push(block)
    this.markInodeDirty(inode)
    return yield* rooms.io.getblk(task, block)
  }

  /** ext2_alloc_block(): a new block's buffer is cleared and dirty, never read. */
  private clearBlock(task: Task, buffer: number, metadata: boolean): void {
    task.charge(blockBytes * this.rooms.base.cost.clearPerByte)
    if (metadata) this.markMetadata(task, buffer)
    else this.rooms.buffers.markDirty(buffer)
  }

  /** A block for a directory. */
  private *growDirectory(task: Task, inode: Inode): Path {
    const buffer = yield* this.growFile(task, inode)
    this.clearBlock(task, buffer, true)
    this.release(task, buffer)
  }

  /** ext2_file_write(): block by block through the buffer cache, and into the page if that is cached. */
  *write(task: Task, inode: Inode, position: number, bytes: number): Path {
    const { rooms } = this
    const { buffers, pages } = rooms
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_file_write)
    let at = position
    const end = position + bytes
    while (at < end) {
      const index = Math.floor(at / blockBytes)
      const offset = at % blockBytes
      const length = Math.min(blockBytes - offset, end - at)
      task.charge(this.rooms.base.cost.mapBlock)
      let buffer: number
      if (index >= inode.blocks.length) {
        buffer = this.growFileNow(task, inode)
        if (buffer < 0) {
          const allocated = index < inode.blocks.length
          buffer = allocated
            ? yield* rooms.io.getblk(task, inode.blocks[index])
            : yield* this.growFile(task, inode)
        }
        this.clearBlock(task, buffer, false)
      } else {
        if (index >= directBlocks && !this.readPointerNow(task, inode, index)) {
          yield* this.readPointer(task, inode, index)
        }
        buffer = rooms.io.getblkNow(task, inode.blocks[index])
        if (buffer < 0) buffer = yield* rooms.io.getblk(task, inode.blocks[index])
      }
      if (length < blockBytes && !buffers.has(buffer, BufferBit.uptodate)) {
        yield* rooms.io.readBuffer(task, buffer)
      }
      task.charge(length * this.rooms.base.cost.copyPerByte)
      if (inode.pages > 0) {
        const frame = pages.find(inode, Math.floor(at / pageBytes), task)
        if (frame !== noFrame) task.charge(length * this.rooms.base.cost.copyPerByte)
      }
      buffers.markDirty(buffer)
      this.release(task, buffer)
      at += length
    }
    if (end > inode.size) inode.size = end
    this.markInodeDirty(inode)
    task.node = node
  }

  private pointerBlock(inode: Inode, index: number): number | undefined {
    const beyondSingle = index - directBlocks - pointersPerBlock
    return inode.indirect[beyondSingle < 0 ? 0 : 2 + Math.floor(beyondSingle / pointersPerBlock)]
  }

  /** Looks into the indirect block through which a block of a file is found. False when that has to be read. */
  private readPointerNow(task: Task, inode: Inode, index: number): boolean {
    const block = this.pointerBlock(inode, index)
    if (block === undefined) return true
    const buffer = this.rooms.io.breadNow(task, block)
    if (buffer >= 0) {
      task.charge(this.rooms.base.cost.mapBlock)
      this.release(task, buffer)
      return true
    }
    if (buffer < -1) this.release(task, -2 - buffer)
    return false
  }

  private *readPointer(task: Task, inode: Inode, index: number): Path {
    const block = this.pointerBlock(inode, index)
    if (block === undefined) return
    const buffer = yield* this.rooms.io.bread(task, block)
    task.charge(this.rooms.base.cost.mapBlock)
    this.release(task, buffer)
  }

  /**
   * generic_readpage(), brw_page(): fills a page of the page cache. Blocks whose buffers are in the buffer cache
   * are copied from there; the others are read. The page is locked until all have come.
   */
  *readPage(task: Task, inode: Inode, index: number, frame: number): Path {
    const { rooms } = this
    const { buffers } = rooms
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.brw_page)
    const perPage = pageBytes / blockBytes
    const first = index * perPage
    const last = Math.min(first + perPage, inode.blocks.length)
    rooms.pageIo.begin(frame)
    for (let block = first; block < last; block++) {
      task.charge(this.rooms.base.cost.mapBlock)
      if (block >= directBlocks && (block === first || block === directBlocks)) {
        if (!this.readPointerNow(task, inode, block)) yield* this.readPointer(task, inode, block)
      }
      const number = inode.blocks[block]
      if (number === undefined) break
      const buffer = buffers.find(number, task)
      if (buffer >= 0 && buffers.has(buffer, BufferBit.uptodate)) {
        task.charge(blockBytes * this.rooms.base.cost.copyPerByte)
        continue
      }
      if (buffer >= 0) {
        buffers.hold(buffer)
        yield* rooms.io.waitOnBuffer(task, buffer)
        this.release(task, buffer)
        task.charge(blockBytes * this.rooms.base.cost.copyPerByte)
        continue
      }
      yield* rooms.pageIo.read(task, frame, number * sectorsPerBlock, blockBytes)
    }
    rooms.pageIo.end(frame)
    task.node = node
  }

  /** do_generic_file_read(): page by page out of the page cache, reading ahead when it is sequential. */
  *read(task: Task, inode: Inode, position: number, bytes: number): Path<number> {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.generic_file_read)
    const end = Math.min(position + bytes, inode.size)
    let at = position
    while (at < end) {
      const index = Math.floor(at / pageBytes)
      let frame = rooms.pages.find(inode, index, task)
      if (frame === noFrame || rooms.frames.isLocked(frame)) {
        frame = yield* this.page(task, inode, index, frame)
      }
      if (frame === noFrame) break
      const length = Math.min(pageBytes - (at % pageBytes), end - at)
      task.charge(this.rooms.base.cost.readPage + length * this.rooms.base.cost.copyPerByte)
      at += length
    }
    task.node = node
    return Math.max(0, at - position)
  }

  /**
   * One page of a file that is not there (`found` is `noFrame`) or not yet read: read if need be, with those that
   * probably follow. `noFrame`: no memory.
   */
  private *page(task: Task, inode: Inode, index: number, found: number): Path<number> {
    const { rooms } = this
    for (let frame = found; ; frame = rooms.pages.find(inode, index, task)) {
      if (frame !== noFrame) {
        if (!rooms.frames.isLocked(frame)) return frame
        yield* rooms.pageIo.wait(task, frame)
        continue
      }
      // generic_file_readahead: a window that doubles while the reads are sequential, at most 32 pages.
      const sequential = index === inode.readAheadFrom
      inode.readAheadPages = sequential ? Math.min(32, inode.readAheadPages * 2) : 4
      inode.readAheadFrom = index + inode.readAheadPages
      const done = yield* this.readPages(task, inode, index, inode.readAheadPages)
      if (!done) return noFrame
    }
  }

  /**
   * Reads those of `count` pages from `index` that are not cached. The first is in use until all are asked for, so
   * that looking for memory for the others does not take it. False when there is no such page, or no memory for it.
   */
  *readPages(task: Task, inode: Inode, index: number, count: number): Path<boolean> {
    const { rooms } = this
    const { frames } = rooms
    if (index * pageBytes >= inode.size) return false
    let first = noFrame
    for (let page = index; page < index + count && page * pageBytes < inode.size; page++) {
      if (rooms.pages.find(inode, page, task) !== noFrame) continue
      let frame = rooms.reclaim.takeNow(task, FrameUse.pageCache)
      const waited = frame === noFrame
      if (waited) frame = yield* rooms.reclaim.take(task, FrameUse.pageCache, true)
      if (frame === noFrame) {
        if (page === index) return false
        break
      }
      if (waited && rooms.pages.find(inode, page, task) !== noFrame) {
        // It came while this task slept.
        frames.drop(frame)
        continue
      }
      rooms.pages.add(frame, inode, page, task)
      if (page === index) {
        first = frame
        frames.share(frame)
      }
      yield* this.readPage(task, inode, page, frame)
    }
    if (first !== noFrame) frames.drop(first)
    return true
  }

  /** sys_getdents(): reads the directory's blocks. Returns the names. */
  *list(task: Task, directory: Inode): Path<string[]> {
    const { rooms } = this
    const node = task.node
    task.node = rooms.base.call(task, rooms.base.procedures.ext2_readdir)
    for (const block of directory.blocks) {
      const buffer = yield* rooms.io.bread(task, block)
      task.charge(entriesPerBlock * this.rooms.base.cost.directoryEntry)
      this.release(task, buffer)
    }
    task.node = node
    return [...(directory.entries?.keys() ?? [])]
  }

  /** Builds a file before the machine starts: on disk, not in memory. Takes no simulated time. */
  install(directory: Inode, name: string, bytes: number): Inode {
    const inode = this.makeInode(directory.group, false, directory)
    const blocks = Math.ceil(bytes / blockBytes)
    let goal = inode.group * blocksPerGroup
    const take = (): number => {
      let group = Math.floor(goal / blocksPerGroup)
      for (;;) {
        const block = this.freeBlocks[group] > 0 ? this.takeBlock(group, goal) : undefined
        if (block !== undefined) {
          goal = block + 1
          return block
        }
        group = (group + 1) % this.groups
        goal = group * blocksPerGroup
      }
    }
    for (let index = 0; index < blocks; index++) {
      const beyond = index - directBlocks
      if (beyond === 0) inode.indirect.push(take())
      if (beyond >= pointersPerBlock && (beyond - pointersPerBlock) % pointersPerBlock === 0) {
        if (beyond === pointersPerBlock) inode.indirect.push(take())
        inode.indirect.push(take())
      }
      inode.blocks.push(take())
    }
    inode.size = bytes
    this.installEntry(directory, name, inode)
    return inode
  }

  /** Builds a directory before the machine starts, as `install`. */
  installDirectory(parent: Inode, name: string, group: number): Inode {
    const inode = this.makeInode(group % this.groups, true, parent)
    inode.blocks.push(this.takeBlock(inode.group, inode.group * blocksPerGroup) as number)
    inode.size = blockBytes
    inode.positions = 2
    this.installEntry(parent, name, inode)
    return inode
  }

  private installEntry(directory: Inode, name: string, inode: Inode): void {
    const position = directory.positions++
    const block = Math.floor(position / entriesPerBlock)
    if (block >= directory.blocks.length) {
      directory.blocks.push(this.takeBlock(directory.group, directory.blocks[0]) as number)
      directory.size += blockBytes
    }
    directory.entries?.set(name, { name, inode, position, cached: false })
    inode.cached = false
    this.inodesCached--
  }

  /** Blocks in use over the whole file system, for conservation checks. */
  get blocksInUse(): number {
    let free = 0
    for (const count of this.freeBlocks) free += count
    return this.groups * (blocksPerGroup - this.metadataPerGroup) - free
  }
}

/** Indirect blocks that a file with a block at `index` has: one, then the double one and what hangs there. */
function indirectNeeded(index: number): number {
  const beyondSingle = index - directBlocks - pointersPerBlock
  if (beyondSingle < 0) return index < directBlocks ? 0 : 1
  return 3 + Math.floor(beyondSingle / pointersPerBlock)
}

/** Words that the last call of searchZero looked at. */
let searchedWords = 0

/** find_next_zero_bit from `from`, wrapping around once. −1 when all bits are set. */
function searchZero(bitmap: Uint32Array, from: number): number {
  const words = bitmap.length
  let word = from >> 5
  let mask = -1 << (from & 31)
  for (let looked = 1; looked <= words + 1; looked++) {
    const zeros = ~bitmap[word] & mask
    if (zeros !== 0) {
      searchedWords = looked
      return word * 32 + (31 - Math.clz32(zeros & -zeros))
    }
    mask = -1
    word = word + 1 === words ? 0 : word + 1
  }
  searchedWords = words
  return -1
}
