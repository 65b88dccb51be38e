/**
 * A 4-ary heap of event slots in the order (time, priority, sequence), on typed arrays. The
 * sequence is the heap's own: slots of equal time and priority leave in the order they came.
 */

/** Priorities are integers in ±127; one step of priority outweighs any difference of sequence. */
const priorityStep = 2 ** 45

export class Heap {
  /** Slots held, dead ones included. */
  size = 0
  private times: Float64Array
  /** priority · 2^45 + sequence, so that one comparison settles a tie of times. */
  private ranks: Float64Array
  private slots: Int32Array
  private sequence = 0

  constructor(capacity = 64) {
    this.times = new Float64Array(capacity)
    this.ranks = new Float64Array(capacity)
    this.slots = new Int32Array(capacity)
  }

  insert(time: number, priority: number, slot: number): void {
    if (this.size === this.slots.length) this.grow()
    const rank = priority * priorityStep + this.sequence++
    const { times, ranks, slots } = this
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && ranks[parent]! < rank)) break
      times[hole] = parentTime
      ranks[hole] = ranks[parent]!
      slots[hole] = slots[parent]!
      hole = parent
    }
    times[hole] = time
    ranks[hole] = rank
    slots[hole] = slot
  }

  /** Time of the first slot; Infinity when there is none. */
  firstTime(): number {
    return this.size === 0 ? Infinity : this.times[0]!
  }

  /** The first slot. The heap must not be empty. */
  first(): number {
    return this.slots[0]!
  }

  /** Priority of the first slot. The heap must not be empty. */
  firstPriority(): number {
    return Math.floor(this.ranks[0]! / priorityStep)
  }

  /** Takes the first slot out. The heap must not be empty. */
  removeFirst(): void {
    const { times, ranks, slots } = this
    const size = --this.size
    const time = times[size]!
    const rank = ranks[size]!
    const slot = slots[size]!
    let hole = 0
    for (;;) {
      const left = (hole << 2) + 1
      if (left >= size) break
      const end = left + 4 < size ? left + 4 : size
      let least = left
      let leastTime = times[left]!
      for (let child = left + 1; child < end; child++) {
        const childTime = times[child]!
        if (childTime < leastTime || (childTime === leastTime && ranks[child]! < ranks[least]!)) {
          least = child
          leastTime = childTime
        }
      }
      if (time < leastTime || (time === leastTime && rank < ranks[least]!)) break
      times[hole] = leastTime
      ranks[hole] = ranks[least]!
      slots[hole] = slots[least]!
      hole = least
    }
    times[hole] = time
    ranks[hole] = rank
    slots[hole] = slot
  }

  private grow(): void {
    const capacity = this.slots.length * 2
    const { times, ranks, slots } = this
    this.times = new Float64Array(capacity)
    this.ranks = new Float64Array(capacity)
    this.slots = new Int32Array(capacity)
    this.times.set(times)
    this.ranks.set(ranks)
    this.slots.set(slots)
  }
}
