/** The tables of a report. Every cell is escaped here and nowhere else. */
import { escapeXml } from '../../../../shared/charts/svg-chart'

export interface Column {
  readonly head: string
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
}

export const words = (head: string): Column => ({ head })
export const number = (head: string): Column => ({ head, isNumber: true })

/** A section with a heading; nothing when there is nothing to say. */
export function section(heading: string, ...parts: readonly string[]): string {
  const body = parts.join('')
  return body === '' ? '' : `<section>\n<h2>${escapeXml(heading)}</h2>\n${body}</section>\n`
}

export const paragraph = (text: string): string => `<p>${escapeXml(text)}</p>\n`

/** Rows in pieces would be finer than anybody needs: tables are of procedures and counters. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  name: string,
): string {
  if (rows.length === 0) return ''
  const kind = (at: number): string => (columns[at]?.isNumber ? ' class="n"' : '')
  const head = columns.map(({ head }, at) => `<th scope="col"${kind(at)}>${escapeXml(head)}</th>`)
  const body = rows.map(
    (cells) =>
      `<tr>${cells.map((cell, at) => `<td${kind(at)}>${escapeXml(cell)}</td>`).join('')}</tr>\n`,
  )
  return `<table data-table="${escapeXml(name)}">\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${body.join('')}</tbody>\n</table>\n`
}
