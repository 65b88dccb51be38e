/** A comparison as people read it on a terminal. */
import type { Quantity } from '../formats/reading/comparable'
import type { Comparison, ProfileChange, SideOfComparison, Sides } from './comparison'
import { cut, printable } from './printable'
import { readable, table, type Column } from './table'

/** Procedures that are shown: those whose share changed most. */
const shown = 25
/** Longest name, value and path that is shown whole, in characters. */
const nameMax = 160
/** Differences between the runs that are named on top. */
const namedMax = 8
/** What stands for a number that there is not. */
const none = '–'

export function comparisonText(comparison: Comparison): string {
  const { sides, quantity } = comparison
  return [
    `${printable(`${differs(comparison.differs)}${comparison.proof}`)}\n\n`,
    side('A', sides.a, quantity),
    side('B', sides.b, quantity),
    perHour(comparison.perHour),
    means(comparison.vmstat),
    profile(comparison),
  ].join('')
}

function differs(found: Comparison['differs']): string {
  const words = Object.entries(found)
  if (words.length === 0) return ''
  const named = words
    .slice(0, namedMax)
    .map(([word, { a = '', b = '' }]) => `${word} ${cut(a, nameMax)} and ${cut(b, nameMax)}`)
  const more = words.length > namedMax ? `; and ${words.length - namedMax} more` : ''
  return `A and B differ: ${named.join('; ')}${more}. `
}

function side(name: string, side: SideOfComparison, quantity: Comparison['quantity']): string {
  const { path, kind, total, seconds, perSecond, notes } = side
  const length = seconds === undefined ? '' : ` in ${amount(seconds)} s`
  const rate = perSecond === undefined ? '' : `, ${amount(perSecond)} a second`
  const profiled = `${amount(total)}${quantity ? ` ${counted(quantity)}` : ''}${length}${rate}`
  const lines = [
    `${name} ${path}`,
    `  ${kind}: ${total === 0 ? 'has no profile' : profiled}`,
    ...notes.map((note) => `  ${note}`),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

const counted = ({ type, unit }: Quantity): string =>
  unit === 'count' || unit === type ? type : `${unit} of ${type}`

function perHour(found: Sides<number> | undefined): string {
  if (!found) return ''
  const { a, b } = found
  const ratio =
    a !== undefined && b !== undefined && a > 0
      ? `${readable((b / a) * 100, 1)} % of A`
      : `${none} % of A: ${a === undefined ? 'A has no rounds' : b === undefined ? 'B has no rounds' : 'A did nothing'}`
  const of = (value: number | undefined): string => (value === undefined ? none : readable(value))
  return `\nper hour, mean of the rounds: A ${of(a)}, B ${of(b)} (${ratio})\n`
}

function means(vmstat: Comparison['vmstat']): string {
  if (!vmstat) return ''
  const columns = Object.keys(vmstat)
  const cell = (value: number | undefined): string => (value === undefined ? none : readable(value))
  const rows = (['a', 'b'] as const).map((name) => [
    name.toUpperCase(),
    ...columns.map((column) => cell(vmstat[column]?.[name])),
  ])
  const without = (['a', 'b'] as const).flatMap((name) => {
    const missing = columns.filter((column) => vmstat[column]?.[name] === undefined)
    if (missing.length === 0) return []
    const which = missing.length === columns.length ? 'means of vmstat' : missing.join(', ')
    return [`${none} ${name.toUpperCase()} has no ${printable(which)}\n`]
  })
  const titles = ['', ...columns].map((title) => ({ title, right: true }))
  return `\nmeans of vmstat\n${table(titles, rows)}${without.join('')}`
}

const totalOf = (side: 'A' | 'B'): string => `total % ${side}`
const aboutTotals = 'total: with everything that the procedure called'

type Cell = Column & { readonly of: (row: ProfileChange) => string }

function profile({ profile: rows, sides }: Comparison): string {
  if (rows.length === 0) return '\nprofile: no procedure is in either\n'
  const cells = columnsFor(sides.a, sides.b, rows)
  const lines = rows.slice(0, shown).map((row) => cells.map(({ of }) => of(row)))
  const more = rows.length - lines.length
  const only = (['a', 'b'] as const).map(
    (name) => `${rows.filter((row) => row.only === name).length} only in ${name.toUpperCase()}`,
  )
  const count = `${rows.length} procedures, ${only.join(', ')}`
  const rest = more > 0 ? `; ${more} more are in what --json writes` : ''
  const total = cells.some(({ title }) => title === totalOf('A')) ? `${aboutTotals}\n` : ''
  return `\nprofile, largest change first\n${table(cells, lines)}${count}${rest}\n${total}`
}

/**
 * Rates where both files say how long they are, else the amounts; callees where a file has stacks.
 */
function columnsFor(
  a: SideOfComparison,
  b: SideOfComparison,
  rows: readonly ProfileChange[],
): readonly Cell[] {
  const rates = a.seconds !== undefined && b.seconds !== undefined
  const [first] = rows
  const callees = first?.withCalleesA !== undefined || first?.withCalleesB !== undefined
  const number = (title: string, of: Cell['of']): Cell => ({ title, right: true, of })
  return [
    number('% in A', (row) => percent(row.shareA)),
    number('% in B', (row) => percent(row.shareB)),
    number('points', (row) => signed(row.difference, (part) => percent(part))),
    ...(callees
      ? [
          number(totalOf('A'), (row) => percent(row.withCalleesA)),
          number(totalOf('B'), (row) => percent(row.withCalleesB)),
        ]
      : []),
    ...(rates
      ? [
          number('A a second', (row) => optional(row.perSecondA, amount)),
          number('B a second', (row) => optional(row.perSecondB, amount)),
        ]
      : [
          number('A', ({ ownA }) => amount(ownA)),
          number('B', ({ ownB }) => amount(ownB)),
          number('change', (row) => signed(row.change, amount)),
        ]),
    { title: 'procedure', of: ({ procedure }) => cut(procedure, nameMax) },
    { title: 'image', of: ({ image }) => cut(image, nameMax) },
    { title: '', of: ({ only }) => (only ? `only in ${only.toUpperCase()}` : '') },
  ]
}

const optional = (value: number | undefined, words: (value: number) => string): string =>
  value === undefined ? none : words(value)
const percent = (share: number | undefined): string =>
  optional(share, (value) => readable(value * 100, 2))
const signed = (value: number | undefined, words: (value: number) => string): string =>
  optional(value, (number) => `${number > 0 ? '+' : ''}${words(number)}`)

/** Whole numbers as they are, and fractions to three digits behind the point. */
const amount = (value: number): string =>
  readable(value, Number.isInteger(value) || Math.abs(value) >= 1000 ? 0 : 3)
