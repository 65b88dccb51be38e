/**
 * Named random streams: sfc32 (C. Doty-Humphrey, PractRand), 128 bits of state in four 32-bit
 * words, seeded by hashing (seed, name). Only integer and plain arithmetic, so every machine draws
 * the same.
 */
import { exp, log } from './elementary'

const unit = 2 ** -53
const twoTo26 = 2 ** 26

export class RandomStream {
  /** Three words that are mixed, and a counter, which makes the shortest cycle 2^32 draws long. */
  private readonly state: Int32Array

  /**
   * @param seed any number. @param name what the stream is for; streams of different names are
   * independent.
   */
  constructor(seed: number, name: string) {
    this.state = new Int32Array([...seedWords(seed, name), 1])
    for (let round = 0; round < 15; round++) this.uint32()
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const state = this.state
    const b = state[1]!
    const c = state[2]!
    const sum = (state[0]! + b + state[3]!) | 0
    state[3]!++
    state[0] = b ^ (b >>> 9)
    state[1] = c + (c << 3)
    state[2] = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }

  /** A number in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    const high = this.uint32() >>> 5
    return (high * twoTo26 + (this.uint32() >>> 6)) * unit
  }

  /**
   * A whole number in [0, bound), each as likely. @throws RangeError unless bound is an integer in
   * 1..2^32.
   */
  below(bound: number): number {
    if (!(bound >= 1 && bound <= 2 ** 32) || !Number.isInteger(bound)) {
      throw new RangeError(`below wants a whole number between 1 and 2^32, not ${bound}`)
    }
    if (bound === 2 ** 32) return this.uint32()
    // Words from the last, incomplete run of `bound` are drawn again.
    const divisor = bound >>> 0
    const whole = 2 ** 32 - ((-divisor >>> 0) % divisor)
    let word = this.uint32()
    while (word >= whole) word = this.uint32()
    return (word >>> 0) % divisor
  }

  /**
   * A whole number in [low, high], each as likely. @throws RangeError as `below`, for their
   * distance.
   */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True with this probability. @throws RangeError unless it lies in 0..1. */
  chance(probability: number): boolean {
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`a probability is between 0 and 1, not ${probability}`)
    }
    return this.uniform() < probability
  }

  /** Exponentially distributed, with this mean. */
  exponential(mean: number): number {
    return -mean * log(1 - this.uniform())
  }

  /**
   * Normally distributed: Marsaglia's polar method, one of the pair used, so that no draw is kept.
   */
  normal(mean: number, deviation: number): number {
    for (;;) {
      const x = 2 * this.uniform() - 1
      const y = 2 * this.uniform() - 1
      const square = x * x + y * y
      if (square > 0 && square < 1) {
        return mean + deviation * x * Math.sqrt((-2 * log(square)) / square)
      }
    }
  }

  /**
   * e to the power of a normal draw. @param median e^mu. @param sigma deviation of the logarithm.
   */
  lognormal(median: number, sigma: number): number {
    return median * exp(this.normal(0, sigma))
  }

  /** Puts the array into a random order, each as likely, and returns it. */
  shuffle<T>(array: T[]): T[] {
    for (let last = array.length - 1; last > 0; last--) {
      const chosen = this.below(last + 1)
      const kept = array[last]!
      array[last] = array[chosen]!
      array[chosen] = kept
    }
    return array
  }
}

/** Three words from the seed's 64 bits and the name's UTF-16 units. */
function seedWords(seed: number, name: string): readonly [number, number, number] {
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setFloat64(0, seed)
  let h = 0x811c9dc5
  let g = 0x2545f491
  const add = (word: number): void => {
    h = Math.imul(h ^ word, 0x01000193)
    g = Math.imul(((g << 13) | (g >>> 19)) ^ word, 0x9e3779b1)
  }
  add(bytes.getInt32(0))
  add(bytes.getInt32(4))
  for (let index = 0; index < name.length; index++) add(name.charCodeAt(index))
  add(name.length)
  return [scramble(h), scramble(g), scramble(h ^ ((g << 16) | (g >>> 16)))]
}

/** MurmurHash3's 32-bit finaliser: every input bit reaches every output bit. */
function scramble(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
