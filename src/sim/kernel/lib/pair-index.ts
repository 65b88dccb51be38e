/**
 * Two numbers for each pair (key, index): what the host looks up instead of walking a chain.
 * Sixteen neighbours, pairs with the same key and adjacent indexes, lie side by side in one group,
 * because a kernel asks for the blocks and pages of a file one after another. Groups are found by
 * a hash of the host's own, of which the model knows nothing.
 */

/** No cell. */
export const noCell = -1
/** The value of a cell that is not in use; values in use are 0 or more. */
const noValue = -1

const groupShift = 4
const groupMask = (1 << groupShift) - 1
/** Numbers in a cell: value and place. */
const cellShift = 1
export const PlaceField = 1
/** A group's record: its key, its number, the next one of its bucket, its cells in use. */
const recordShift = 2
const Field = { key: 0, group: 1, next: 2, used: 3 } as const
const cellsShift = groupShift + cellShift
const noGroup = -1

export class PairIndex {
  private heads = new Int32Array(64).fill(noGroup)
  /** By how much a 32-bit hash is shifted to become a bucket. */
  private shift = 26
  private records = new Int32Array(64 << recordShift)
  /** Value and place of each cell, group by group. */
  cells = new Int32Array(64 << cellsShift).fill(noValue)
  private groups = 0
  private unused = noGroup

  private bucketOf(key: number, group: number): number {
    return Math.imul(Math.imul(key, 0x85eb_ca6b) ^ group, 0x9e37_79b1) >>> this.shift
  }

  /** Where a pair's value lies in `cells`, and its place behind it; `noCell` when it has none. */
  find(key: number, index: number): number {
    const { records } = this
    const number = index >> groupShift
    let group = this.heads[this.bucketOf(key, number)]
    while (group !== noGroup) {
      const at = group << recordShift
      if (records[at + Field.group] === number && records[at] === key) {
        const cell = (group << cellsShift) + ((index & groupMask) << cellShift)
        return this.cells[cell] === noValue ? noCell : cell
      }
      group = records[at + Field.next]
    }
    return noCell
  }

  /** A cell for a pair that has none. */
  add(key: number, index: number, value: number, place: number): number {
    const number = index >> groupShift
    const group = this.groupOf(key, number)
    this.records[(group << recordShift) + Field.used]++
    const cell = (group << cellsShift) + ((index & groupMask) << cellShift)
    this.cells[cell] = value
    this.cells[cell + PlaceField] = place
    return cell
  }

  /** The cell is free again. */
  remove(cell: number): void {
    this.cells[cell] = noValue
    const group = cell >> cellsShift
    if (--this.records[(group << recordShift) + Field.used] === 0) this.release(group)
  }

  keyOf(cell: number): number {
    return this.records[(cell >> cellsShift) << recordShift]
  }
  indexOf(cell: number): number {
    const group = this.records[((cell >> cellsShift) << recordShift) + Field.group]
    return (group << groupShift) | ((cell >> cellShift) & groupMask)
  }

  private groupOf(key: number, number: number): number {
    const bucket = this.bucketOf(key, number)
    const { records } = this
    for (let group = this.heads[bucket]; group !== noGroup;) {
      const at = group << recordShift
      if (records[at] === key && records[at + Field.group] === number) return group
      group = records[at + Field.next]
    }
    return this.make(key, number)
  }

  private make(key: number, number: number): number {
    let group = this.unused
    if (group !== noGroup) this.unused = this.records[(group << recordShift) + Field.next]
    else {
      if (this.groups === this.heads.length) this.grow()
      group = this.groups++
    }
    const at = group << recordShift
    this.records[at] = key
    this.records[at + Field.group] = number
    this.records[at + Field.used] = 0
    this.link(group)
    return group
  }

  private link(group: number): void {
    const at = group << recordShift
    const bucket = this.bucketOf(this.records[at], this.records[at + Field.group])
    this.records[at + Field.next] = this.heads[bucket]
    this.heads[bucket] = group
  }

  private release(group: number): void {
    const { records, heads } = this
    const at = group << recordShift
    const next = records[at + Field.next]
    const bucket = this.bucketOf(records[at], records[at + Field.group])
    if (heads[bucket] === group) heads[bucket] = next
    else {
      let before = heads[bucket] << recordShift
      while (records[before + Field.next] !== group) {
        before = records[before + Field.next] << recordShift
      }
      records[before + Field.next] = next
    }
    records[at + Field.next] = this.unused
    this.unused = group
  }

  /** Room for twice as many groups. Called when all are in use. */
  private grow(): void {
    const size = 2 * this.heads.length
    const records = new Int32Array(size << recordShift)
    records.set(this.records)
    this.records = records
    const cells = new Int32Array(size << cellsShift).fill(noValue)
    cells.set(this.cells)
    this.cells = cells
    this.heads = new Int32Array(size).fill(noGroup)
    this.shift--
    for (let group = 0; group < this.groups; group++) this.link(group)
  }
}
