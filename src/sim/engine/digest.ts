/**
 * A rolling 64-bit digest in two 32-bit lanes: equal digests mean, with certainty for practice,
 * that the same events were executed in the same order. It is no defence against intent.
 */
export class Digest {
  /** The engine adds executed events to them in its loop. */
  readonly lanes = new Int32Array([0x6a09e667, 0xbb67ae85])

  /**
   * Adds an executed event. The high parts of the two numbers, which 32 bits do not hold, cross
   * over to the other word.
   */
  note(time: number, handler: number, argument: number): void {
    const { lanes } = this
    const a = lanes[0]!
    const b = lanes[1]!
    const x = (time | 0) ^ Math.imul(handler + 1, 0x9e3779b1) ^ ((argument * highPart) << 11)
    const y = (argument | 0) ^ Math.imul((time * highPart) | 0, 0x85ebca6b)
    lanes[0] = Math.imul(a ^ Math.imul(x, 0xcc9e2d51), 0x9e3779b1) + b
    lanes[1] = Math.imul(((b << 15) | (b >>> 17)) ^ Math.imul(y, 0x1b873593), 0x27d4eb2f) ^ a
  }

  /** Adds a number, whole or not. */
  mix(value: number): void {
    bytes.setFloat64(0, value)
    const a = Math.imul(this.lanes[0]! ^ scramble(bytes.getInt32(0)), 0x85ebca6b) + this.lanes[1]!
    const b = Math.imul(this.lanes[1]! ^ scramble(bytes.getInt32(4) + 1), 0xc2b2ae35)
    this.lanes[0] = a
    this.lanes[1] = b ^ ((a << 16) | (a >>> 16))
  }

  /** 16 hex digits. */
  toString(): string {
    const a = scramble(this.lanes[0]! ^ Math.imul(this.lanes[1]!, 0x9e3779b1))
    const b = scramble(this.lanes[1]! ^ a)
    return hex(a) + hex(b)
  }
}

/** Times a whole number it is the part of it that 32 bits do not hold. */
export const highPart = 2 ** -32

/** Written and read big-endian, so that the digest of a number is the same on every machine. */
const bytes = new DataView(new ArrayBuffer(8))

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/** MurmurHash3's 32-bit finaliser (A. Appleby): every input bit reaches every output bit. */
function scramble(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
