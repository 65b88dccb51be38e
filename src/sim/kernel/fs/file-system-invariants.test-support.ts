/** What must hold of ext2's bitmaps and of the files that can be reached from the root. */
import type { Inode } from './ext2/inode'
import type { Kernel } from '../kernel'

const blocksPerGroup = 8192
const inodesPerGroup = 2048

/** Inodes that have a name, the root among them. */
export function reachable(kernel: Kernel): Set<Inode> {
  const found = new Set<Inode>([kernel.fs.root])
  for (const inode of found) {
    for (const { inode: child } of inode.entries?.values() ?? []) found.add(child)
  }
  return found
}

/** Whether a bit of a group's bitmap is set; what was never written is clear. */
const isSet = (bitmaps: readonly (Uint32Array | undefined)[], number: number, per: number) => {
  const words = bitmaps[Math.floor(number / per)]
  const bit = number % per
  return words !== undefined && ((words[bit >> 5]! >> (bit & 31)) & 1) === 1
}

function bitsSet(words: Uint32Array | undefined): number {
  let count = 0
  for (const word of words ?? []) {
    for (let left = word; left !== 0; left = (left & (left - 1)) >>> 0) count++
  }
  return count
}

/** Whether some task is in the middle of ext2_truncate(), which frees a file's blocks one by one. */
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
  const { fs } = kernel
  const whole = !truncating(kernel)
  const blocks = new Map<number, Inode>()
  const slots = new Set<number>()
  for (const inode of reachable(kernel)) {
    const name = `inode ${inode.number}`
    if (!isSet(fs['inodeBitmaps'], inode.number, inodesPerGroup)) wrong.push(`${name} is free`)
    if (slots.has(inode.slot)) wrong.push(`${name} shares its slot`)
    slots.add(inode.slot)
    for (const block of whole ? [...inode.blocks, ...inode.indirect] : []) {
      if (blocks.has(block)) wrong.push(`block ${block} belongs to two files`)
      blocks.set(block, inode)
      if (!isSet(fs['blockBitmaps'], block, blocksPerGroup)) {
        wrong.push(`block ${block} of ${name} is free`)
      }
    }
  }
  for (let group = 0; group < fs.groups; group++) {
    const words = fs['blockBitmaps'][group]
    const free = fs['freeBlocks'][group]!
    if (words && blocksPerGroup - bitsSet(words) !== free) {
      wrong.push(`group ${group} has ${blocksPerGroup - bitsSet(words)} blocks free, not ${free}`)
    }
    const inodes = bitsSet(fs['inodeBitmaps'][group])
    if (inodesPerGroup - inodes !== fs['freeInodes'][group]) {
      wrong.push(`group ${group} has ${inodes} inodes, ${fs['freeInodes'][group]} are free`)
    }
  }
  return wrong
}

/** Blocks and inodes that a file system at rest has in use beyond what its files have. */
export function lostIn(kernel: Kernel): { readonly blocks: number; readonly inodes: number } {
  const { fs } = kernel
  let blocks = fs.blocksInUse
  let inodes = fs['inodeBitmaps'].reduce((sum, words) => sum + bitsSet(words), 0)
  for (const inode of reachable(kernel)) {
    blocks -= inode.blocks.length + inode.indirect.length
    inodes--
  }
  return { blocks, inodes }
}
