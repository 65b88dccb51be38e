/** A list whose entries carry their own links (list_head): any of them leaves at once. */
export interface Linked<Entry> {
  next: Entry | undefined
  previous: Entry | undefined
}

export class LinkedList<Entry extends Linked<Entry>> {
  first: Entry | undefined
  last: Entry | undefined
  length = 0

  insertFirst(entry: Entry): void {
    entry.previous = undefined
    entry.next = this.first
    if (this.first) this.first.previous = entry
    else this.last = entry
    this.first = entry
    this.length++
  }

  insertLast(entry: Entry): void {
    entry.next = undefined
    entry.previous = this.last
    if (this.last) this.last.next = entry
    else this.first = entry
    this.last = entry
    this.length++
  }

  /** Only an entry that is on this list. */
  remove(entry: Entry): void {
    const { next, previous } = entry
    if (previous) previous.next = next
    else this.first = next
    if (next) next.previous = previous
    else this.last = previous
    this.length--
  }

  /** In the order in which a walk meets them. */
  *[Symbol.iterator](): Generator<Entry, void> {
    for (let entry = this.first; entry !== undefined; entry = entry.next) yield entry
  }
}
