/**
 * What the scalable select of Banga and Mogul (USENIX 1998) keeps of a thread between its calls, as
 * bitmaps: INTERESTED, what it has selected before; READY, what was found ready and not looked at
 * since; HINTS, whose state has changed since. INTERESTED and READY have a part for reading and one
 * for writing. READY is a subset of INTERESTED. A call looks only at sockets of its sets that are
 * new to INTERESTED, hinted, or ready when last looked at: nobody tells when one is so no longer.
 * Left out: exceptions, in which no modelled program is interested.
 */
import { Bitmap, wordBits } from '../../lib/bitmap'
import { Readiness } from './watchers'

export class InterestSets {
  interestedRead = new Bitmap(wordBits)
  interestedWrite = new Bitmap(wordBits)
  readyRead = new Bitmap(wordBits)
  readyWrite = new Bitmap(wordBits)
  hints = new Bitmap(wordBits)

  /** Room for descriptors below `width`. */
  reserve(width: number): void {
    const bits = this.hints.words.length * wordBits
    if (width <= bits) return
    const room = Math.ceil(Math.max(width, 2 * bits) / wordBits) * wordBits
    this.interestedRead = this.interestedRead.copy(room)
    this.interestedWrite = this.interestedWrite.copy(room)
    this.readyRead = this.readyRead.copy(room)
    this.readyWrite = this.readyWrite.copy(room)
    this.hints = this.hints.copy(room)
  }

  /** Protocol code on a change of state. */
  hint(descriptor: number): void {
    if (this.has(this.interestedRead, descriptor) || this.has(this.interestedWrite, descriptor)) {
      this.hints.set(descriptor)
    }
  }

  private has(set: Bitmap, descriptor: number): boolean {
    return descriptor < set.words.length * wordBits && set.has(descriptor)
  }

  /**
   * The sockets of a call's sets that have to be looked at, as words of a bitmap: one pass of word
   * operations. What is new becomes interesting.
   */
  select(read: Bitmap, write: Bitmap): { words: number[]; count: number } {
    const words: number[] = []
    let count = 0
    for (let word = 0; word < read.words.length; word++) {
      words.push(0)
      const reads = read.words[word]
      const writes = write.words[word]
      const selected = reads | writes
      if (selected === 0) continue
      const ready = this.readyRead.words[word] | this.readyWrite.words[word]
      const known = this.hints.words[word] | ready
      const fresh =
        (reads & ~this.interestedRead.words[word]) | (writes & ~this.interestedWrite.words[word])
      words[word] = (selected & known) | fresh
      this.interestedRead.words[word] |= reads
      this.interestedWrite.words[word] |= writes
      count += bitsOf(words[word])
    }
    return { words, count }
  }

  /** A socket was looked at: what it answers is known until it hints. */
  found(descriptor: number, ready: number): void {
    this.hints.clear(descriptor)
    if (this.interestedRead.has(descriptor)) {
      this.note(this.readyRead, descriptor, (ready & Readiness.readable) !== 0)
    }
    if (this.interestedWrite.has(descriptor)) {
      this.note(this.readyWrite, descriptor, (ready & Readiness.writable) !== 0)
    }
  }

  private note(set: Bitmap, descriptor: number, on: boolean): void {
    if (on) set.set(descriptor)
    else set.clear(descriptor)
  }

  /** The descriptor is closed. */
  forget(descriptor: number): void {
    for (const set of this.all) if (this.has(set, descriptor)) set.clear(descriptor)
  }

  get all(): Bitmap[] {
    return [this.interestedRead, this.interestedWrite, this.readyRead, this.readyWrite, this.hints]
  }

  /** @throws Error where a socket is ready that is not interesting. */
  check(): void {
    for (const [ready, interested] of [
      [this.readyRead, this.interestedRead],
      [this.readyWrite, this.interestedWrite],
    ]) {
      const word = ready.words.findIndex((bits, at) => (bits & ~interested.words[at]) !== 0)
      if (word >= 0) throw new Error(`READY is not within INTERESTED in word ${word}`)
    }
  }
}

function bitsOf(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
