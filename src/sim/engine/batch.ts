/** A growing list of (time, slot) side by side in memory, in the order they came. */
export class Batch {
  times = new Float64Array(256)
  slots = new Int32Array(256)
  count = 0

  add(time: number, slot: number): void {
    const index = this.count
    if (index === this.slots.length) this.grow()
    this.times[index] = time
    this.slots[index] = slot
    this.count = index + 1
  }

  addAll(times: Float64Array, slots: Int32Array, begin: number, end: number): void {
    let count = this.count
    while (count + end - begin > this.slots.length) this.grow()
    const ownTimes = this.times
    const ownSlots = this.slots
    for (let index = begin; index < end; index++) {
      ownTimes[count] = times[index]!
      ownSlots[count++] = slots[index]!
    }
    this.count = count
  }

  private grow(): void {
    const { times, slots } = this
    this.times = new Float64Array(times.length * 2)
    this.slots = new Int32Array(slots.length * 2)
    this.times.set(times)
    this.slots.set(slots)
  }
}
