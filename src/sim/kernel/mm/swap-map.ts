/**
 * Slots of a swap partition and how many need each (swap_map of mm/swapfile.c, Linux 2.2.1): every
 * process whose page is there, and the swap cache where the page is in memory too. Slots are handed
 * out one behind the other, so that what goes out together lies together.
 * Left out: several areas and priorities, slots that are damaged, clusters of free slots.
 */
export const noSlot = -1

export class SwapMap {
  private readonly counts: Uint16Array
  private searchFrom = 0
  inUse = 0

  constructor(readonly slots: number) {
    this.counts = new Uint16Array(slots)
  }

  /** get_swap_page(): the next free slot, in a ring, with one user. `noSlot` when swap is full. */
  take(): number {
    if (this.inUse === this.slots) return noSlot
    let slot = this.searchFrom
    while (this.counts[slot] !== 0) slot = slot + 1 === this.slots ? 0 : slot + 1
    this.searchFrom = slot + 1 === this.slots ? 0 : slot + 1
    this.counts[slot] = 1
    this.inUse++
    return slot
  }

  /** swap_duplicate(): one user more. @throws Error when the slot is free */
  duplicate(slot: number): void {
    if (this.counts[slot] === 0) throw new Error(`slot ${slot} of swap is free`)
    this.counts[slot]++
  }

  /** swap_free(): one user less. @throws Error when there is none */
  free(slot: number): void {
    if (this.counts[slot] === 0) throw new Error(`slot ${slot} of swap is free already`)
    if (--this.counts[slot] === 0) this.inUse--
  }

  /** swap_count(). */
  usersOf(slot: number): number {
    return this.counts[slot]
  }
}
