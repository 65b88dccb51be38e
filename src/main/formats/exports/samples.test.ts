import { RecordBatchReader, tableFromIPC } from 'apache-arrow'
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { beforeAll, describe, expect, it } from 'vitest'
import { isOfTrace } from '../../../shared/api'
import { arrowBytes } from './arrow'
import { exportFormats, formatOf, formatOfName } from './formats'
import { gathered, gatheredBytes, scenarioExport, syntheticExport } from './exportable.test-support'
import { rowsWithin, type Exportable } from './exportable'
import { openMetricsText } from './openmetrics'
import { familiesOf } from './openmetrics-families'
import { readOpenMetrics } from './openmetrics-reader.test-support'
import { parquetBytes } from './parquet'
import type { Pieces } from '../write-file'
import { readVmstat } from './vmstat-reader.test-support'

/** Last value and sum of every counter over the samples of a source, the truth of each test. */
async function totalsOf(source: Exportable) {
  const sum = new Float64Array(source.counters.length)
  const last = new Float64Array(source.counters.length)
  let rows = 0
  for await (const { values } of source.samples()) {
    values.forEach((value, at) => {
      sum[at]! += value
      last[at] = value
    })
    rows++
  }
  return { sum, last, rows }
}

/** In memory of its own, as hyparquet takes it. */
const arrayOf = async (pieces: Pieces): Promise<ArrayBuffer> =>
  new Uint8Array(await gatheredBytes(pieces)).buffer

let run: Exportable
let part: Exportable
beforeAll(() => {
  run = scenarioExport('web', 12)
  const window = { from: 5, to: 12 }
  part = { ...run, window, samples: () => rowsWithin(run.samples(), window) }
})

describe('samples as Parquet', () => {
  it('are read by hyparquet: columns, rows, totals, units and what the run was', async () => {
    const bytes = await arrayOf(formatOf('parquet').write(run))
    const { sum, rows } = await totalsOf(run)
    const metadata = await parquetMetadataAsync(bytes)
    expect(Number(metadata.num_rows)).toBe(rows)
    const said = new Map(metadata.key_value_metadata?.map(({ key, value }) => [key, value]))
    expect(said.get('soakscope.digest')).toBe(run.about.digest)
    expect(JSON.parse(said.get('soakscope.units') ?? '')).toMatchObject({ 'memory.free': 'kB' })
    const read = (await parquetReadObjects({ file: bytes, compressors })) as Record<
      string,
      number
    >[]
    expect(read.map((row) => row['time'])).toEqual(Array.from({ length: rows }, (_, i) => i + 1))
    for (const [at, { id }] of run.counters.entries()) {
      expect(
        read.reduce((total, row) => total + (row[id] ?? NaN), 0),
        id,
      ).toBe(sum[at])
    }
  })

  it('are written group by group, whatever their number', async () => {
    const cells = 5 * (run.counters.length + 2)
    let pieces = 0
    for await (const piece of parquetBytes(run, cells)) pieces += Math.sign(piece.length)
    // Twelve samples in groups of five, and what stands at the end.
    expect(pieces).toBe(4)
    const metadata = await parquetMetadataAsync(await arrayOf(parquetBytes(run, cells)))
    expect(metadata.row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([5, 5, 2])
  })
})

describe('samples as Arrow', () => {
  it.each(['file', 'stream'] as const)('are read by apache-arrow, as a %s', async (form) => {
    const table = tableFromIPC(await gatheredBytes(arrowBytes(run, form)))
    const { sum, rows } = await totalsOf(run)
    expect(table.numRows).toBe(rows)
    expect(table.schema.metadata.get('soakscope.digest')).toBe(run.about.digest)
    for (const [at, { id, unit }] of run.counters.entries()) {
      const column = table.getChild(id)
      const values = [...(column ?? [])] as number[]
      expect(
        values.reduce((total, value) => total + value, 0),
        id,
      ).toBe(sum[at])
      expect(table.schema.fields[at + 1]?.metadata.get('unit')).toBe(unit)
    }
  })

  it('give up every whole batch of a stream that was cut off', async () => {
    const cells = 2 * (run.counters.length + 2)
    const whole = await gatheredBytes(arrowBytes(run, 'stream', cells))
    let rows = 0
    try {
      for (const batch of RecordBatchReader.from(whole.subarray(0, whole.length - 1000))) {
        rows += batch.numRows
      }
    } catch {
      // The last batch ends in the middle.
    }
    // Of six batches of two samples, the last of which is cut off.
    expect(rows).toBe(10)
  })
})

describe('samples as OpenMetrics', () => {
  it('are read by a parser of their own: types, units, totals, and the end', async () => {
    const families = readOpenMetrics(await gathered(formatOf('openmetrics').write(run)))
    const { sum, rows } = await totalsOf(run)
    const written = familiesOf(run.counters)
    expect([...families.keys()]).toEqual(['soakscope_run', ...written.map(({ name }) => name)])
    for (const family of written) {
      const read = families.get(family.name)
      expect(read?.type).toBe(family.type)
      expect(read?.unit ?? '').toBe(family.unit)
      for (const { column, labels } of family.metrics) {
        const values = read?.samples.filter(({ labels: have }) =>
          Object.entries(labels).every(([name, value]) => have.get(name) === value),
        )
        expect(values?.length, family.name).toBe(rows)
        const total = values?.reduce((all, { value }) => all + value, 0) ?? NaN
        const wanted = (sum[column] ?? NaN) * family.scale
        expect(Math.abs(total - wanted), family.name).toBeLessThanOrEqual(1e-9 * Math.abs(wanted))
      }
    }
    const [about] = families.get('soakscope_run')?.samples ?? []
    expect(about?.labels.get('digest')).toBe(run.about.digest)
  })

  it('have one name for every counter of every kind of run', () => {
    const names = familiesOf(run.counters).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name))).toEqual([])
  })

  it('are the same whether they are held at once or not', async () => {
    const source = syntheticExport(40)
    const once = await gathered(formatOf('openmetrics').write(source))
    expect(await gathered(openMetricsText(source, 80))).toBe(once)
  })
})

