/**
 * The sorted end of the ladder: slots in the order (time, priority, arrival), taken from its head.
 * A base class and not a part, because every event passes here and a step less is felt.
 */
import type { Batch } from './batch'
import type { Slots } from './slots'

/** A batch of no more than this is sorted by insertion alone. */
const insertAtMost = 12
/** A batch of more than this is not sorted here, unless it is of one instant. */
const sortAtMost = 2048
/** More than this under one key is too much for the pass by insertion that follows. */
const keyAtMost = 32
/** Up to this length insertion always begins at the head. */
const fromHeadAtMost = 12
/** Insertions add at least this much before the bottom is long. */
const roomAtLeast = 64

export abstract class Bottom {
  protected times = new Float64Array(1024)
  protected order = new Int32Array(1024)
  /** The sorted part is [head, end), with room on both sides. */
  protected head = 512
  protected end = 512
  /** Above this length insertion takes too many moves. */
  private enough = roomAtLeast
  private readonly keys = new Int32Array(sortAtMost)
  private readonly counts = new Int32Array(sortAtMost)

  constructor(protected readonly slots: Slots) {}

  protected get isEmpty(): boolean {
    return this.head === this.end
  }

  /** True when insertion has made it so long that it should be split, and its times allow that. */
  protected get isLong(): boolean {
    return this.end - this.head > this.enough && this.times[this.head] !== this.times[this.end - 1]
  }

  /** When the slot that `first` returned is due. */
  get firstTime(): number {
    return this.times[this.head]!
  }

  removeFirst(): void {
    this.head++
  }

  /** Puts one slot where it belongs: behind its equals. */
  protected insertSorted(time: number, slot: number): void {
    // Tells V8 that it is an integer; else it is stored by way of a double.
    slot |= 0
    if (this.head === 0 || this.end === this.order.length) this.open(0)
    const { slots, times, order, head, end } = this
    // Whether to look from the head or from the end is a guess that the CPU cannot predict: for a
    // few slots it costs more than it saves.
    if (end - head <= fromHeadAtMost || time < times[(head + end) >> 1]!) {
      const last = end - 1
      let hole = head - 1
      this.head = hole
      while (hole < last) {
        const next = times[hole + 1]!
        if (next > time) break
        if (next === time && slots.priority(order[hole + 1]!) > slots.priority(slot)) break
        times[hole] = next
        order[hole] = order[hole + 1]!
        hole++
      }
      times[hole] = time
      order[hole] = slot
    } else {
      this.end = end + 1
      this.insertBelow(end, time, slot)
    }
  }

  /** Puts a slot below a place, behind its equals: what is due after it moves up by one. */
  private insertBelow(place: number, time: number, slot: number): void {
    const { slots, times, order, head } = this
    let hole = place
    while (hole > head) {
      const before = times[hole - 1]!
      if (before < time) break
      if (before === time && slots.priority(order[hole - 1]!) <= slots.priority(slot)) break
      times[hole] = before
      order[hole] = order[hole - 1]!
      hole--
    }
    times[hole] = time
    order[hole] = slot
  }

  /**
   * Sorts a batch into the empty bottom. False, and nothing done, if a rung would serve it better.
   */
  protected sort(batch: Batch): boolean {
    const count = batch.count
    if (count > insertAtMost) return this.sortByTime(batch)
    const { times, slots } = batch
    this.open(count)
    for (let index = 0; index < count; index++) this.insertSorted(times[index]!, slots[index]!)
    return true
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

  /** Puts each slot under its key, and then in order within the key. */
  private scatter(batch: Batch): void {
    const { times: fromTimes, slots: fromSlots, count } = batch
    this.open(count)
    const { times, order, keys, counts, head } = this
    for (let index = 0; index < count; index++) {
      const key = keys[index]!
      const place = head + counts[key]!
      counts[key]!++
      times[place] = fromTimes[index]!
      order[place] = fromSlots[index]!
    }
    const end = head + count
    this.end = end
    for (let index = head + 1; index < end; index++) {
      const time = times[index]!
      if (times[index - 1]! >= time) this.insertBelow(index, time, order[index]!)
    }
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
    this.end = this.head + count
    this.times.fill(times[0]!, this.head, this.end)
  }

  /** Moves everything to the end of the batch, in order. */
  protected emptyBottom(batch: Batch): void {
    batch.addAll(this.times, this.order, this.head, this.end)
    this.head = this.end
    this.enough = roomAtLeast
  }

  /** Makes room for `more` slots, and for insertions on both sides. */
  private open(more: number): void {
    const { times, order, head, end } = this
    const count = end - head
    const wanted = count + more + roomAtLeast
    if (wanted * 2 > order.length) {
      const size = Math.max(order.length * 2, wanted * 2)
      this.times = new Float64Array(size)
      this.order = new Int32Array(size)
    }
    this.head = (this.order.length - count - more) >> 1
    this.end = this.head + count
    if (count > 0) {
      this.times.set(times.subarray(head, end), this.head)
      this.order.set(order.subarray(head, end), this.head)
    }
    if (more > 0) this.enough = more + Math.max(roomAtLeast, more >> 2)
  }
}
