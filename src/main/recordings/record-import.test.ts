import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exportFormats, formatOf } from '../formats/exports/formats'
import { exportableRecording } from '../api/exportable-recording'
import { readVmstat } from '../formats/exports/vmstat-reader.test-support'
import { gathered, gatheredBytes, scenarioExport } from '../formats/exports/exportable.test-support'
import { rowsWithin, type Exportable } from '../formats/exports/exportable'
import { importFormats } from '../formats/importing/import-formats'
import type { SampleRow } from '../runs/wide-row'
import { recordImport } from './record-import'
import { opened, someFolder } from './recording.test-support'

const run = scenarioExport('web', 30)
// What one of its counters is called counts something else in another scenario.
const known = () => [...scenarioExport('sdet', 1).counters, ...run.counters]

async function fileOf(kind: Parameters<typeof formatOf>[0], source: Exportable = run) {
  const path = join(someFolder(), `herd.${formatOf(kind).endings[0]}`)
  writeFileSync(path, await gatheredBytes(formatOf(kind).write(source)))
  return path
}
async function rowsIn(source: Exportable): Promise<SampleRow[]> {
  const rows: SampleRow[] = []
  for await (const { values, ...row } of source.samples())
    rows.push({ ...row, values: values.slice() })
  return rows
}
async function imported(path: string) {
  const folder = join(someFolder(), 'r')
  const made = await recordImport({ path, called: basename(path), folder, known })
  if (!made.ok) throw new Error(made.error.message)
  return opened(folder)
}
async function refusal(text: string | Uint8Array): Promise<string> {
  const [path, folder] = [join(someFolder(), 'f'), join(someFolder(), 'r')]
  writeFileSync(path, text)
  const made = await recordImport({ path, called: 'f', folder, known })
  expect(existsSync(folder)).toBe(false)
  return made.ok ? '' : made.error.message
}

/** A window of it, as an export has one. */
const window = { from: 11, to: 20 }
const part: Exportable = { ...run, window, samples: () => rowsWithin(run.samples(), window) }
const exact = ['csv', 'openmetrics', 'parquet', 'arrow', 'arrow-stream'] as const
/** Those that say what begins the same run. */
const begins: readonly string[] = ['parquet', 'arrow', 'arrow-stream']

describe.each([
  ['a run', run],
  ['a window', part],
] as const)('of %s, what is written is opened again', (_, source) => {
  it.each(exact)('%s: every instant and value, with units and kinds', async (kind) => {
    const recording = await imported(await fileOf(kind, source))
    expect([...recording.missing, ...(recording.run.imported?.notes ?? [])]).toEqual([])
    const [there, came] = [await rowsIn(source), [...recording.rows()]]
    const specs = new Map(recording.run.counters.map((spec, c) => [spec.id, { ...spec, c }]))
    // Metrics come in an order of their own.
    expect(specs.size).toBe(source.counters.length)
    expect(came.map(({ time, samples }) => [time, samples])).toEqual(
      there.map(({ time, samples }) => [time, samples]),
    )
    for (const [c, { id, unit, kind: kindOf, help }] of source.counters.entries()) {
      const spec = specs.get(id)
      expect(spec).toMatchObject({ id, unit, kind: kindOf, help })
      expect(
        came.map(({ values }) => values[spec?.c ?? -1]),
        id,
      ).toEqual(there.map(({ values }) => values[c]))
    }
    expect(recording.run).toMatchObject({
      imported: { file: `herd.${formatOf(kind).endings[0]}`, begins: begins.includes(kind) },
      every: 1,
      state: 'ended',
      seconds: there.at(-1)?.time,
      digest: kind === 'csv' ? '' : run.about.digest,
      scenario: kind === 'csv' ? '' : 'web',
      title: begins.includes(kind) ? run.about.title : `herd.${formatOf(kind).endings[0]}`,
    })
  })

  it.each(exact)('%s: written again, it has the same samples', async (kind) => {
    const recording = await imported(await fileOf(kind, source))
    const again = exportableRecording(recording, { scenarios: [] }, undefined)
    const csv = async (of: Exportable) => gathered(formatOf('csv').write(of))
    if (kind !== 'openmetrics') expect(await csv(again)).toBe(await csv(source))
    const twice = await imported(await fileOf(kind, again))
    expect([...twice.rows()]).toEqual([...recording.rows()])
  })

  it.each(['vmstat', 'vmstat-ng'] as const)('%s: every number that is printed', async (kind) => {
    const path = await fileOf(kind, source)
    const recording = await imported(path)
    const { columns, rows } = readVmstat(readFileSync(path, 'utf8'))
    const { counters } = recording.run
    expect(counters.map(({ id }) => id)).toEqual(columns.map((column) => `vmstat.${column}`))
    const came = [...recording.rows()].map(({ values }) =>
      Object.fromEntries(columns.map((column, c) => [column, values[c]])),
    )
    expect(came).toEqual(rows)
    // A level is what the run had, a rate to its rounding; sums over the window, too.
    const there = await rowsIn(source)
    const of = (row: SampleRow | undefined, id: string): number =>
      row?.values[source.counters.findIndex((spec) => spec.id === id)] ?? NaN
    for (const at of [0, -1]) {
      expect(came.at(at)?.['free']).toBe(Math.floor(of(there.at(at), 'memory.free')))
    }
    const switched = came.slice(1).reduce((sum, row) => sum + (row['cs'] ?? NaN), 0)
    const grew = of(there.at(-1), 'contextSwitches') - of(there[0], 'contextSwitches')
    expect(Math.abs(switched - grew)).toBeLessThanOrEqual(there.length)
    expect(recording.run.imported?.notes.join()).toMatch(/taken to be 1 s apart.*mean since boot/)
  })
})

