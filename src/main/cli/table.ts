/** Tables of plain text: columns as wide as they need, numbers to the right. */
import { columnsOf, printable } from './printable'

export interface Column {
  readonly title: string
  readonly right?: boolean
}

/**
 * Lines of a table, without trailing blanks. What a terminal must not get is escaped. The last
 * column may be as long as it likes.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.title), ...rows].map((line) =>
    columns.map((_, at) => {
      const cell = printable(line[at] ?? '')
      return { cell, width: columnsOf(cell) }
    }),
  )
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.width ?? 0)))
  return lines
    .map((line) =>
      line
        .map(({ cell, width }, at) => {
          const blanks = ' '.repeat((widths[at] ?? 0) - width)
          return columns[at]?.right ? blanks + cell : cell + blanks
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
