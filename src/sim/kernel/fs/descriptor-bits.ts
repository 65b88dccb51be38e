/** A bitmap of a process's descriptors, with what looking at its words costs. */
import { type Bitmap, wordBits, wordBytes } from '../lib/bitmap'
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'

const noFootprint = -1

export class DescriptorBits {
  private footprint = noFootprint

  constructor(
    private readonly base: Pick<KernelBase, 'cache' | 'missCycles' | 'cost'>,
    private bits: Bitmap,
  ) {}

  copy(): DescriptorBits {
    return new DescriptorBits(this.base, this.bits.copy())
  }

  /** Words. */
  get length(): number {
    return this.bits.words.length
  }

  get bytes(): number {
    return this.length * wordBytes
  }

  isFull(word: number): boolean {
    return this.bits.isFull(word)
  }

  /** Of any number: a call may name a descriptor that cannot be one. */
  has(bit: number): boolean {
    return bit >= 0 && bit < this.length * wordBits && this.bits.has(bit)
  }

  set(bit: number, on: boolean): void {
    if (on) this.bits.set(bit)
    else this.bits.clear(bit)
  }

  /** The lowest clear bit; the first beyond the last one when all are set. Charges nothing. */
  lowestClear(): number {
    const bit = this.bits.findZero(0)
    return bit < 0 ? this.length * wordBits : bit
  }

  /** Words that `lowestClear` looked at. */
  get searched(): number {
    return this.bits.searched
  }

  /** Charges looking at a number of adjacent words. */
  look(task: Task, words: number): void {
    const { cache, cost, missCycles } = this.base
    const lines = Math.ceil((words * wordBytes) / cache.lineBytes)
    const misses = cache.touch(task.processor, this.inCache(), lines)
    task.charge(words * cost.bitmapWord + misses * missCycles)
  }

  /** A word was written: stale on other CPUs. */
  wrote(task: Task): void {
    this.base.cache.invalidate(task.processor, this.inCache(), 1)
  }

  /** Its place in the caches, made when first needed: few processes ever have a second bitmap. */
  inCache(): number {
    if (this.footprint === noFootprint) this.footprint = this.base.cache.create(this.bytes)
    return this.footprint
  }

  /** Twice as many words, the new ones clear. */
  double(): void {
    this.bits = this.bits.copy(2 * this.length * wordBits)
    if (this.footprint !== noFootprint) this.base.cache.resize(this.footprint, this.bytes)
  }

  /** Frees it. */
  release(): void {
    if (this.footprint !== noFootprint) this.base.cache.release(this.footprint)
    this.footprint = noFootprint
  }

  toArray(): Int32Array {
    return Int32Array.from(this.bits.words)
  }
}
