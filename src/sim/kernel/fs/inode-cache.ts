/**
 * The inodes in memory, on hash chains by number and super block (fs/inode.c of Linux 2.2:
 * find_inode, HASH_BITS 8). A look-up walks its chain: the first inode is part of the cost of iget,
 * each further one and its miss come on top.
 * Left out: lists of unused and dirty inodes (a file system keeps its dirty ones), the limit of
 * their number.
 */
import type { HashParts } from '../lib/hash-table'
import { HashTable } from '../lib/hash-table'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'
import type { Inode } from './inode'

const hashBits = 8
const buckets = 1 << hashBits
/** Address of the super block, of which there is one: page-aligned in kernel memory (assumed). */
const superBlock = 0xc7f0_4000

/** inode_hashtable and hash() of the 2.2 series: (i_ino | sb), folded twice. */
export const inodeHash: HashParts = {
  buckets,
  hash: (number) => {
    const sum = (number | superBlock) >>> 0
    return (sum + (sum >>> hashBits) + (sum >>> (2 * hashBits))) & (buckets - 1)
  },
}

/** What a walk touches of an inode: the line with its chain, its number and its super block. */
const walkedBytes = 32

export class InodeCache {
  private readonly hashed: HashTable
  private readonly footprint: number
  /** Inodes that it holds. */
  cached = 0

  constructor(
    private readonly base: KernelBase,
    hash = inodeHash,
  ) {
    this.hashed = new HashTable(hash)
    this.footprint = base.cache.create(walkedBytes)
  }

  /** find_inode(): walks the hash chain. False when the inode has to be read first. */
  find(task: Task, inode: Inode): boolean {
    const { number } = inode
    const { hashed } = this
    const isThere = hashed.find(hashed.hash(number, 0), number, 0) >= 0
    const { cost } = this.base
    const further = hashed.steps - 1
    const cycles = cost.inode + further * cost.chainStep
    this.base.chargeWithLines(task, cycles, this.footprint, further)
    return isThere
  }

  /** insert_inode_hash(). */
  add(inode: Inode): void {
    if (inode.cached) return
    inode.cached = true
    this.hashed.insert(this.hashed.hash(inode.number, 0), inode.number, 0, inode.slot)
    this.resize(1)
  }

  /** clear_inode(): from now on it is on the disk only. */
  drop(inode: Inode): void {
    if (!inode.cached) return
    inode.cached = false
    this.hashed.remove(this.hashed.hash(inode.number, 0), inode.number, 0)
    this.resize(-1)
  }

  private resize(by: number): void {
    this.cached += by
    this.base.cache.resize(this.footprint, Math.max(1, this.cached) * walkedBytes)
  }

  chainLengths(): Uint16Array {
    return this.hashed.lengthOfEach()
  }
}
