/**
 * Tasks of the run queue that no CPU runs, so laid out that the best one for a CPU is found without
 * looking at all of them: lists by (processor, ticks left), each in the order of the queue, and bit
 * masks of which lists are not empty. This saves the host the walk; the scheduler charges the
 * kernel what the walk costs.
 */
import { defaultPriority } from './task'

/** PROC_CHANGE_PENALTY of i386. */
export const sameProcessor = 15

/** Ticks that a quantum can have, and some: 2 × 20, after half of what was left has been added. */
const quanta = 64
const word = 32
export const none = -1

export class WaitingTasks {
  /** Place of each slot in the queue: the greater, the nearer to the front. */
  places = new Float64Array(word)
  private next = new Int32Array(word)
  private previous = new Int32Array(word)
  private readonly heads: Int32Array
  private readonly tails: Int32Array
  /** Which of a processor's lists hold somebody: ticks 0 to 31, and 32 to 63. */
  private readonly low: Int32Array
  private readonly high: Int32Array

  constructor(private readonly processors: number) {
    this.heads = new Int32Array(processors * quanta).fill(none)
    this.tails = new Int32Array(processors * quanta).fill(none)
    this.low = new Int32Array(processors)
    this.high = new Int32Array(processors)
  }

  /** Makes room for that many slots. */
  reserve(slots: number): void {
    this.places = grown(new Float64Array(slots), this.places)
    this.next = grown(new Int32Array(slots), this.next)
    this.previous = grown(new Int32Array(slots), this.previous)
  }

  /** A task waits: it ran on `processor` last and has so many ticks left. Its place is known. */
  insert(slot: number, processor: number, ticks: number): void {
    const list = processor * quanta + ticks
    const { next, previous, places } = this
    let after = this.heads[list]
    let before = none
    if (after === none) {
      if (ticks < word) this.low[processor] |= 1 << ticks
      else this.high[processor] |= 1 << (ticks - word)
    } else if (places[slot] < places[after]) {
      // A new task stands in front of all, one that has yielded behind all; few stand between.
      before = this.tails[list]
      after = none
      while (places[before] < places[slot]) {
        after = before
        before = previous[before]
      }
    }
    next[slot] = after
    previous[slot] = before
    if (before === none) this.heads[list] = slot
    else next[before] = slot
    if (after === none) this.tails[list] = slot
    else previous[after] = slot
  }

  /** A task that was inserted with these waits no more, or not with these. */
  remove(slot: number, processor: number, ticks: number): void {
    const list = processor * quanta + ticks
    const after = this.next[slot]
    const before = this.previous[slot]
    if (before === none) this.heads[list] = after
    else this.next[before] = after
    if (after === none) this.tails[list] = before
    else this.previous[after] = before
    if (this.heads[list] !== none) return
    if (ticks < word) this.low[processor] &= ~(1 << ticks)
    else this.high[processor] &= ~(1 << (ticks - word))
  }

  /** Everybody who waits has no ticks left, and gets so many. */
  renew(ticks: number): void {
    for (let processor = 0; processor < this.processors; processor++) {
      if (this.low[processor] !== 0) {
        const from = processor * quanta
        this.heads[from + ticks] = this.heads[from]
        this.tails[from + ticks] = this.tails[from]
        this.heads[from] = none
        this.tails[from] = none
        this.low[processor] = 1 << ticks
      }
    }
  }

  /** The greatest goodness of a waiting task for this CPU, its memory aside; −1: nobody waits. */
  greatest(cpu: number): number {
    let greatest = none
    for (let processor = 0; processor < this.processors; processor++) {
      const high = this.high[processor]
      const low = this.low[processor]
      if ((low | high) === 0) continue
      const ticks = high === 0 ? 31 - Math.clz32(low) : 63 - Math.clz32(high)
      const bonus = processor === cpu ? sameProcessor : 0
      const goodness = ticks === 0 ? 0 : ticks + defaultPriority + bonus
      if (goodness > greatest) greatest = goodness
    }
    return greatest
  }

  /**
   * The task nearest to the front of those with this goodness for the CPU, their memory aside.
   * @param spaces if it is given, the space of each slot: only who has `space` counts
   */
  first(cpu: number, goodness: number, spaces?: Int32Array, space = none): number {
    let first = none
    for (let processor = 0; processor < this.processors; processor++) {
      const bonus = processor === cpu ? sameProcessor : 0
      const ticks = goodness === 0 ? 0 : goodness - defaultPriority - bonus
      if (ticks >= quanta || ticks < (goodness === 0 ? 0 : 1)) continue
      let slot = this.heads[processor * quanta + ticks]
      if (spaces !== undefined) {
        while (slot !== none && spaces[slot] !== space) slot = this.next[slot]
      }
      if (slot === none) continue
      if (first === none || this.places[slot] > this.places[first]) first = slot
    }
    return first
  }
}

export function grown<Numbers extends Float64Array | Int32Array | Uint8Array>(
  larger: Numbers,
  from: Numbers,
): Numbers {
  larger.set(from)
  return larger
}
