/**
 * Directories (fs/ext2/namei.c, dir.c): entries in blocks, searched one by one, added in holes or
 * at the end.
 */
import type { Path, Task } from '../../sched/task'
import type { FileRooms } from '../file-rooms'
import type { BlockMap } from './block-map'
import type { DirectoryEntry, Ext2Inode } from './inode'
import type { Inodes } from './inodes'
import { blockBytes, entriesPerBlock, entryBlock } from './layout'
import type { Metadata } from './metadata'

export class Directories {
  constructor(
    private readonly rooms: FileRooms,
    private readonly map: BlockMap,
    private readonly inodes: Inodes,
    private readonly metadata: Metadata,
  ) {}

  /**
   * ext2_lookup(): searches a directory's blocks entry by entry, and reads the inode that is found.
   */
  *find(task: Task, directory: Ext2Inode, name: string): Path<Ext2Inode | undefined> {
    const { base, dentries, io } = this.rooms
    const node = task.node
    const entry = directory.entries?.get(name)
    task.node = base.call(task, base.procedures.ext2_find_entry)
    yield* this.inodes.read(task, directory)
    const last = entry ? entry.position : directory.positions
    for (let block = 0; block * entriesPerBlock <= last; block++) {
      if (block >= directory.blocks.length) break
      const buffer = yield* io.bread(task, directory.blocks[block])
      const entries = Math.min(entriesPerBlock, last - block * entriesPerBlock + 1)
      task.charge(entries * base.cost.directoryEntry)
      this.metadata.release(task, buffer)
    }
    let found: Ext2Inode | undefined
    if (entry && directory.entries?.get(name) === entry) {
      found = entry.inode
      yield* this.inodes.read(task, found)
      // The name may have gone while this task slept.
      if (directory.entries.get(name) === entry) dentries.add(directory, name, found)
    }
    task.node = node
    return found
  }

  /** ext2_add_entry(): puts a name into a directory, in a hole or at its end. */
  *add(task: Task, directory: Ext2Inode, name: string, inode: Ext2Inode): Path {
    const { base } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_add_entry)
    const position = directory.holes.pop() ?? directory.positions++
    if (entryBlock(position) >= directory.blocks.length) {
      yield* this.map.growDirectory(task, directory)
      directory.size += blockBytes
    }
    yield* this.change(task, directory, position)
    directory.entries?.set(name, { inode, position })
    this.rooms.dentries.add(directory, name, inode)
    this.inodes.markDirty(directory)
    task.node = node
  }

  /** Searches the block of an entry up to it, and changes it there. */
  *change(task: Task, directory: Ext2Inode, position: number): Path {
    const { base, io } = this.rooms
    const buffer = yield* io.bread(task, directory.blocks[entryBlock(position)])
    task.charge(base.cost.directoryEntry * ((position % entriesPerBlock) + 1))
    this.metadata.markAndRelease(task, buffer)
  }

  /** Changes an entry whose place is known. */
  *rewrite(task: Task, directory: Ext2Inode, position: number): Path {
    const buffer = yield* this.rooms.io.bread(task, directory.blocks[entryBlock(position)])
    this.metadata.markAndRelease(task, buffer)
  }

  /** The entry's place is free, and its name is gone. */
  drop(directory: Ext2Inode, name: string, entry: DirectoryEntry): void {
    directory.entries?.delete(name)
    directory.holes.push(entry.position)
    this.rooms.dentries.drop(directory, name)
  }

  /** ext2_readdir() to the end: reads the directory's blocks. Returns the names. */
  *list(task: Task, directory: Ext2Inode): Path<string[]> {
    const { base, io } = this.rooms
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_readdir)
    for (const block of directory.blocks) {
      const buffer = yield* io.bread(task, block)
      task.charge(entriesPerBlock * base.cost.directoryEntry)
      this.metadata.release(task, buffer)
    }
    task.node = node
    return [...(directory.entries?.keys() ?? [])]
  }
}
