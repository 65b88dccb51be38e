/**
 * The counter registry: every number that the kernel or a program keeps, with its unit.
 * A counter is a column of one Float64Array, so a sample is one copy and a frame is columnar.
 */

/**
 * `gauge`: a level at this instant. `monotonic`: a total that only grows; rates are differences.
 */
export type CounterKind = 'gauge' | 'monotonic'

export interface CounterSpec {
  /** Dotted id, for example `buffers.orphaned`. Stable: it is used in files. */
  readonly id: string
  /** Unit of the value: `kB`, `processes`, `jiffies`, `cycles`, `blocks`, `1`, … */
  readonly unit: string
  readonly kind: CounterKind
  /** One sentence for people. */
  readonly help: string
}

/** Index of a counter's column in a sample. */
export type CounterColumn = number

export class CounterRegistry {
  readonly specs: CounterSpec[] = []
  private readonly columns = new Map<string, CounterColumn>()
  /** The current value of each counter, by column. Grows only while counters are declared. */
  values = new Float64Array(64)

  /** Declares a counter and returns its column. @throws Error when the id is taken. */
  declare(spec: CounterSpec): CounterColumn {
    if (this.columns.has(spec.id)) throw new Error(`counter ${spec.id} is declared twice`)
    const column = this.specs.length
    this.specs.push(spec)
    this.columns.set(spec.id, column)
    if (column >= this.values.length) {
      const larger = new Float64Array(this.values.length * 2)
      larger.set(this.values)
      this.values = larger
    }
    return column
  }

  /** The column of a counter, or undefined when there is no such counter. */
  column(id: string): CounterColumn | undefined {
    return this.columns.get(id)
  }

  /** Number of declared counters: the width of a sample. */
  get width(): number {
    return this.specs.length
  }

  /** The present value of a counter, in its unit. @throws Error when there is no such counter. */
  read(id: string): number {
    const column = this.columns.get(id)
    if (column === undefined) throw new Error(`there is no counter ${id}`)
    return this.values[column] ?? 0
  }
}
