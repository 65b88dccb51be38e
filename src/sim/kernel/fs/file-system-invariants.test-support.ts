/** What must hold of ext2's bitmaps and of the files that can be reached from the root. */
import type { Bitmap } from '../lib/bitmap'
import type { Ext2 } from './ext2/ext2'
import type { Ext2Inode } from './ext2/inode'
import type { Kernel } from '../kernel'

const blocksPerGroup = 8192
const inodesPerGroup = 2048

const ext2Of = ({ fs }: Kernel): Ext2 => fs as Ext2

/** Inodes that have a name, the root among them. */
function reachable(kernel: Kernel): Set<Ext2Inode> {
  const found = new Set([ext2Of(kernel).root])
  for (const inode of found) {
    for (const { inode: child } of inode.entries?.values() ?? []) found.add(child)
  }
  return found
}

/** Whether a bit of a group's bitmap is set; what was never written is clear. */
const isSet = (bitmaps: readonly (Bitmap | undefined)[], number: number, per: number) =>
  bitmaps[Math.floor(number / per)]?.has(number % per) ?? false

/**
 * Whether some task is in the middle of ext2_truncate(), which frees a file's blocks one by one.
 */
function truncating(kernel: Kernel): boolean {
  const { tree, processes, procedures } = kernel
  for (const task of processes.all) {
    for (let node = task.node; node !== 0; node = tree.parent[node]!) {
      if (tree['procedure'][node] === procedures.ext2_truncate) return true
    }
  }
  return false
}

/** One sentence for everything that is wrong with the file system; empty when nothing is. */
export function wrongWithFiles(kernel: Kernel): string[] {
  const wrong: string[] = []
  const { blocks: allocated, inodes, layout } = ext2Of(kernel)
  const whole = !truncating(kernel)
  const blocks = new Map<number, Ext2Inode>()
  const slots = new Set<number>()
  for (const inode of reachable(kernel)) {
    const name = `inode ${inode.number}`
    if (!isSet(inodes.bitmaps, inode.number, inodesPerGroup)) wrong.push(`${name} is free`)
    if (slots.has(inode.slot)) wrong.push(`${name} shares its slot`)
    slots.add(inode.slot)
    for (const block of whole ? [...inode.blocks, ...inode.indirect] : []) {
      if (blocks.has(block)) wrong.push(`block ${block} belongs to two files`)
      blocks.set(block, inode)
      if (!isSet(allocated.bitmaps, block, blocksPerGroup)) {
        wrong.push(`block ${block} of ${name} is free`)
      }
    }
  }
  for (let group = 0; group < layout.groups; group++) {
    const inUse = allocated.bitmaps[group]?.count
    const free = allocated.free[group]!
    if (inUse !== undefined && blocksPerGroup - inUse !== free) {
      wrong.push(`group ${group} has ${blocksPerGroup - inUse} blocks free, not ${free}`)
    }
    const made = inodes.bitmaps[group]?.count ?? 0
    if (inodesPerGroup - made !== inodes.free[group]) {
      wrong.push(`group ${group} has ${made} inodes, ${inodes.free[group]} are free`)
    }
  }
  return wrong
}

/** Blocks and inodes that a file system at rest has in use beyond what its files have. */
export function lostIn(kernel: Kernel): { readonly blocks: number; readonly inodes: number } {
  const fs = ext2Of(kernel)
  let blocks = fs.blocks.inUse
  let inodes = fs.inodes.bitmaps.reduce((sum, bitmap) => sum + (bitmap?.count ?? 0), 0)
  for (const inode of reachable(kernel)) {
    blocks -= inode.blocks.length + inode.indirect.length
    inodes--
  }
  return { blocks, inodes }
}
