/**
 * The page cache of Linux 2.2 (mm/filemap.c): pages of files by inode and index, on 2,048 hash
 * chains, and on a list per inode. The hash function is that of 2.2.5 (reference-figures §3.2), fed
 * with the address that the inode's slot in the inode cache would have.
 * Left out: swap pages share the hash in the real kernel; here they have their own map (swap.ts).
 */
import type { HashParts } from '../lib/hash-table'
import { HashTable } from '../lib/hash-table'
import type { PageFrames } from './page-frames'
import { FrameField, frameRecord, FrameUse, noFrame } from './page-frames'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'

/** What the page cache needs to know of an inode. */
export interface CachedInode {
  /** Position in the inode cache, from which its address follows. */
  readonly slot: number
  /** First page frame of this inode, or `noFrame`. */
  firstPage: number
  pages: number
}

const buckets = 2048
/** sizeof(struct inode) in the 2.2 series, with ext2 and sockets in its union. */
const inodeBytes = 336
/** The divisor of the 2.2.5 hash: the lowest bit set in the size. */
const inodeDivisor = inodeBytes & ~(inodeBytes - 1)

/** page_hashtable and _page_hashfn() of 2.2.5: entries by inode slot and page index. */
const pageHash: HashParts = {
  buckets,
  hash: (slot, index) => {
    const sum = (slot * inodeBytes) / inodeDivisor + index
    return (sum + (sum >> 11)) & (buckets - 1)
  },
}

/** struct page of mem_map: one line holds most of it. */
const pageStructBytes = 40

/** Look-ups that are charged together: how many, and the steps that their chains took. */
export interface Looks {
  looks: number
  steps: number
}

export class PageCache {
  private readonly hashed: HashTable
  private readonly records: Int32Array
  /** Inodes with pages, by slot. */
  private readonly owners: (CachedInode | undefined)[] = []
  /** Pages in the cache. */
  pages = 0
  lookups = 0
  /** Entries of hash chains that look-ups have compared. */
  chainSteps = 0
  private readonly mapFootprint: number
  private readonly one: Looks = { looks: 0, steps: 0 }

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    hash = pageHash,
  ) {
    this.hashed = new HashTable(hash)
    this.records = frames.records
    this.mapFootprint = base.cache.create(pageStructBytes)
  }

  /**
   * find_page(): walks the hash chain. Marks the page referenced. `noFrame` when it is not cached.
   */
  find(inode: CachedInode, index: number, task: Task): number {
    this.one.looks = 0
    this.one.steps = 0
    const frame = this.look(inode, index, this.one)
    this.chargeLooks(task, this.one)
    return frame
  }

  /** The same, to be charged with others by `chargeLooks`. */
  look(inode: CachedInode, index: number, looks: Looks): number {
    const { slot } = inode
    const { hashed } = this
    const frame = hashed.find(hashed.hash(slot, index), slot, index)
    looks.looks++
    looks.steps += hashed.steps
    if (frame !== noFrame) this.frames.markReferenced(frame)
    return frame
  }

  chargeLooks(task: Task, { looks, steps }: Looks): void {
    const { cost } = this.base
    this.lookups += looks
    this.chainSteps += steps
    const cycles = looks * cost.findPage + steps * cost.chainStep
    this.base.chargeWithLines(task, cycles, this.mapFootprint, steps)
  }

  /** add_to_page_cache(): a frame that the caller has taken. It counts as referenced. */
  add(frame: number, inode: CachedInode, index: number, task: Task): void {
    const { records } = this
    const at = frame * frameRecord
    this.frames.changeUse(frame, FrameUse.pageCache)
    this.frames.markReferenced(frame)
    records[at + FrameField.owner] = inode.slot
    records[at + FrameField.index] = index
    this.owners[inode.slot] = inode
    this.hashed.insert(this.hashed.hash(inode.slot, index), inode.slot, index, frame)
    const firstOfInode = inode.firstPage
    records[at + FrameField.ownerNext] = firstOfInode
    records[at + FrameField.ownerPrevious] = noFrame
    if (firstOfInode !== noFrame) {
      records[firstOfInode * frameRecord + FrameField.ownerPrevious] = frame
    }
    inode.firstPage = frame
    inode.pages++
    this.pages++
    this.base.cache.resize(this.mapFootprint, this.pages * pageStructBytes)
    task.charge(this.base.cost.addPage)
  }

  /** remove_inode_page(): out of the cache; the frame is freed when nobody maps it. */
  remove(frame: number, task: Task): void {
    const { records } = this
    const at = frame * frameRecord
    const slot = records[at + FrameField.owner]
    const inode = this.owners[slot]
    if (!inode) throw new Error(`page frame ${frame} belongs to no inode`)
    const index = records[at + FrameField.index]
    this.hashed.remove(this.hashed.hash(slot, index), slot, index)
    const ownerNext = records[at + FrameField.ownerNext]
    const ownerPrevious = records[at + FrameField.ownerPrevious]
    if (ownerPrevious !== noFrame) {
      records[ownerPrevious * frameRecord + FrameField.ownerNext] = ownerNext
    } else inode.firstPage = ownerNext
    if (ownerNext !== noFrame) {
      records[ownerNext * frameRecord + FrameField.ownerPrevious] = ownerPrevious
    }
    inode.pages--
    this.pages--
    this.base.cache.resize(this.mapFootprint, Math.max(1, this.pages) * pageStructBytes)
    task.charge(this.base.cost.dropPage)
    this.frames.drop(frame)
  }

  /**
   * truncate_inode_pages(): every page of the inode. Returns one that is under way and has to be
   * waited for before this is called again, `noFrame` when there is none left.
   */
  truncate(inode: CachedInode, task: Task): number {
    let frame = inode.firstPage
    let underWay = noFrame
    while (frame !== noFrame) {
      const next = this.records[frame * frameRecord + FrameField.ownerNext]
      if (this.frames.isLocked(frame)) underWay = frame
      else this.remove(frame, task)
      frame = next
    }
    return underWay
  }

  chainLengths(): Uint16Array {
    return this.hashed.lengthOfEach()
  }

  /** What hangs in a bucket, as inode slot and page index. */
  chain(bucket: number): string[] {
    return this.hashed.entriesOf(bucket).map(([slot, index]) => `inode ${slot} page ${index}`)
  }
}
