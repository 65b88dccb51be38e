/**
 * What counters stood at when they were sampled last, and how fast they grew since the sample
 * before. A name that ends with `/s` is a rate: `accept.woken/s`.
 */
import type { CounterRegistry } from './counters'

const perSecond = '/s'

export class CounterLevels {
  private at = 0
  private before = 0
  private last: Float64Array
  private previous: Float64Array

  constructor(private readonly counters: CounterRegistry) {
    this.last = new Float64Array(counters.width)
    this.previous = new Float64Array(counters.width)
  }

  /** A sample was taken: `counters.values` is up to date. */
  note(at: number): void {
    const { last } = this
    this.last = this.previous
    this.previous = last
    this.last.set(this.counters.values.subarray(0, this.counters.width))
    this.before = this.at
    this.at = at
  }

  has(name: string): boolean {
    return this.columnOf(name) !== undefined
  }

  /** Undefined where there is no such counter, or no time has passed for a rate. */
  read(name: string): number | undefined {
    const column = this.columnOf(name)
    const now = column === undefined ? undefined : this.last[column]
    if (column === undefined || now === undefined || !name.endsWith(perSecond)) return now
    const passed = this.at - this.before
    return passed > 0 ? (now - (this.previous[column] ?? 0)) / passed : undefined
  }

  private columnOf(name: string): number | undefined {
    const id = name.endsWith(perSecond) ? name.slice(0, -perSecond.length) : name
    return this.counters.column(id)
  }
}
