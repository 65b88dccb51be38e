/** Tables of plain text: columns as wide as they need, numbers to the right. */

export interface Column {
  readonly title: string
  readonly right?: boolean
}

/** Lines of a table, without trailing blanks. The last column may be as long as it likes. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.title), ...rows]
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map((line) =>
      columns
        .map(({ right }, at) => {
          const cell = line[at] ?? ''
          return right ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/** A number for people: thousands separated, at most so many digits behind the point. */
export function readable(value: number, digits = 0): string {
  const [whole = '', part] = Math.abs(value).toFixed(digits).split('.')
  const sign = value < 0 ? '-' : ''
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part === undefined ? '' : `.${part}`)
}
