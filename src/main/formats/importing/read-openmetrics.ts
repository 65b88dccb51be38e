/**
 * OpenMetrics text as Soakscope writes it (`exports/openmetrics.ts`). Its samples come metric by
 * metric and are wanted row by row: every metric is read from its own place at once, so that memory
 * does not grow with the file.
 */
import type { CounterSpec } from '../../../sim/observe/counters'
import { functionCounters } from '../../../shared/charts/function-counters'
import type { SampleRow } from '../../runs/wide-row'
import { preview } from '../../../shared/preview'
import { familiesOf, procedureFamily } from '../exports/openmetrics-families'
import {
  ImportFault,
  oneLine,
  type ImportedAbout,
  type ImportFormat,
  type ImportOptions,
} from './imported-file'
import { seriesIn, type Series } from './openmetrics-series'
import type { SourceFile } from './source-file'
import { linesOf, numberIn, type TextLine } from './text-lines'

/** Bytes that are read at once of each of some hundred metrics. */
const pieceBytes = 32 * 1024
const own = 'soakscope_'
const right = `OpenMetrics of Soakscope has metrics ${own}…, each with its instants from 0 on`

export const openMetricsImport: ImportFormat = {
  kind: 'openmetrics',
  title: 'OpenMetrics text',
  tells: ({ text }) => /^# (TYPE|HELP|UNIT) [a-zA-Z_:]/.test(text),
  read(file, options) {
    const all = seriesIn(file)
    const about = all.find(({ name }) => name === `${own}run_info`)
    const series = all.filter((one) => one !== about)
    const foreign = series.find(({ name }) => !name.startsWith(own))
    if (foreign) throw new ImportFault(`has ${preview(oneLine(foreign.name, 80))}; ${right}`)
    if (!series[0]) throw new ImportFault(`has no metric in it; ${right}`)
    const columns = columnsOf(series, options)
    return {
      about: about ? aboutIn(about) : {},
      counters: columns.map(({ spec }) => spec),
      rows: rowsOf(file, columns),
      notes: () => unknownIn(columns),
    }
  },
}

interface Column {
  readonly series: Series
  readonly spec: CounterSpec
  /** What its values were multiplied with. */
  readonly scale: number
  readonly isKnown: boolean
}

function columnsOf(series: readonly Series[], { known }: ImportOptions): Column[] {
  const specs = known()
  const byName = new Map<string, Omit<Column, 'series'>[]>()
  for (const { name, scale, metrics } of familiesOf(specs)) {
    const spec = specs[metrics[0]?.column ?? -1]
    if (!spec || name === procedureFamily) continue
    byName.set(name, [...(byName.get(name) ?? []), { spec, scale, isKnown: true }])
  }
  const procedures = new Map(functionCounters(specs).map(({ id, column }) => [id, specs[column]]))
  return series.map((one): Column => {
    const { family, labels } = one
    if (family.name === procedureFamily) {
      const id = `function.${labels.get('image') ?? ''}.${labels.get('procedure') ?? ''}`
      const help = `Cycles that ${labels.get('procedure') ?? ''} spent itself.`
      const made: CounterSpec = { id, unit: 'cycles', kind: 'monotonic', help }
      return { series: one, spec: procedures.get(id) ?? made, scale: 1, isKnown: true }
    }
    // What one name counts may differ between scenarios: its words tell.
    const ones = byName.get(family.name)
    const found = ones?.find(({ spec }) => spec.help === family.help) ?? ones?.[0]
    if (found) return { series: one, ...found }
    const kind = family.type === 'counter' ? 'monotonic' : 'gauge'
    const { unit, help } = family
    const id = one.name.slice(own.length)
    return { series: one, spec: { id, unit, kind, help }, scale: 1, isKnown: false }
  })
}

function unknownIn(columns: readonly Column[]): string[] {
  const names = columns.filter(({ isKnown }) => !isKnown).map(({ spec }) => spec.id)
  if (names.length === 0) return []
  const which = names.length === 1 ? (names[0] ?? '') : `${names.length} metrics`
  return [`${which} is known to no scenario: shown in the unit that the file has`]
}

function aboutIn({ labels, first }: Series): ImportedAbout {
  const seed = labels.get('seed')
  const runSeconds = Number(first.slice(first.lastIndexOf(' ') + 1))
  return {
    version: labels.get('version'),
    scenario: labels.get('scenario'),
    seed: seed === undefined || seed === '' ? undefined : Number(seed),
    digest: labels.get('digest'),
    runSeconds: Number.isFinite(runSeconds) ? runSeconds : undefined,
  }
}

/** @throws ImportFault where a metric has other instants than the first */
function* rowsOf(file: SourceFile, columns: readonly Column[]): Generator<SampleRow> {
  const { samples = 0, name = '' } = columns[0]?.series ?? {}
  const odd = columns.find(({ series }) => series.samples !== samples)
  if (odd) {
    const has = `${oneLine(odd.series.name, 80)} has ${odd.series.samples} samples`
    throw new ImportFault(`is damaged: ${has}, and ${oneLine(name, 80)} has ${samples}`)
  }
  const lines = columns.map(({ series }) => linesOf(file, series.from, series.to, pieceBytes))
  const values = new Float64Array(columns.length)
  const row = { time: 0, samples: 1, values }
  for (let at = 0; at < samples; at++) {
    for (const [c, { series, scale }] of columns.entries()) {
      const { bytes } = nextOf(lines[c], series)
      const blank = bytes.indexOf(0x20, series.keyBytes.length)
      const value = numberIn(bytes, series.keyBytes.length, blank < 0 ? bytes.length : blank)
      const time = blank < 0 ? NaN : numberIn(bytes, blank + 1, bytes.length)
      if (Number.isNaN(value) || Number.isNaN(time)) {
        throw new ImportFault(`is damaged: sample ${at + 1} of ${oneLine(series.name, 80)} is none`)
      }
      if (c > 0 && time !== row.time) {
        const names = `${oneLine(series.name, 80)} and ${oneLine(name, 80)}`
        throw new ImportFault(`has other instants in ${names}; rows of a run have one each`)
      }
      row.time = time
      values[c] = unscaled(value, scale)
    }
    yield row
  }
}

function nextOf(lines: Iterator<TextLine> | undefined, { name }: Series): TextLine {
  const line = lines?.next()
  if (line && !line.done) return line.value
  throw new ImportFault(`is damaged: samples of ${oneLine(name, 80)} are missing`)
}

/** What the value was before it was brought to its base unit, to the bit where that can be told. */
function unscaled(value: number, scale: number): number {
  if (scale === 1) return value
  const near = value / scale
  const whole = Math.round(near)
  return whole * scale === value ? whole : near
}