it('rows of a thinned run stand for as many samples as they did', async () => {
  const rows = (await rowsIn(run))
    .filter(({ time }) => time > 20 || time % 10 === 0)
    .map((row) => ({ ...row, samples: row.time <= 20 ? 10 : 1 }))
  const recording = await imported(await fileOf('csv', { ...run, samples: () => rows }))
  expect([...recording.rows()].map(({ samples }) => samples).slice(0, 3)).toEqual([10, 10, 1])
  const { samples } = recording.rangeNow({ from: 0, to: 30, rows: 100 })
  expect(samples.merged.reduce((sum, n) => sum + n, 0)).toBe(30)
})

it('says what a file is that it cannot take, and leaves nothing', async () => {
  expect(await refusal('')).toBe('f is empty')
  expect(await refusal('time,a,b\n1,2,3\n')).toMatch(/^f has other columns \("time,a,b"\); a CSV/)
  expect(await refusal('Mach Virtual Memory Statistics: x\n')).toBe(
    'f is what vm_stat of macOS prints',
  )
  expect(await refusal('time [s],a [1]\n1,2\n2,x\n')).toBe(
    'f is damaged: cell 2 of line 3 is no number',
  )
  expect(await refusal('time [s],a [1]\n1,2\n1,3\n')).toMatch(
    /row 2 is of second 1, and the row be/,
  )
  expect(await refusal('time [s],a [1],a [1]\n1,2,3\n')).toMatch(/two columns a/)
  expect(await refusal('time [s],a [1]\n1,2,3\n')).toMatch(/line 2 has 3 cells/)
  expect(await refusal('time [s],a [1]\n1e9,2\n')).toMatch(/a run has at most/)
  expect(await refusal('time [s],a [1]\n')).toBe('f has no sample in it')
  const called = await recordImport({
    path: await fileOf('csv'),
    called: 'f',
    folder: join(someFolder(), 'r'),
    known,
    goOn: () => false,
  })
  expect(called).toMatchObject({ ok: false, error: { code: 'refused' } })
})

it('what is torn gives all of its whole rows, and says so', async () => {
  const path = join(someFolder(), 'f.csv')
  writeFileSync(path, 'time [s],a [1]\n1,2\n2,30')
  const recording = await imported(path)
  expect([...recording.rows()].map(({ time }) => time)).toEqual([1])
  expect(recording.run.imported?.notes).toEqual([
    'a is known to no scenario: shown as a level, whatever it counts',
    'its end is missing: line 3 has no end, and is left out',
  ])
  expect(readdirSync(recording.folder)).not.toContain('writer')
})

it('every format is one that is written, and told by what is in it', () => {
  const written = exportFormats.map(({ kind }) => kind as string)
  expect(importFormats.map(({ kind }) => kind).filter((kind) => !written.includes(kind))).toEqual(
    [],
  )
})