describe('samples as vmstat text', () => {
  it.each(['vmstat', 'vmstat-ng'] as const)('are read by header words: %s', async (kind) => {
    const text = await gathered(formatOf(kind).write(run))
    const { rows, columns } = readVmstat(text)
    const { last, rows: samples } = await totalsOf(run)
    expect(rows.length).toBe(samples)
    expect(columns.includes('wa')).toBe(kind === 'vmstat-ng')
    const of = (id: string): number => last[run.counters.findIndex((spec) => spec.id === id)] ?? NaN
    expect(rows.at(-1)).toMatchObject({ free: of('memory.free'), r: of('processes.runnable') })
    // A row is the growth since the row before it: from the second on they add up to the total.
    const first = await firstOf(run, 'contextSwitches')
    const switches = rows.slice(1).reduce((sum, row) => sum + (row['cs'] ?? NaN), 0)
    expect(switches).toBe(Math.floor(of('contextSwitches')) - Math.floor(first))
  })
})

async function firstOf(source: Exportable, id: string): Promise<number> {
  const at = source.counters.findIndex((spec) => spec.id === id)
  for await (const { values } of source.samples()) return values[at] ?? NaN
  return NaN
}

describe('a window', () => {
  it('has its own samples in every format of samples', async () => {
    const csv = await gathered(formatOf('csv').write(part))
    const times = csv
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => Number(line.split(',')[0]))
    expect(times).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
    expect(readVmstat(await gathered(formatOf('vmstat').write(part))).rows.length).toBe(8)
    const table = tableFromIPC(await gatheredBytes(formatOf('arrow').write(part)))
    expect([...(table.getChild('time') ?? [])]).toEqual(times)
    expect(JSON.parse(table.schema.metadata.get('soakscope.window') ?? '')).toEqual({
      from: 5,
      to: 12,
    })
  })

  it('without a sample is refused, with what can be done', async () => {
    const window = { from: 5.2, to: 5.4 }
    const empty = { ...run, window, samples: () => rowsWithin(run.samples(), window) }
    for (const { kind, hasProfile, write } of exportFormats) {
      if (hasProfile || isOfTrace(kind)) continue
      await expect(gatheredBytes(write(empty)), kind).rejects.toThrow(
        'the window 5.2 s to 5.4 s has no sample in it; choose one that holds the instant of a sample',
      )
    }
  })
})

describe('the name of a file', () => {
  it('tells its format by the longest ending', () => {
    const kind = (name: string) => formatOfName(name)?.kind
    expect(kind('a.csv')).toBe('csv')
    expect(kind('A.PB.GZ')).toBe('pprof')
    expect(kind('a.vmstat-ng.txt')).toBe('vmstat-ng')
    expect(kind('a.speedscope.json')).toBe('speedscope')
    expect(kind('a.txt')).toBeUndefined()
    expect(kind('csv')).toBeUndefined()
  })

  it('is never told twice', () => {
    const all = exportFormats.flatMap(({ endings }) => endings)
    expect(new Set(all).size).toBe(all.length)
  })
})
