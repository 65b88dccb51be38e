/**
 * The dirty list of the buffer cache as one stretch of memory: its buffers in the list's order, and
 * when each is due. kupdate looks at every dirty buffer every 5 s; following links scattered over
 * memory would cost the host a cache miss at each. Every look is charged all the same. A buffer
 * that leaves the list leaves a gap, which is no entry and no look.
 */

const gap = -1
const firstCapacity = 1024

export class DirtyOrder {
  private buffers = new Int32Array(firstCapacity)
  private due = new Int32Array(firstCapacity)
  private end = 0
  private held = 0
  /** Entries that the last `firstDue` looked at. */
  looks = 0

  constructor(
    /** Where each buffer keeps its place here: one number in its record. */
    private readonly heads: Int32Array,
    private readonly record: number,
    private readonly field: number,
  ) {}

  /** The buffer is the last of the list, due at `due` jiffies. */
  append(buffer: number, due: number): void {
    if (this.end === this.buffers.length) this.close()
    const place = this.end++
    this.buffers[place] = buffer
    this.due[place] = due
    this.heads[buffer * this.record + this.field] = place
    this.held++
  }

  /** The buffer leaves the list. */
  remove(buffer: number): void {
    this.buffers[this.placeOf(buffer)] = gap
    this.held--
  }

  /** A buffer on the list is due at another time. */
  setDue(buffer: number, due: number): void {
    this.due[this.placeOf(buffer)] = due
  }

  /**
   * The first of `max` buffers from `buffer` on that is due at `due`; −1 when there is none.
   */
  firstDue(buffer: number, due: number, max: number): number {
    const { buffers, end } = this
    let looks = 0
    let found = gap
    for (let place = this.placeOf(buffer); place < end && looks < max; place++) {
      if (buffers[place] === gap) continue
      looks++
      if (this.due[place] <= due) {
        found = buffers[place]
        break
      }
    }
    this.looks = looks
    return found
  }

  private placeOf(buffer: number): number {
    return this.heads[buffer * this.record + this.field]
  }

  /** Closes the gaps; where they are few, there is room for twice as many. */
  private close(): void {
    const { buffers, due, end } = this
    if (this.held * 2 > buffers.length) {
      this.buffers = new Int32Array(2 * buffers.length)
      this.due = new Int32Array(2 * buffers.length)
    }
    this.end = 0
    this.held = 0
    for (let place = 0; place < end; place++) {
      if (buffers[place] !== gap) this.append(buffers[place], due[place])
    }
  }
}
