/**
 * A table in the order of `dcpiprof`: samples, share, cumulative share, procedure and image, the
 * largest first. With the sampler off there are no samples, and the exact cycles stand in their
 * place; with it on, the exact share stands beside what was sampled.
 * Layout: SOSP '97 paper on DCPI, figure 1, and the manual page; docs/figures.md §9.
 */
import { foldByProcedure, type ProfileRow } from '../../../sim/observe/profile'
import { cpusInWords } from '../../../shared/format/machine-text'
import { ofRun, profileOf, type Exportable } from './exportable'
import { readableSpan } from './readable-span'

interface Column {
  readonly head: string
  readonly cell: (row: ProfileRow, upTo: number) => string
}

export async function* dcpiprofText(source: Exportable): AsyncGenerator<string> {
  const profile = await profileOf(source)
  const rows = foldByProcedure(profile)
  const samples = rows.reduce((sum, row) => sum + row.samples, 0)
  const cycles = rows.reduce((sum, row) => sum + row.cycles, 0)
  const sampled = samples > 0
  const valueOf = (row: ProfileRow): number => (sampled ? row.samples : row.cycles)
  const total = sampled ? samples : cycles
  const { about } = source
  const span = readableSpan({ from: profile.fromSeconds, to: profile.toSeconds })
  yield `Total ${sampled ? 'samples' : 'cycles'} for event type cycles = ${total}\n\n`
  const said = about.version === '' ? [] : [`soakscope ${about.version}`]
  yield [...said, ...ofRun(about)].join(', ') + '\n'
  yield `simulated ${span}, ${cpusInWords(profile.cpus)} at ${profile.clockMHz} MHz, mean period ${
    sampled ? `${profile.meanPeriod} cycles` : 'none: the sampler was off'
  }\n`
  yield `The counts given below are the number of ${
    sampled ? 'samples for each listed event type' : 'cycles, counted exactly'
  }.\n`
  const columns: Column[] = [
    { head: sampled ? 'cycles' : 'exact', cell: (row) => String(valueOf(row)) },
    { head: '%', cell: (row) => percent(valueOf(row) / total) },
    { head: 'cum%', cell: (_, upTo) => percent(upTo / total) },
    ...(sampled ? [{ head: 'exact%', cell: (row: ProfileRow) => percent(row.share) }] : []),
  ]
  const listed = rows
    .filter((row) => valueOf(row) > 0)
    .sort((a, b) => valueOf(b) - valueOf(a) || b.cycles - a.cycles)
  let upTo = 0
  const cells = listed.map((row) => {
    upTo += valueOf(row)
    return columns.map(({ cell }) => cell(row, upTo))
  })
  const widths = columns.map(({ head }, i) =>
    Math.max(head.length, ...cells.map((row) => row[i]?.length ?? 0)),
  )
  const names = Math.max(9, ...listed.map(({ procedure }) => plain(procedure).length))
  const line = (numbers: readonly string[], procedure: string, image: string): string =>
    `${numbers.map((text, i) => text.padStart(widths[i] ?? 0)).join('  ')}  ${procedure.padEnd(names)}  ${image}`
  const head = line(
    columns.map((column) => column.head),
    'procedure',
    'image',
  )
  yield `${'='.repeat(Math.max(60, head.length))}\n${head}\n`
  for (const [at, row] of listed.entries()) {
    yield `${line(cells[at] ?? [], plain(row.procedure), plain(row.image))}\n`
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(2)}%`

/** A line break in a name would begin another row. */
const plain = (name: string): string => name.replace(/\p{Cc}/gu, '_')
