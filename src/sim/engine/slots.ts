/**
 * What there is to know of an event besides its time: one record of 16 bytes per slot. Free slots
 * form a list; the one freed last is used first, while it is still in the cache.
 */

/** No slot. */
export const none = -1

/** Handlers take the low 24 bits of a record's third word, the priority the 8 above them. */
const handlerBits = 24
const handlerMask = 2 ** handlerBits - 1
/** Stands where the handler was in an event that was cancelled while it waits in the queue. */
const cancelled = handlerMask
export const handlerLimit = cancelled

const initialSlots = 64
/** Slot numbers take the low 22 bits of a timer id, generations the 31 above them. */
const slotBits = 22
const slotLimit = 2 ** slotBits
const lastGeneration = 2 ** 31 - 1

export class Slots {
  /** Per slot two doubles: the argument, and one that `words` overlays. */
  private numbers: Float64Array
  /** Per slot four words: two under the argument, then handler and priority (a free slot: the next free one), then generation. */
  private words: Int32Array
  /** Slots that were ever used. Those above have never been. */
  private used = 0
  private firstFree = none

  constructor() {
    const buffer = new ArrayBuffer(initialSlots * 16)
    this.numbers = new Float64Array(buffer)
    this.words = new Int32Array(buffer)
  }

  argument(slot: number): number {
    return this.numbers[slot << 1]!
  }
  handler(slot: number): number {
    return this.words[(slot << 2) + 2]! & handlerMask
  }
  priority(slot: number): number {
    return this.words[(slot << 2) + 2]! >> handlerBits
  }
  isCancelled(slot: number): boolean {
    return (this.words[(slot << 2) + 2]! & handlerMask) === cancelled
  }
  /** Which use of the slot this is, from 1. */
  generation(slot: number): number {
    return this.words[(slot << 2) + 3]!
  }

  /** A slot with this event in it. @throws RangeError when 2^22 events are pending. */
  take(handler: number, argument: number, priority: number): number {
    let slot = this.firstFree
    if (slot === none) slot = this.takeFresh()
    else this.firstFree = this.words[(slot << 2) + 2]!
    this.numbers[slot << 1] = argument
    this.words[(slot << 2) + 2] = (priority << handlerBits) | handler
    return slot
  }

  /** Gives a slot back that the queue holds no more. Its timer id matches nothing from here on. */
  release(slot: number): void {
    const words = this.words
    const generation = words[(slot << 2) + 3]!
    if (generation === lastGeneration) {
      // Its generations are used up: it retires, and the next event takes a fresh slot.
      words[(slot << 2) + 2] = cancelled
      return
    }
    words[(slot << 2) + 3] = generation + 1
    words[(slot << 2) + 2] = this.firstFree
    this.firstFree = slot
  }

  /** The timer id of the event that is in this slot now. Never 0. */
  timer(slot: number): number {
    return this.words[(slot << 2) + 3]! * slotLimit + slot
  }

  /** Marks an event as cancelled, to be released when the queue comes upon it. False if the id is stale. */
  cancel(timer: number): boolean {
    const slot = timer & (slotLimit - 1)
    if (slot >= this.used || this.timer(slot) !== timer || this.isCancelled(slot)) return false
    this.words[(slot << 2) + 2] = (this.words[(slot << 2) + 2]! & ~handlerMask) | cancelled
    return true
  }

  private takeFresh(): number {
    if (this.used << 1 === this.numbers.length) this.grow()
    const slot = this.used++
    this.words[(slot << 2) + 3] = 1
    return slot
  }

  private grow(): void {
    if (this.used * 2 > slotLimit) throw new RangeError(`more than ${slotLimit} events are pending`)
    const buffer = new ArrayBuffer(this.used * 32)
    const words = new Int32Array(buffer)
    words.set(this.words)
    this.words = words
    this.numbers = new Float64Array(buffer)
  }
}
