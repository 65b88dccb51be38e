/**
 * What there is to know of a pending event besides its time: one record of 16 bytes per slot. Free
 * slots form a list; the one freed last is used first, while it is still in the cache.
 */

/** No slot. */
export const none = -1

// Constants of this file are written as literals: V8 keeps the result of `**` as a double, and
// compares it as one.

/** Handlers take the low 24 bits of a record's third word, the priority the 8 above them. */
const handlerBits = 24
const handlerMask = 0xffffff
/** Stands where the handler was in an event that was cancelled while it waits in the queue. */
export const cancelled = handlerMask

const initialSlots = 64
/** Slot numbers take the low 22 bits of a timer id, generations the 31 above them. */
const slotLimit = 0x400000
const lastGeneration = 0x7fffffff

export class Slots {
  /** Events that are neither executed nor cancelled. */
  pending = 0
  /** Cancelled events that the queue still holds. */
  dead = 0
  /** Per slot two doubles: the argument, and one that `words` overlays. */
  private numbers: Float64Array
  /**
   * Per slot four words: two under the argument; handler and priority, or the next free slot; and
   * the generation, which says which use of the slot this is, from 1.
   */
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
  /** `cancelled` if the event was. */
  handler(slot: number): number {
    return this.words[(slot << 2) + 2]! & handlerMask
  }
  priority(slot: number): number {
    return this.words[(slot << 2) + 2]! >> handlerBits
  }

  /** A slot with this event in it. @throws RangeError when 2^22 events are pending. */
  take(handler: number, argument: number, priority: number): number {
    let slot = this.firstFree
    if (slot === none) slot = this.takeFresh()
    else this.firstFree = this.words[(slot << 2) + 2]!
    this.numbers[slot << 1] = argument
    this.words[(slot << 2) + 2] = (priority << handlerBits) | handler
    this.pending++
    return slot
  }

  /**
   * Gives back the slot of an event that is executed now. Its timer id matches nothing from here
   * on.
   */
  release(slot: number): void {
    this.pending--
    this.free(slot)
  }

  /** Gives back the slot of a cancelled event that the queue has let go. */
  drop(slot: number): void {
    this.dead--
    this.free(slot)
  }

  /** The timer id of the event that is in this slot now. Never 0. */
  timer(slot: number): number {
    return this.words[(slot << 2) + 3]! * slotLimit + slot
  }

  slotOf(timer: number): number {
    return timer & (slotLimit - 1)
  }

  /** True if the event with this timer id has neither been executed nor cancelled. */
  isPending(timer: number): boolean {
    const slot = this.slotOf(timer)
    return slot < this.used && this.timer(slot) === timer && this.handler(slot) !== cancelled
  }

  /** Marks a pending event as cancelled, to be dropped when the queue comes upon it. */
  cancel(slot: number): void {
    this.words[(slot << 2) + 2]! |= cancelled
    this.pending--
    this.dead++
  }

  private free(slot: number): void {
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
