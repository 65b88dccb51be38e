/**
 * The page cache of Linux 2.2 (mm/filemap.c): pages of files by inode and index, on 2,048 hash chains, and on
 * a list per inode. The hash function is that of 2.2.5 (reference-figures §3.2), fed with the address that the
 * inode's slot in the inode cache would have.
 * Left out: swap pages share the hash in the real kernel; here they have their own map (swap.ts).
 */
import type { CacheResidency } from '../machine/cache'
import { cost } from './costs'
import type { PageFrames } from './page-frames'
import { FrameUse, noFrame } from './page-frames'
import type { Task } from './task'
import { WaitQueue } from './wait-queue'

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
/** struct page of mem_map: one line holds most of it. */
const pageStructBytes = 40

export class PageCache {
  private readonly hashHead = new Int32Array(buckets).fill(noFrame)
  private readonly hashNext: Int32Array
  private readonly hashPrevious: Int32Array
  private readonly inodeNext: Int32Array
  private readonly inodePrevious: Int32Array
  private readonly index: Int32Array
  private readonly owner: (CachedInode | undefined)[] = []
  /** Pages in the cache. */
  pages = 0
  lookups = 0
  private readonly waiters = new Map<number, WaitQueue>()
  private readonly mapFootprint: number

  constructor(
    private readonly frames: PageFrames,
    private readonly cache: CacheResidency,
    private readonly missCycles: number,
  ) {
    this.hashNext = new Int32Array(frames.frames)
    this.hashPrevious = new Int32Array(frames.frames)
    this.inodeNext = new Int32Array(frames.frames)
    this.inodePrevious = new Int32Array(frames.frames)
    this.index = new Int32Array(frames.frames)
    this.mapFootprint = cache.create(pageStructBytes)
  }

  private bucketOf(inode: CachedInode, index: number): number {
    const i = (inode.slot * inodeBytes) / inodeDivisor
    const sum = i + index
    return (sum + (sum >> 11)) & (buckets - 1)
  }

  /** find_page(): walks the hash chain. Marks the page referenced. `noFrame` when it is not cached. */
  find(inode: CachedInode, index: number, task: Task): number {
    let steps = 1
    let frame = this.hashHead[this.bucketOf(inode, index)]
    while (frame !== noFrame && (this.index[frame] !== index || this.owner[frame] !== inode)) {
      steps++
      frame = this.hashNext[frame]
    }
    this.lookups++
    task.charge(
      cost.findPage +
        steps * cost.chainStep +
        this.cache.touch(task.processor, this.mapFootprint, steps) * this.missCycles,
    )
    if (frame !== noFrame) this.frames.referenced[frame] = 1
    return frame
  }

  /** add_to_page_cache(): a frame that the caller has taken. */
  add(frame: number, inode: CachedInode, index: number, task: Task): void {
    this.frames.changeUse(frame, FrameUse.pageCache)
    this.owner[frame] = inode
    this.index[frame] = index
    const bucket = this.bucketOf(inode, index)
    const first = this.hashHead[bucket]
    this.hashNext[frame] = first
    this.hashPrevious[frame] = noFrame
    if (first !== noFrame) this.hashPrevious[first] = frame
    this.hashHead[bucket] = frame
    this.inodeNext[frame] = inode.firstPage
    this.inodePrevious[frame] = noFrame
    if (inode.firstPage !== noFrame) this.inodePrevious[inode.firstPage] = frame
    inode.firstPage = frame
    inode.pages++
    this.pages++
    this.cache.resize(this.mapFootprint, this.pages * pageStructBytes)
    task.charge(cost.addPage)
  }

  /** remove_inode_page(): out of the cache; the frame is freed when nobody maps it. */
  remove(frame: number, task: Task): void {
    const inode = this.owner[frame] as CachedInode
    const next = this.hashNext[frame]
    const previous = this.hashPrevious[frame]
    if (previous !== noFrame) this.hashNext[previous] = next
    else this.hashHead[this.bucketOf(inode, this.index[frame])] = next
    if (next !== noFrame) this.hashPrevious[next] = previous
    const inodeNext = this.inodeNext[frame]
    const inodePrevious = this.inodePrevious[frame]
    if (inodePrevious !== noFrame) this.inodeNext[inodePrevious] = inodeNext
    else inode.firstPage = inodeNext
    if (inodeNext !== noFrame) this.inodePrevious[inodeNext] = inodePrevious
    inode.pages--
    this.pages--
    this.owner[frame] = undefined
    this.cache.resize(this.mapFootprint, Math.max(1, this.pages) * pageStructBytes)
    task.charge(cost.dropPage)
    this.frames.drop(frame)
  }

  /** truncate_inode_pages(): every page of the inode that is not under way. */
  truncate(inode: CachedInode, task: Task): void {
    let frame = inode.firstPage
    while (frame !== noFrame) {
      const next = this.inodeNext[frame]
      if (this.frames.locked[frame] === 0) this.remove(frame, task)
      frame = next
    }
  }

  /** Who waits for the page to be unlocked. */
  waitersOf(frame: number): WaitQueue {
    let queue = this.waiters.get(frame)
    if (!queue) {
      queue = new WaitQueue()
      this.waiters.set(frame, queue)
    }
    return queue
  }

  takeWaiters(frame: number): WaitQueue | undefined {
    const queue = this.waiters.get(frame)
    if (queue) this.waiters.delete(frame)
    return queue
  }

  chainLengths(): Uint16Array {
    const lengths = new Uint16Array(buckets)
    for (let bucket = 0; bucket < buckets; bucket++) {
      for (let at = this.hashHead[bucket]; at !== noFrame; at = this.hashNext[at]) lengths[bucket]++
    }
    return lengths
  }

  /** What hangs in a bucket, as inode slot and page index. */
  chain(bucket: number): string[] {
    const pages: string[] = []
    for (let at = this.hashHead[bucket]; at !== noFrame; at = this.hashNext[at]) {
      pages.push(`inode ${this.owner[at]?.slot ?? '?'} page ${this.index[at]}`)
    }
    return pages
  }
}
