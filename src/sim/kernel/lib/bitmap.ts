/**
 * A bitmap as find_next_zero_bit of the kernel searches it: 32 bits a word, lowest bit first. A
 * plain array: each process has one, and a typed array takes the host microseconds to make.
 */

/** Bits of a word, and its bytes. */
export const wordBits = 32
export const wordBytes = wordBits / 8
const fullWord = -1

export class Bitmap {
  /** Of 32 bits, with a sign. */
  readonly words: number[]
  /** Words that the last search looked at. */
  searched = 0

  /** All bits clear. @param bits a multiple of 32 */
  constructor(bits: number, from?: Bitmap) {
    this.words = from ? from.words.slice() : []
    for (let left = bits / wordBits - this.words.length; left > 0; left--) this.words.push(0)
  }

  /** A copy of this many bits, at least as many as there are; further ones are clear. */
  copy(bits = this.words.length * wordBits): Bitmap {
    return new Bitmap(bits, this)
  }

  /** Whether all bits of a word are set. */
  isFull(word: number): boolean {
    return this.words[word] === fullWord
  }

  set(bit: number): void {
    this.words[bit >> 5] |= 1 << (bit & 31)
  }

  clear(bit: number): void {
    this.words[bit >> 5] &= ~(1 << (bit & 31))
  }

  clearAll(): void {
    const { words } = this
    // Few words: a call of V8's fill() takes longer.
    for (let word = 0; word < words.length; word++) words[word] = 0
  }

  has(bit: number): boolean {
    return ((this.words[bit >> 5] >> (bit & 31)) & 1) === 1
  }

  /** Bits that are set. */
  get count(): number {
    let count = 0
    for (const word of this.words) {
      for (let left = word; left !== 0; left &= left - 1) count++
    }
    return count
  }

  /** find_next_zero_bit from `from`, wrapping around once. −1 when all bits are set. */
  findZero(from: number): number {
    const { words } = this
    const { length } = words
    let word = from >> 5
    let mask = -1 << (from & 31)
    for (let looked = 1; looked <= length + 1; looked++) {
      const zeros = ~words[word] & mask
      if (zeros !== 0) {
        this.searched = looked
        return word * wordBits + (wordBits - 1 - Math.clz32(zeros & -zeros))
      }
      mask = -1
      word = word + 1 === length ? 0 : word + 1
    }
    this.searched = length
    return -1
  }
}
