/**
 * At which sectors the requests of a queue begin and end: how many by the low bits of the sector,
 * so that the host need not look at requests of which none can be a neighbour. What the elevator
 * looks at is charged all the same.
 */

const counted = 4096
const mask = counted - 1

/** Blocks are two sectors. */
const cellOf = (sector: number): number => (sector >> 1) & mask

export class Edges {
  private readonly begins = new Uint8Array(counted)
  private readonly ends = new Uint8Array(counted)

  add(begin: number, end: number): void {
    this.begins[cellOf(begin)]++
    this.ends[cellOf(end)]++
  }

  remove(begin: number, end: number): void {
    this.begins[cellOf(begin)]--
    this.ends[cellOf(end)]--
  }

  /** At most so many requests end where these sectors begin, or begin where they end. */
  neighbours(begin: number, end: number): number {
    return this.ends[cellOf(begin)] + this.begins[cellOf(end)]
  }
}
