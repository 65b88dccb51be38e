/**
 * The descriptors of a process that calls select: its two bitmaps, for reading and for writing,
 * those that the last call has filled in, and what a scalable kernel keeps of its thread.
 */
import { SetBit } from '../../../observe/structures'
import { Bitmap, wordBits } from '../../lib/bitmap'
import type { OpenFile } from '../files'
import { type InterestSets } from './interest-sets'
import type { Watch } from './watchers'
import { Readiness } from './watchers'
import { WatchSet } from './watch-set'

export class SelectSet extends WatchSet {
  override readonly call = 'select'
  read = new Bitmap(wordBits)
  write = new Bitmap(wordBits)
  resultRead = new Bitmap(wordBits)
  resultWrite = new Bitmap(wordBits)
  /** Undefined until a scalable select has seen the thread. */
  interests: InterestSets | undefined

  override watch(descriptor: number, file: OpenFile, interest: number): void {
    super.watch(descriptor, file, interest)
    this.reserve(descriptor + 1)
    mark(this.read, descriptor, (interest & Readiness.readable) !== 0)
    mark(this.write, descriptor, (interest & Readiness.writable) !== 0)
  }

  /** A descriptor in none of the sets is passed over; a scalable kernel still knows it. */
  protected override counted(interest: number): number {
    return interest === 0 ? 0 : 1
  }

  private reserve(width: number): void {
    const bits = this.read.words.length * wordBits
    if (width <= bits) return
    const room = Math.ceil(Math.max(width, 2 * bits) / wordBits) * wordBits
    this.read = this.read.copy(room)
    this.write = this.write.copy(room)
    this.resultRead = new Bitmap(room)
    this.resultWrite = new Bitmap(room)
  }

  override forget(descriptor: number): void {
    super.forget(descriptor)
    if (descriptor >= this.read.words.length * wordBits) return
    mark(this.read, descriptor, false)
    mark(this.write, descriptor, false)
  }

  override closed(watch: Watch): void {
    super.closed(watch)
    this.interests?.forget(watch.descriptor)
  }

  override keepsSets(): boolean {
    return this.interests !== undefined
  }

  override mark(states: Uint8Array): void {
    super.mark(states)
    const { interests } = this
    if (!interests) return
    const { interestedRead, interestedWrite, readyRead, readyWrite, hints } = interests
    const layers: [number, Bitmap[]][] = [
      [SetBit.interested, [interestedRead, interestedWrite]],
      [SetBit.kept, [readyRead, readyWrite]],
      [SetBit.hinted, [hints]],
    ]
    for (const [bit, sets] of layers) {
      for (const set of sets) {
        const end = Math.min(states.length, 32 * set.words.length)
        for (let at = 0; at < end; at++) if (set.has(at)) states[at] |= bit
      }
    }
  }

  /** Both result sets, as copied out: what is ready. */
  fillResults(): void {
    this.resultRead.clearAll()
    this.resultWrite.clearAll()
    for (const { descriptor, ready } of this.ready) {
      if ((ready & Readiness.readable) !== 0) this.resultRead.set(descriptor)
      if ((ready & Readiness.writable) !== 0) this.resultWrite.set(descriptor)
    }
  }
}

function mark(set: Bitmap, bit: number, on: boolean): void {
  if (on) set.set(bit)
  else set.clear(bit)
}
