/**
 * Files and directories that are on the disk before the machine starts: not in memory, and made in
 * no time.
 */
import type { Blocks } from './blocks'
import { noBlock } from './blocks'
import type { Ext2Inode } from './inode'
import type { Inodes } from './inodes'
import type { Layout } from './layout'
import { blockBytes, blocksPerGroup, entryBlock, groupOfBlock, indirectNeeded } from './layout'

export class Installer {
  constructor(
    private readonly layout: Layout,
    private readonly blocks: Blocks,
    private readonly inodes: Inodes,
  ) {}

  /** The root directory. */
  root(): Ext2Inode {
    return this.emptyDirectory(0)
  }

  file(directory: Ext2Inode, name: string, bytes: number): Ext2Inode {
    const inode = this.inodes.make(directory.group, false)
    const blocks = Math.ceil(bytes / blockBytes)
    let goal = inode.group * blocksPerGroup
    const take = (): number => {
      const block = this.takeFrom(goal)
      goal = block + 1
      return block
    }
    for (let index = 0; index < blocks; index++) {
      while (inode.indirect.length < indirectNeeded(index)) inode.indirect.push(take())
      inode.blocks.push(take())
    }
    inode.size = bytes
    this.enter(directory, name, inode)
    return inode
  }

  directory(parent: Ext2Inode, name: string, group: number): Ext2Inode {
    const inode = this.emptyDirectory(group % this.layout.groups)
    inode.positions = 2
    this.enter(parent, name, inode)
    return inode
  }

  private emptyDirectory(group: number): Ext2Inode {
    const inode = this.inodes.make(group, true)
    inode.blocks.push(this.blocks.take(group, group * blocksPerGroup))
    inode.size = blockBytes
    return inode
  }

  /** The first free block from `from` on, in later groups when its own is full. */
  private takeFrom(from: number): number {
    let group = groupOfBlock(from)
    for (let goal = from; ; goal = group * blocksPerGroup) {
      const block = this.blocks.free[group] > 0 ? this.blocks.take(group, goal) : noBlock
      if (block !== noBlock) return block
      group = (group + 1) % this.layout.groups
    }
  }

  private enter(directory: Ext2Inode, name: string, inode: Ext2Inode): void {
    const position = directory.positions++
    if (entryBlock(position) >= directory.blocks.length) {
      directory.blocks.push(this.blocks.take(directory.group, directory.blocks[0]))
      directory.size += blockBytes
    }
    directory.entries?.set(name, { inode, position })
  }
}
