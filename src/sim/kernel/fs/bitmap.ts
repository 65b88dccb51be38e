/** A bitmap of the kernel, in words of 32 bits, with what looking at its words costs. */
import type { KernelBase } from '../sched/base'
import type { Task } from '../sched/task'

export const wordBits = 32
export const wordBytes = 4
const fullWord = -1

const noFootprint = -1

export class Bitmap {
  private footprint = noFootprint

  constructor(
    private readonly base: Pick<KernelBase, 'cache' | 'missCycles' | 'cost'>,
    /** Plain numbers of 32 bits: a typed array costs the host more to make, and each fork makes bitmaps. */
    private words: number[],
  ) {}

  static ofZeros(base: Bitmap['base'], words: number): Bitmap {
    return new Bitmap(base, zeros(words))
  }

  copy(): Bitmap {
    return new Bitmap(this.base, this.words.slice())
  }

  get length(): number {
    return this.words.length
  }

  get bytes(): number {
    return this.words.length * wordBytes
  }

  isFull(word: number): boolean {
    return this.words[word] === fullWord
  }

  has(bit: number): boolean {
    if (!(bit >= 0 && bit < this.words.length * wordBits)) return false
    return ((this.wordOf(bit) >>> (bit % wordBits)) & 1) === 1
  }

  private wordOf(bit: number): number {
    return this.words[Math.floor(bit / wordBits)] ?? 0
  }

  set(bit: number, on: boolean): void {
    const before = this.wordOf(bit)
    const mask = 1 << (bit % wordBits)
    this.words[Math.floor(bit / wordBits)] = on ? before | mask : before & ~mask
  }

  /** Lowest bit of a word that is 0, as a bit of the bitmap. Only of a word that is not full. */
  firstZeroIn(word: number): number {
    const value = this.words[word] ?? 0
    return word * wordBits + wordBits - 1 - Math.clz32(~value & (value + 1))
  }

  /** Index of the first word that is not full; one past the last when all are. Charges nothing. */
  firstNotFull(): number {
    const { words } = this
    let at = 0
    while (at < words.length && words[at] === fullWord) at++
    return at
  }

  /** Charges looking at so many neighbouring words. */
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

  /** Its place in the caches, made when it is first needed: few processes ever have a second bitmap. */
  inCache(): number {
    if (this.footprint === noFootprint) this.footprint = this.base.cache.create(this.bytes)
    return this.footprint
  }

  /** Twice as many words, the new ones 0. */
  double(): void {
    this.words = [...this.words, ...zeros(this.words.length)]
    if (this.footprint !== noFootprint) this.base.cache.resize(this.footprint, this.bytes)
  }

  /** It is no more. */
  release(): void {
    this.words.length = 0
    if (this.footprint !== noFootprint) this.base.cache.release(this.footprint)
    this.footprint = noFootprint
  }

  toArray(): Int32Array {
    return Int32Array.from(this.words)
  }
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0)
