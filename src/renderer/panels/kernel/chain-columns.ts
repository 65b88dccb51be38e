/** Hash buckets gathered to columns, one to a pixel or more. */
export interface ChainColumns {
  readonly bucketsPerColumn: number
  /** Longest chain in each column, and its bucket. */
  readonly longest: Uint16Array
  readonly bucket: Int32Array
  /** Mean chain length of each column. */
  readonly mean: Float64Array
}

export function chainColumns(lengths: Uint16Array, columnsMax: number): ChainColumns {
  const bucketsPerColumn = Math.max(1, Math.ceil(lengths.length / Math.max(1, columnsMax)))
  const columns = Math.ceil(lengths.length / bucketsPerColumn)
  const longest = new Uint16Array(columns)
  const bucket = new Int32Array(columns)
  const mean = new Float64Array(columns)
  for (let column = 0; column < columns; column++) {
    const from = column * bucketsPerColumn
    const to = Math.min(from + bucketsPerColumn, lengths.length)
    let sum = 0
    let most = -1
    for (let i = from; i < to; i++) {
      const length = lengths[i] ?? 0
      sum += length
      if (length > most) {
        most = length
        longest[column] = length
        bucket[column] = i
      }
    }
    mean[column] = sum / (to - from)
  }
  return { bucketsPerColumn, longest, bucket, mean }
}

export interface ChainTotals {
  /** Entries in the whole table. */
  readonly entries: number
  /** Share of buckets without an entry, 0–1. */
  readonly empty: number
  /** Entries that a successful lookup passes on average, itself included; 0 in an empty table. */
  readonly walk: number
  readonly longest: number
}

export function chainTotals(lengths: Uint16Array): ChainTotals {
  let entries = 0
  let empty = 0
  let walked = 0
  let longest = 0
  for (const length of lengths) {
    entries += length
    walked += (length * (length + 1)) / 2
    if (length === 0) empty++
    if (length > longest) longest = length
  }
  return {
    entries,
    empty: lengths.length > 0 ? empty / lengths.length : 0,
    walk: entries > 0 ? walked / entries : 0,
    longest,
  }
}
