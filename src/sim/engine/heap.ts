/**
 * A 4-ary heap of slots in the order (time, priority, arrival): what the ladder is checked against.
 */
import { Batch } from './batch'
import type { EventQueue } from './event-queue'
import type { Slots } from './slots'
import { none } from './slots'

/** Arrivals are numbered; the numbers are dealt out anew before they reach 2^31. */
const lastArrival = 0x7fffffff

export class Heap implements EventQueue {
  private times = new Float64Array(64)
  private order = new Int32Array(64)
  /** By slot. */
  private arrivalOf = new Int32Array(64)
  private arrivals = 0
  private size = 0
  /**
   * The root was taken and nothing has filled its place yet: the next insertion sinks from there.
   */
  private rootTaken = false

  constructor(private readonly slots: Slots) {}

  insert(time: number, slot: number): void {
    if (slot >= this.arrivalOf.length) this.growArrivals(slot)
    if (this.arrivals === lastArrival) this.renumber()
    this.arrivalOf[slot] = this.arrivals++
    if (this.rootTaken) {
      this.rootTaken = false
      this.sink(time, slot)
    } else {
      if (this.size === this.order.length) this.grow()
      this.rise(time, slot)
    }
  }

  first(): number {
    if (this.rootTaken) this.fillRoot()
    return this.size === 0 ? none : this.order[0]!
  }

  get firstTime(): number {
    return this.times[0]!
  }

  removeFirst(): void {
    this.rootTaken = true
  }

  private fillRoot(): void {
    this.rootTaken = false
    const size = --this.size
    if (size > 0) this.sink(this.times[size]!, this.order[size]!)
  }

  private rise(time: number, slot: number): void {
    const { times, order } = this
    let hole = this.size++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      const parentTime = times[parent]!
      if (parentTime < time || (parentTime === time && this.precedes(order[parent]!, slot))) break
      times[hole] = parentTime
      order[hole] = order[parent]!
      hole = parent
    }
    times[hole] = time
    order[hole] = slot
  }

  /** Puts a slot in the root's place and moves it down to where it belongs. */
  private sink(time: number, slot: number): void {
    const { times, order, size } = this
    let hole = 0
    for (;;) {
      const left = (hole << 2) + 1
      if (left >= size) break
      const end = left + 4 < size ? left + 4 : size
      let least = left
      let leastTime = times[left]!
      for (let child = left + 1; child < end; child++) {
        const childTime = times[child]!
        if (childTime > leastTime) continue
        if (childTime === leastTime && this.precedes(order[least]!, order[child]!)) continue
        least = child
        leastTime = childTime
      }
      if (time < leastTime || (time === leastTime && this.precedes(slot, order[least]!))) break
      times[hole] = leastTime
      order[hole] = order[least]!
      hole = least
    }
    times[hole] = time
    order[hole] = slot
  }

  /** Order of two slots of the same time. */
  private precedes(a: number, b: number): boolean {
    const difference = this.slots.priority(a) - this.slots.priority(b)
    return difference < 0 || (difference === 0 && this.arrivalOf[a]! < this.arrivalOf[b]!)
  }

  drain(batch: Batch): void {
    for (let slot = this.first(); slot !== none; slot = this.first()) {
      batch.add(this.firstTime, slot)
      this.removeFirst()
    }
    this.arrivals = 0
  }

  private renumber(): void {
    const { times, slots, count } = this.drained()
    for (let index = 0; index < count; index++) this.insert(times[index]!, slots[index]!)
  }

  private drained(): Batch {
    const batch = new Batch()
    this.drain(batch)
    return batch
  }

  private grow(): void {
    const { times, order } = this
    this.times = new Float64Array(times.length * 2)
    this.order = new Int32Array(order.length * 2)
    this.times.set(times)
    this.order.set(order)
  }

  private growArrivals(slot: number): void {
    const arrivalOf = this.arrivalOf
    this.arrivalOf = new Int32Array(Math.max(arrivalOf.length * 2, slot + 1))
    this.arrivalOf.set(arrivalOf)
  }
}
