/** The sorted end of the ladder: slots in the order (time, priority, arrival), taken from its head. */
import type { Batch } from './batch'
import type { Slots } from './slots'
import { none } from './slots'

/** A batch of no more than this is sorted by insertion alone. */
const insertAtMost = 12
/** A batch of more than this is not sorted here, unless it is of one instant. */
const sortAtMost = 1024
/** More than this under one key is too much for the pass by insertion that follows. */
const keyAtMost = 32

export class Bottom {
  private times = new Float64Array(4096)
  private order = new Int32Array(4096)
  /** The sorted part is [head, end), with room on both sides. */
  private head = 2048
  private end = 2048
  private full = 0
  private readonly keys = new Int32Array(sortAtMost)
  private readonly counts = new Int32Array(sortAtMost)

  constructor(private readonly slots: Slots) {}

  get isEmpty(): boolean {
    return this.head === this.end
  }

  /** True when insertion has made it so long that it should be split. */
  get isLong(): boolean {
    return this.end - this.head > this.full && this.times[this.head] !== this.times[this.end - 1]
  }

  first(): number {
    return this.head === this.end ? none : this.order[this.head]!
  }

  /** When the slot that `first` returned is due. */
  get firstTime(): number {
    return this.times[this.head]!
  }

  removeFirst(): void {
    this.head++
  }

  /** Sorts a batch into the empty bottom. False, and nothing done, if a rung would serve it better. */
  sort(batch: Batch): boolean {
    if (batch.count <= insertAtMost) this.copy(batch)
    else if (!this.sortByTime(batch)) return false
    this.insertionSort()
    return true
  }

  private copy(batch: Batch): void {
    this.open(batch.count)
    const { times: fromTimes, slots: fromSlots, count } = batch
    const { times, order, head } = this
    for (let index = 0; index < count; index++) {
      times[head + index] = fromTimes[index]!
      order[head + index] = fromSlots[index]!
    }
  }

  private sortByTime(batch: Batch): boolean {
    const { times, count } = batch
    let low = times[0]!
    let high = low
    for (let index = 1; index < count; index++) {
      const time = times[index]!
      if (time < low) low = time
      else if (time > high) high = time
    }
    if (low === high) {
      this.sortByPriority(batch)
      return true
    }
    if (count > sortAtMost) return false
    const { keys, counts } = this
    const scale = (count - 1) / (high - low)
    for (let index = 0; index < count; index++) {
      const key = ((times[index]! - low) * scale) | 0
      keys[index] = key
      counts[key]!++
    }
    let most = 0
    let sum = 0
    for (let key = 0; key < count; key++) {
      const under = counts[key]!
      if (under > most) most = under
      counts[key] = sum
      sum += under
    }
    // At a scale of 1 and more each key is one instant, and a rung could not part it any further.
    const crowded = most > keyAtMost && scale < 1
    if (!crowded) this.scatter(batch)
    counts.fill(0, 0, count)
    return !crowded
  }

  /** Orders a batch of one instant. */
  private sortByPriority(batch: Batch): void {
    const { times, slots, count } = batch
    const places = new Int32Array(257)
    for (let index = 0; index < count; index++) places[this.slots.priority(slots[index]!) + 129]!++
    for (let key = 1; key < places.length; key++) places[key]! += places[key - 1]!
    this.open(count)
    for (let index = 0; index < count; index++) {
      const place = places[this.slots.priority(slots[index]!) + 128]!++
      this.order[this.head + place] = slots[index]!
    }
    this.times.fill(times[0]!, this.head, this.end)
  }

  private scatter(batch: Batch): void {
    this.open(batch.count)
    const { times: fromTimes, slots: fromSlots, count } = batch
    const { times, order, keys, counts, head } = this
    for (let index = 0; index < count; index++) {
      const key = keys[index]!
      const place = head + counts[key]!
      counts[key]!++
      times[place] = fromTimes[index]!
      order[place] = fromSlots[index]!
    }
  }

  /** Makes [head, end) a range of `count` places in the middle. */
  private open(count: number): void {
    while (count * 2 > this.order.length) this.grow()
    this.head = (this.order.length - count) >> 1
    this.end = this.head + count
    this.full = count * 2 + 64
  }

  private insertionSort(): void {
    const { slots, times, order, head, end } = this
    for (let index = head + 1; index < end; index++) {
      const time = times[index]!
      let hole = index
      while (hole > head) {
        const before = times[hole - 1]!
        if (before < time) break
        if (before === time && slots.priority(order[hole - 1]!) <= slots.priority(order[index]!)) break
        hole--
      }
      if (hole === index) continue
      const slot = order[index]!
      for (let move = index; move > hole; move--) {
        times[move] = times[move - 1]!
        order[move] = order[move - 1]!
      }
      times[hole] = time
      order[hole] = slot
    }
  }

  /** Puts one slot where it belongs: behind its equals. */
  insert(time: number, slot: number): void {
    if (this.end === this.order.length || this.head === 0) this.centre()
    const { times, order } = this
    const place = this.placeOf(time, slot)
    let hole = place
    if (place - this.head < this.end - place) {
      const head = --this.head
      hole = place - 1
      for (let index = head; index < hole; index++) {
        times[index] = times[index + 1]!
        order[index] = order[index + 1]!
      }
    } else {
      for (let index = this.end++; index > place; index--) {
        times[index] = times[index - 1]!
        order[index] = order[index - 1]!
      }
    }
    times[hole] = time
    order[hole] = slot
  }

  /** Index of the first slot that comes after this one. */
  private placeOf(time: number, slot: number): number {
    const { slots, times, order } = this
    let low = this.head
    let high = this.end
    while (low < high) {
      const middle = (low + high) >> 1
      const middleTime = times[middle]!
      if (
        middleTime < time ||
        (middleTime === time && slots.priority(order[middle]!) <= slots.priority(slot))
      ) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  /** Moves everything to the end of the batch, in order. */
  empty(batch: Batch): void {
    batch.addAll(this.times, this.order, this.head, this.end)
    this.head = this.end
  }

  /** Makes room on both sides. */
  private centre(): void {
    const count = this.end - this.head
    if (count * 2 > this.order.length) this.grow()
    const head = (this.order.length - count) >> 1
    this.times.copyWithin(head, this.head, this.end)
    this.order.copyWithin(head, this.head, this.end)
    this.head = head
    this.end = head + count
  }

  private grow(): void {
    const { times, order } = this
    this.times = new Float64Array(times.length * 2)
    this.order = new Int32Array(order.length * 2)
    this.times.set(times)
    this.order.set(order)
  }
}
