/**
 * Where things lie on an ext2 disk: block groups, each with a copy of the superblock, the group
 * descriptors, a block bitmap, an inode bitmap, an inode table, and data. 1 KB blocks, 8,192 a
 * group, one inode per 4 KB: what mke2fs of 1999 chose.
 */
import { sectorBytes } from '../../block/block-layer'
import { bufferBytes } from '../buffer-heads'

export const blockBytes = bufferBytes
export const blocksPerGroup = 8192
export const inodesPerGroup = 2048
export const sectorsPerBlock = blockBytes / sectorBytes
/** Blocks that an inode names itself. */
export const directBlocks = 12
const pointersPerBlock = blockBytes / 4
/**
 * Directory entries in a block, for names of about 10 letters: 8 bytes and the name, rounded up.
 */
export const entriesPerBlock = 50

const inodesPerBlock = blockBytes / 128
const inodeTableBlocks = inodesPerGroup / inodesPerBlock
const descriptorBytes = 32

export const groupOfBlock = (block: number): number => Math.floor(block / blocksPerGroup)
/** Block of a directory in which an entry lies. */
export const entryBlock = (position: number): number => Math.floor(position / entriesPerBlock)

export class Layout {
  readonly groups: number
  /** Blocks of a group that come before its data. */
  readonly metadataPerGroup: number

  constructor(diskBytes: number) {
    this.groups = Math.floor(diskBytes / blockBytes / blocksPerGroup)
    const descriptorBlocks = Math.ceil((this.groups * descriptorBytes) / blockBytes)
    this.metadataPerGroup = 1 + descriptorBlocks + 2 + inodeTableBlocks
  }

  /** Block of the group's block bitmap. */
  blockBitmapOf(group: number): number {
    return this.inodeBitmapOf(group) - 1
  }

  /** Block of the group's inode bitmap. */
  inodeBitmapOf(group: number): number {
    return group * blocksPerGroup + this.metadataPerGroup - inodeTableBlocks
  }

  /** Block of the inode table in which an inode lies. */
  inodeBlockOf(inode: number): number {
    const group = Math.floor(inode / inodesPerGroup)
    const within = inode % inodesPerGroup
    return this.inodeBitmapOf(group) + 1 + Math.floor(within / inodesPerBlock)
  }
}

/**
 * Indirect blocks that a file with a block at `index` has: one, then the double one and what hangs
 * there.
 */
export function indirectNeeded(index: number): number {
  const beyondSingle = index - directBlocks - pointersPerBlock
  if (beyondSingle < 0) return index < directBlocks ? 0 : 1
  return 3 + Math.floor(beyondSingle / pointersPerBlock)
}

/**
 * Which of a file's indirect blocks points to its block at `index`, which is beyond the direct
 * ones.
 */
export function pointerTo(index: number): number {
  const beyondSingle = index - directBlocks - pointersPerBlock
  return beyondSingle < 0 ? 0 : 2 + Math.floor(beyondSingle / pointersPerBlock)
}
