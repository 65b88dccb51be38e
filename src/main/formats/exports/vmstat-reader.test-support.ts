/**
 * vmstat's output read as any tool would: columns by the words of the header line, which may come
 * again.
 */
export function readVmstat(text: string): {
  columns: string[]
  rows: Record<string, number>[]
} {
  let columns: string[] = []
  const rows: Record<string, number>[] = []
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/)
    if (words[0] === 'procs' || line.trim() === '') continue
    if (words[0] === 'r') {
      columns = words
      continue
    }
    const values = words.map(Number)
    if (values.some(Number.isNaN) || values.length !== columns.length) {
      throw new Error(`not a row of ${columns.length} columns: ${line}`)
    }
    rows.push(Object.fromEntries(columns.map((column, at) => [column, values[at] ?? NaN])))
  }
  return { columns, rows }
}
