/** A line: who comes first leaves first. A ring, so that neither costs more as it grows. */
export class Fifo<T> {
  private ring: (T | undefined)[] = new Array<T | undefined>(8).fill(undefined)
  private head = 0
  private count = 0

  get length(): number {
    return this.count
  }

  push(item: T): void {
    if (this.count === this.ring.length) this.grow()
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = item
    this.count++
  }

  /** Takes the first out; undefined when the line is empty. */
  shift(): T | undefined {
    if (this.count === 0) return undefined
    const item = this.ring[this.head]
    this.ring[this.head] = undefined
    this.head = (this.head + 1) & (this.ring.length - 1)
    this.count--
    return item
  }

  /** Takes an item out from where it stands. False if it is not there. */
  remove(item: T): boolean {
    const items = this.inOrder()
    const place = items.indexOf(item)
    if (place < 0) return false
    items.splice(place, 1)
    while (this.count > 0) this.shift()
    for (const kept of items) this.push(kept)
    return true
  }

  /** The first of those that are wanted, at most `max`. */
  first(max: number, wanted: (item: T) => boolean): T[] {
    const items: T[] = []
    for (let index = 0; index < this.count && items.length < max; index++) {
      const item = this.ring[(this.head + index) & (this.ring.length - 1)] as T
      if (wanted(item)) items.push(item)
    }
    return items
  }

  private inOrder(): T[] {
    const items: T[] = []
    for (let index = 0; index < this.count; index++) {
      items.push(this.ring[(this.head + index) & (this.ring.length - 1)] as T)
    }
    return items
  }

  private grow(): void {
    const items: (T | undefined)[] = this.inOrder()
    const size = items.length * 2
    while (items.length < size) items.push(undefined)
    this.ring = items
    this.head = 0
  }
}
