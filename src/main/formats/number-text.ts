/**
 * Numbers as text, written into one room of bytes as JavaScript does. A month of samples
 * has half a billion of them: a string for each costs more memory than the rest of an export.
 */

/** Up to here a number is divided digit by digit. */
const wholeMax = 2 ** 53
const zero = 48
/** Longest text of a number. */
const longest = 32

export class NumberText {
  private room = Buffer.alloc(64 * 1024)
  private readonly digits = new Uint8Array(longest)
  length = 0

  number(value: number): void {
    this.makeRoom(longest)
    if (!(value >= 0 && value < wholeMax && value === Math.floor(value))) {
      return this.ascii(String(value))
    }
    const { digits, room } = this
    let count = 0
    let left = value
    do {
      const rest = Math.floor(left / 10)
      digits[count++] = zero + (left - 10 * rest)
      left = rest
    } while (left > 0)
    while (count > 0) room[this.length++] = digits[--count] ?? zero
  }

  /** Characters up to U+007F. */
  ascii(text: string): void {
    this.makeRoom(text.length)
    for (let at = 0; at < text.length; at++) this.room[this.length++] = text.charCodeAt(at)
  }

  bytes(text: Uint8Array): void {
    this.makeRoom(text.length)
    this.room.set(text, this.length)
    this.length += text.length
  }

  /** What was written since the last time, good until more is. */
  take(): Uint8Array {
    const bytes = this.room.subarray(0, this.length)
    this.length = 0
    return bytes
  }

  private makeRoom(bytes: number): void {
    if (this.length + bytes <= this.room.length) return
    this.room = Buffer.concat([this.room], 2 * this.room.length + bytes)
  }
}
