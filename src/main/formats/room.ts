/** Bytes that are read again and again: an array for each of thousands of them adds up. */
export class Room {
  private bytes = new Uint8Array(64 * 1024)

  /** Good until the next. */
  take(length: number): Uint8Array {
    if (length > this.bytes.length) this.bytes = new Uint8Array(2 * length)
    return this.bytes.subarray(0, length)
  }
}
