/**
 * Which process swap_out takes next: the one with the most pages left to look at (swap_cnt), the
 * oldest among equals. The kernel walks all processes each time; here they lie in a heap. Counts
 * only go down between two countings, so a process whose count has changed moves down when it
 * comes up.
 */

/** A process's memory, as swap_out counts it. */
export interface Countable {
  readonly id: number
  readonly resident: number
  /** Pages that swap_out may still look at. Goes up in `countAnew` alone. */
  swapCount: number
}

export class SwapOrder<Space extends Countable> {
  private heap: Space[] = []
  /** What each process in the heap counted when it got its place. */
  private counts: number[] = []
  private readonly aside: Space[] = []

  /** @param spaces all there are, in order of their ids; who has left is passed over */
  constructor(private readonly spaces: ReadonlySet<Space>) {}

  /** The process with the most left, of those that have a page; undefined when none has any. */
  richest(): Space | undefined {
    const { heap, counts, aside } = this
    let best: Space | undefined
    while (heap.length > 0) {
      const [space] = heap
      if (space.swapCount <= 0 || !this.spaces.has(space)) this.removeFirst()
      else if (space.swapCount < counts[0]) this.sink(0, space)
      else if (space.resident > 0) {
        best = space
        break
      } else {
        // All of it is away; it may come back before the next counting.
        aside.push(space)
        this.removeFirst()
      }
    }
    while (aside.length > 0) this.add(aside.pop() as Space)
    return best
  }

  /** All pages of every process count again. The process with the most of them. */
  countAnew(): Space | undefined {
    this.heap.length = 0
    this.counts.length = 0
    for (const space of this.spaces) {
      if (space.resident > 0) space.swapCount = space.resident
      if (space.swapCount > 0) {
        this.heap.push(space)
        this.counts.push(space.swapCount)
      }
    }
    for (let at = (this.heap.length >> 1) - 1; at >= 0; at--) this.sink(at, this.heap[at])
    return this.richest()
  }

  private add(space: Space): void {
    const { heap, counts } = this
    let at = heap.length
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(space.swapCount, space, counts[parent], heap[parent])) break
      heap[at] = heap[parent]
      counts[at] = counts[parent]
      at = parent
    }
    heap[at] = space
    counts[at] = space.swapCount
  }

  private removeFirst(): void {
    const last = this.heap.pop()
    const count = this.counts.pop()
    if (last === undefined || count === undefined || this.heap.length === 0) return
    this.sink(0, last, count)
  }

  /** Puts a process at a place whose own is not needed any more, or below it. */
  private sink(from: number, space: Space, count = space.swapCount): void {
    const { heap, counts } = this
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (
        child + 1 < heap.length &&
        before(counts[child + 1], heap[child + 1], counts[child], heap[child])
      )
        child++
      if (!before(counts[child], heap[child], count, space)) break
      heap[at] = heap[child]
      counts[at] = counts[child]
      at = child
    }
    heap[at] = space
    counts[at] = count
  }
}

function before(countA: number, a: Countable, countB: number, b: Countable): boolean {
  return countA > countB || (countA === countB && a.id < b.id)
}
