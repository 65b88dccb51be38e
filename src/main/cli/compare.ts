/** `soakscope compare`: two runs side by side, by what their files say. */
import { readComparable, type Comparable } from '../formats/read-profile'
import { openOutput } from './output'
import { readable, table } from './table'
import { type Terminal, UsageError } from './terminal'

/** Procedures that are shown: those whose share changed most. */
const shown = 25

interface ProfileChange {
  readonly image: string
  readonly procedure: string
  readonly shareA: number
  readonly shareB: number
  readonly difference: number
}

export interface Comparison {
  readonly a: string
  readonly b: string
  /** By size of the change, largest first. */
  readonly profile: readonly ProfileChange[]
  /** When both files have means of vmstat. */
  readonly vmstat: Readonly<Record<string, { readonly a: number; readonly b: number }>> | undefined
  /** Mean throughput of the rounds per hour, when both files have rounds. */
  readonly perHour: { readonly a: number; readonly b: number } | undefined
}

export function compare(
  pathA: string,
  pathB: string,
  json: string | undefined,
  terminal: Terminal,
): void {
  const comparison = compareRuns(read('<A>', pathA), read('<B>', pathB))
  if (json !== undefined) {
    const output = openOutput('--json', json, terminal)
    output.write(`${JSON.stringify(comparison, undefined, 2)}\n`)
    output.keep()
  }
  if (json !== '-') terminal.out(comparisonText(comparison))
}

function read(argument: string, path: string): Comparable {
  const found = readComparable(path)
  if (!found.ok) throw new UsageError(`${argument}: ${found.error.message}`)
  return found.value
}

export function compareRuns(a: Comparable, b: Comparable): Comparison {
  const changes = new Map<
    string,
    { image: string; procedure: string; shareA: number; shareB: number }
  >()
  const entry = ({ image, procedure }: { image: string; procedure: string }) => {
    const key = `${image}\0${procedure}`
    const found = changes.get(key) ?? { image, procedure, shareA: 0, shareB: 0 }
    changes.set(key, found)
    return found
  }
  for (const row of a.rows) entry(row).shareA += row.share
  for (const row of b.rows) entry(row).shareB += row.share
  const profile = [...changes.values()]
    .map((change) => ({ ...change, difference: change.shareB - change.shareA }))
    .sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference))
  return {
    ...{ a: a.path, b: b.path, profile },
    vmstat:
      a.vmstat && b.vmstat
        ? Object.fromEntries(
            Object.entries(a.vmstat).map(([column, value]) => [
              column,
              { a: value, b: b.vmstat?.[column] ?? Number.NaN },
            ]),
          )
        : undefined,
    perHour:
      a.rounds && b.rounds && a.rounds.length > 0 && b.rounds.length > 0
        ? { a: mean(a.rounds), b: mean(b.rounds) }
        : undefined,
  }
}

function comparisonText({ a, b, profile, vmstat, perHour }: Comparison): string {
  const columns = Object.keys(vmstat ?? {})
  const means = vmstat
    ? `\nmeans of vmstat\n${table(
        ['', ...columns].map((title) => ({ title, right: true })),
        (['a', 'b'] as const).map((side) => [
          side.toUpperCase(),
          ...columns.map((column) => readable(vmstat[column]?.[side] ?? 0)),
        ]),
      )}`
    : ''
  const work = perHour
    ? `\nper hour, mean of the rounds: A ${readable(perHour.a)}, B ${readable(perHour.b)} ` +
      `(${readable((perHour.b / perHour.a) * 100, 1)} % of A)\n`
    : ''
  const rows = profile
    .slice(0, shown)
    .map((row) => [
      readable(row.shareA * 100, 2),
      readable(row.shareB * 100, 2),
      `${row.difference > 0 ? '+' : ''}${readable(row.difference * 100, 2)}`,
      row.procedure,
      row.image,
    ])
  const shares = table(
    [
      { title: '% in A', right: true },
      { title: '% in B', right: true },
      { title: 'points', right: true },
      { title: 'procedure' },
      { title: 'image' },
    ],
    rows,
  )
  return `A ${a}\nB ${b}\n${work}${means}\nprofile, largest change first\n${shares}`
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
