/**
 * Enough of Linux 2.2's ext2 for a developer's load: block groups with bitmaps and inode tables,
 * inodes with direct, indirect and double indirect blocks, directories searched entry by entry.
 * Metadata goes through the buffer cache; file data is written through it and read through the page
 * cache. Truncating and deleting call bforget on every buffer of the blocks they free. Left out:
 * i_sem, preallocation, permissions, links beyond the first, triple indirect blocks, fragments.
 */
import type { MayWait, Path, Task } from '../../sched/task'
import { Rest } from '../../sched/task'
import type { FileRooms } from '../file-rooms'
import type { FileSystem } from '../file-system'
import type { Inode, InodeOperations } from '../inode'
import { BlockMap } from './block-map'
import { Blocks } from './blocks'
import { Directories } from './directories'
import { FileData } from './file-data'
import type { Ext2Inode } from './inode'
import { Inodes } from './inodes'
import { Installer } from './install'
import { blockBytes, Layout } from './layout'
import { LoadedBitmaps } from './loaded-bitmaps'
import { Metadata } from './metadata'
import { Truncate } from './truncate'

export class Ext2 implements FileSystem, InodeOperations {
  readonly layout: Layout
  readonly blocks: Blocks
  readonly inodes: Inodes
  readonly root: Ext2Inode
  private readonly map: BlockMap
  private readonly directories: Directories
  private readonly files: FileData
  private readonly truncates: Truncate
  private readonly installer: Installer

  constructor(
    private readonly rooms: FileRooms,
    diskBytes: number,
  ) {
    const layout = new Layout(diskBytes)
    const metadata = new Metadata(rooms)
    const loaded = new LoadedBitmaps(rooms, metadata)
    const blocks = new Blocks(rooms, layout, loaded, metadata)
    const inodes = new Inodes(rooms, layout, loaded, metadata, blocks, this)
    this.layout = layout
    this.blocks = blocks
    this.inodes = inodes
    this.map = new BlockMap(rooms, blocks, inodes, metadata)
    this.directories = new Directories(rooms, this.map, inodes, metadata)
    this.files = new FileData(rooms, this.map, inodes, metadata)
    this.truncates = new Truncate(rooms, layout, loaded, blocks, inodes, metadata)
    this.installer = new Installer(layout, blocks, inodes)
    this.root = this.installer.root()
    rooms.inodeCache.add(this.root)
  }

  lookup(task: Task, directory: Ext2Inode, name: string): Path<Ext2Inode | undefined> {
    return this.directories.find(task, directory, name)
  }

  /** ext2_create(), ext2_mkdir(). */
  *create(task: Task, directory: Ext2Inode, name: string, asDirectory: boolean): Path<Ext2Inode> {
    const { base } = this.rooms
    const { ext2_create, ext2_mkdir } = base.procedures
    const node = task.node
    task.node = base.call(task, asDirectory ? ext2_mkdir : ext2_create)
    const inode = yield* this.inodes.allocate(task, asDirectory, directory)
    if (asDirectory) {
      yield* this.map.growDirectory(task, inode)
      inode.size = blockBytes
      inode.positions = 2
    }
    yield* this.directories.add(task, directory, name, inode)
    task.node = node
    return inode
  }

  /**
   * ext2_unlink(), ext2_rmdir(): removes the name; the inode is deleted with its last user.
   */
  *unlink(task: Task, directory: Ext2Inode, name: string): Path<boolean> {
    const { base } = this.rooms
    const entry = directory.entries?.get(name)
    if (!entry) return false
    const { inode } = entry
    if (inode.entries && inode.entries.size > 0) return false
    const node = task.node
    task.node = base.call(task, base.procedures.ext2_unlink)
    yield* this.directories.change(task, directory, entry.position)
    const isThere = directory.entries?.get(name) === entry
    if (isThere) {
      this.directories.drop(directory, name, entry)
      inode.links = 0
      this.inodes.markDirty(directory)
      if (inode.users === 0) yield* this.truncates.deleteInode(task, inode)
    }
    task.node = node
    return isThere
  }

  /** ext2_rename(): within or between directories. */
  *rename(
    task: Task,
    from: Ext2Inode,
    name: string,
    to: Ext2Inode,
    newName: string,
  ): Path<boolean> {
    const entry = from.entries?.get(name)
    if (!entry) return false
    const replaced = to.entries?.get(newName)
    if (replaced === entry) return true
    if (replaced) yield* this.unlink(task, to, newName)
    yield* this.directories.add(task, to, newName, entry.inode)
    yield* this.directories.rewrite(task, from, entry.position)
    this.directories.drop(from, name, entry)
    this.inodes.markDirty(from)
    return true
  }

  /** iput(): the last user of an unlinked inode deletes it. */
  put(task: Task, inode: Ext2Inode): MayWait {
    inode.users--
    if (inode.users > 0 || inode.links > 0) return undefined
    return new Rest(this.truncates.deleteInode(task, inode))
  }

  changed(_task: Task, inode: Ext2Inode): void {
    this.inodes.markDirty(inode)
  }

  truncate(task: Task, inode: Ext2Inode): Path {
    return this.truncates.truncate(task, inode)
  }

  write(task: Task, inode: Ext2Inode, position: number, bytes: number): MayWait {
    return this.files.write(task, inode, position, bytes)
  }

  read(task: Task, inode: Inode, position: number, bytes: number): MayWait<number> {
    return this.rooms.filePages.read(task, inode, position, bytes)
  }

  readPage(task: Task, inode: Ext2Inode, index: number, frame: number): Path {
    return this.files.readPage(task, inode, index, frame)
  }

  list(task: Task, directory: Ext2Inode): Path<string[]> {
    return this.directories.list(task, directory)
  }

  syncInodes(task: Task): Path {
    return this.inodes.sync(task)
  }

  install(directory: Ext2Inode, name: string, bytes: number): Ext2Inode {
    return this.installer.file(directory, name, bytes)
  }

  installDirectory(parent: Ext2Inode, name: string, group: number): Ext2Inode {
    return this.installer.directory(parent, name, group)
  }
}
