/**
 * Buffer heads (struct buffer_head of Linux 2.2): what each says of its buffer, and the LRU lists
 * by state that they are on. One record of eight numbers for each, so that looking at one touches
 * one line of the host.
 */
import { notInChain } from '../lib/hash-table'
import type { PageFrames } from '../mm/page-frames'
import { DirtyOrder } from './dirty-order'

export const noBuffer = notInChain

/** Clean and free buffers of a metadata cache are on lists of their own. */
export const BufferList = {
  clean: 0,
  locked: 1,
  dirty: 2,
  free: 3,
  none: 4,
  wiredClean: 5,
  wiredFree: 6,
} as const
const lists = 7

/** b_state bits. */
export const BufferBit = { uptodate: 1, dirty: 2, locked: 4, orphaned: 8, metadata: 16 } as const

/** Bytes of a buffer: the block size of the file system. */
export const bufferBytes = 1024
/** Numbers in a record. */
export const headRecord = 8
/**
 * Fields of a record: b_blocknr, b_state, b_count, b_flushtime in jiffies, the links of its
 * list, its page frame, and its place among the dirty ones.
 */
export const HeadField = {
  block: 0,
  state: 1,
  count: 2,
  flushAt: 3,
  next: 4,
  previous: 5,
  frame: 6,
  place: 7,
} as const
/** The number of the LRU list is kept above the state bits. */
export const listShift = 8
const stateMask = (1 << listShift) - 1

export class BufferHeads {
  protected readonly heads: Int32Array
  readonly head = new Int32Array(lists).fill(noBuffer)
  private readonly tail = new Int32Array(lists).fill(noBuffer)
  readonly length = new Int32Array(lists)
  /** The dirty list again, for those who walk along it. */
  readonly dirtyOrder: DirtyOrder

  /** @param max maximum number of heads */
  constructor(
    protected readonly frames: PageFrames,
    max: number,
  ) {
    this.heads = new Int32Array(max * headRecord)
    this.dirtyOrder = new DirtyOrder(this.heads, headRecord, HeadField.place)
  }

  /** The buffer gets one user more. */
  hold(buffer: number): void {
    const at = buffer * headRecord
    if (this.heads[at + HeadField.count]++ === 0) this.touch(at)
  }

  /** One user less, without the rest of brelse. */
  unhold(buffer: number): void {
    const at = buffer * headRecord
    if (--this.heads[at + HeadField.count] === 0) this.touch(at)
  }

  /**
   * The buffer of this record may have become busy or idle, and with it what reclaim can do with
   * its page.
   */
  protected touch(at: number): void {
    this.frames.touch(this.heads[at + HeadField.frame])
  }

  /** Users of the buffer: b_count. */
  usersOf(buffer: number): number {
    return this.heads[buffer * headRecord + HeadField.count]
  }

  /** The block whose content the buffer has. */
  blockOf(buffer: number): number {
    return this.heads[buffer * headRecord + HeadField.block]
  }

  /** When a dirty buffer is due to be written, in jiffies; 0: no time was set. */
  dueOf(buffer: number): number {
    return this.heads[buffer * headRecord + HeadField.flushAt]
  }

  has(buffer: number, bit: number): boolean {
    return (this.heads[buffer * headRecord + HeadField.state] & bit) !== 0
  }

  protected set(buffer: number, bits: number): void {
    const at = buffer * headRecord
    this.heads[at + HeadField.state] |= bits
    if (this.heads[at + HeadField.count] === 0) this.touch(at)
  }

  protected clear(buffer: number, bits: number): void {
    const at = buffer * headRecord
    this.heads[at + HeadField.state] &= ~bits
    if (this.heads[at + HeadField.count] === 0) this.touch(at)
  }

  /** The LRU list that the buffer is on. */
  listOf(buffer: number): number {
    return this.heads[buffer * headRecord + HeadField.state] >> listShift
  }

  /** The buffer after this one on its LRU list. */
  after(buffer: number): number {
    return this.heads[buffer * headRecord + HeadField.next]
  }

  protected append(buffer: number, list: number): void {
    this.link(buffer, list, this.tail[list], noBuffer)
    if (list !== BufferList.dirty) return
    this.dirtyOrder.append(buffer, this.dueOf(buffer))
  }

  protected prepend(buffer: number, list: number): void {
    this.link(buffer, list, noBuffer, this.head[list])
  }

  /** Between two buffers of the list; none stands for its end. */
  private link(buffer: number, list: number, previous: number, next: number): void {
    const { heads } = this
    const at = buffer * headRecord
    heads[at + HeadField.previous] = previous
    heads[at + HeadField.next] = next
    if (previous !== noBuffer) heads[previous * headRecord + HeadField.next] = buffer
    else this.head[list] = buffer
    if (next !== noBuffer) heads[next * headRecord + HeadField.previous] = buffer
    else this.tail[list] = buffer
    heads[at + HeadField.state] = (heads[at + HeadField.state] & stateMask) | (list << listShift)
    this.length[list]++
  }

  protected unlist(buffer: number): void {
    const { heads } = this
    const at = buffer * headRecord
    const list = heads[at + HeadField.state] >> listShift
    const next = heads[at + HeadField.next]
    const previous = heads[at + HeadField.previous]
    if (previous !== noBuffer) heads[previous * headRecord + HeadField.next] = next
    else this.head[list] = next
    if (next !== noBuffer) heads[next * headRecord + HeadField.previous] = previous
    else this.tail[list] = previous
    this.length[list]--
    if (list === BufferList.dirty) this.dirtyOrder.remove(buffer)
  }
}
