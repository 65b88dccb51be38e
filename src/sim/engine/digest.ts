/**
 * A rolling 64-bit digest in two 32-bit lanes: equal digests mean, with certainty for practice,
 * that the same events were executed in the same order. It is no defence against intent.
 */
export class Digest {
  private readonly lanes = new Int32Array([0x6a09e667, 0xbb67ae85])

  /** Adds one executed event. @param time ns. @param argument any safe integer. */
  event(time: number, handler: number, argument: number): void {
    const lanes = this.lanes
    let a = lanes[0]!
    let b = lanes[1]!
    // A safe integer does not fit 32 bits: its high part enters with the handler.
    a = Math.imul(a ^ (time | 0), 0x85ebca6b)
    a = ((a << 15) | (a >>> 17)) + b
    b = Math.imul(b ^ (argument | 0), 0xc2b2ae35)
    b = ((b << 13) | (b >>> 19)) + a
    const high = ((time * 2 ** -32) | 0) ^ (Math.floor(argument * 2 ** -32) << 11)
    a = Math.imul(a ^ high, 0x9e3779b1)
    b = Math.imul(b ^ handler, 0x27d4eb2f) + (a ^ (a >>> 16))
    lanes[0] = a
    lanes[1] = b
  }

  /** Adds a number, whole or not. */
  mix(value: number): void {
    bytes.setFloat64(0, value)
    this.event(bytes.getUint32(0), -1, bytes.getUint32(4))
  }

  /** 16 hex digits. */
  toString(): string {
    const a = scramble(this.lanes[0]! ^ Math.imul(this.lanes[1]!, 0x9e3779b1))
    const b = scramble(this.lanes[1]! ^ a)
    return hex(a) + hex(b)
  }
}

/** Written and read big-endian, so that the digest of a number is the same on every machine. */
const bytes = new DataView(new ArrayBuffer(8))

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')

/** MurmurHash3's 32-bit finaliser (A. Appleby): every input bit reaches every output bit. */
function scramble(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b)
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35)
  return word ^ (word >>> 16)
}
