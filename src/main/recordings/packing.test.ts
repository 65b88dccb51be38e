import { cpSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomOf } from '../formats/reading/mutate.test-support'
import { evenBlock } from '../runs/sample-block'
import { RowMaker, totalsOf } from '../runs/wide-row'
import { loadZstd } from '../formats/zstd'
import { BatchLog } from './batch-log'
import { LogReader } from './log-reader'
import type { LogColumn } from './packing'
import { hasty, opened, RecordedRun, someFolder } from './recording.test-support'
import { recordingVersion } from './run-file'
import { segmentsIn } from './segment-files'

/** The largest difference, as a part of the numbers. */
const furthest = (some: ArrayLike<number>, others: ArrayLike<number>): number =>
  Array.from(some).reduce((most, value, i) => {
    const other = others[i] ?? NaN
    return Math.max(most, Math.abs(value - other) / Math.max(1, Math.abs(other)))
  }, 0)
const columns: readonly LogColumn[] = [
  { name: 'time', type: 'float64', pack: 'narrow' },
  { name: 'total', type: 'float64', pack: 'growth' },
  { name: 'gauge', type: 'float64', pack: 'narrow' },
  { name: 'since', type: 'float64', pack: 'distance' },
]

/** Writes rows, in batches of ten, and reads them again. */
async function roundTrip(rows: readonly (readonly number[])[]) {
  const folder = someFolder()
  const zstd = await loadZstd()
  const kind = { name: 'log', columns, about: {}, batchRows: 10, segmentSeconds: 1e9, tail: false }
  const log = new BatchLog(folder, kind, zstd)
  for (const row of rows) {
    log.add(row)
    log.flush()
  }
  log.close()
  const segments = segmentsIn(folder).get('log') ?? []
  const reader = new LogReader(folder, 'log', columns, segments, zstd)
  const read: number[][] = []
  const growths: number[] = []
  for (const batch of reader.batches(-Infinity, Infinity)) {
    growths.push(...Array.from(batch.growth('total')))
    for (const row of batch.rowsOf(columns)) read.push(row.map(Number))
  }
  return { read, growths, segments: segments.length, missing: reader.missing }
}

describe('a packed log', () => {
  it('gives every number back to the bit, whatever it is', async () => {
    const random = randomOf(11)
    const kinds: readonly (() => number)[] = [
      () => Math.floor(random() * 200),
      () => Math.floor(random() * 60_000) - 30_000,
      () => Math.floor(random() * 2 ** 33) - 2 ** 32,
      () => Math.floor(random() * 2 ** 52),
      () => random(),
      () => -0,
      () => Infinity,
    ]
    let total = 0
    const rows = Array.from({ length: 2000 }, (_, row) => {
      // One kind of numbers after another, and all of them mixed at the end.
      const some = (): number =>
        kinds[row < 1400 ? Math.floor(row / 200) : Math.floor(random() * kinds.length)]?.() ?? 0
      total = row % 500 === 0 ? 0 : total + some()
      return [row + 1, total, some(), row < 1000 ? row - 9 : some()]
    })
    const { read, missing, segments } = await roundTrip(rows)
    expect(missing).toEqual([])
    expect(read).toEqual(rows)
    expect(segments).toBeGreaterThan(3)
  })

  it('says of a total how much it grew, from batch to batch', async () => {
    const rows = Array.from({ length: 95 }, (_, row) => [row + 1, 1e12 + 7 * (row + 1), 3, row - 9])
    const { growths, segments } = await roundTrip(rows)
    expect(growths).toEqual([1e12 + 7, ...Array.from({ length: 94 }, () => 7)])
    // The first growth is a large one; the types for it hold the others too.
    expect(segments).toBe(1)
  })
})

describe('a range of a recording', () => {
  it('is what its rows come to when they are merged one by one', async () => {
    const folder = someFolder()
    const run = await RecordedRun.begin(folder, {}, hasty())
    run.to(3000, 250)
    const recording = await opened(folder)
    const { counters } = recording.run
    const maker = new RowMaker(totalsOf(counters))
    const wide = [...recording.rows()].map(({ time, values }) => maker.row(time, values))
    for (const [from, to, rows] of [
      [0, 3000, 4000],
      [0, 3000, 700],
      [100, 2900, 1400],
      [1150, 1250, 50],
      [2990, 3000, 2],
    ] as const) {
      const part = wide.filter(({ time }) => time > from && time <= to)
      const expected = evenBlock(part, counters.length, { from, to }, rows)
      const { samples } = recording.rangeNow({ from, to, rows })
      expect([...samples.time]).toEqual([...expected.time])
      expect([...samples.merged]).toEqual([...expected.merged])
      for (const word of ['last', 'min', 'max'] as const) {
        expect([...samples[word]]).toEqual([...expected[word]])
      }
      expect(furthest(samples.mean, expected.mean)).toBeLessThan(1e-9)
    }
  })
})

describe('a recording of the first version', () => {
  const zoo = join(import.meta.dirname, 'zoo/version-1')
  const copy = (): string => {
    const folder = someFolder()
    cpSync(zoo, folder, { recursive: true })
    return folder
  }
  const seconds = 3700

  it('has the same samples, rows, profile and events as one of this version', async () => {
    const old = await opened(copy())
    const folder = someFolder()
    const { timeline } = old.run
    const run = await RecordedRun.begin(folder, { timeline }, hasty())
    run.to(seconds, 370)
    run.recorder.close()
    const now = await opened(folder)
    expect(old.missing).toEqual([])
    expect([...old.rows()]).toEqual([...now.rows()])
    expect(old.digests).toEqual(now.digests)
    expect(old.marks).toEqual(now.marks)
    const window = { from: 500, to: 900 }
    expect(await old.profileBetween(window)).toEqual(await now.profileBetween(window))
    for (const rows of [40, 5000]) {
      const [a, b] = [old, now].map((of) => of.rangeNow({ from: 0, to: 3500, rows }).samples)
      expect(a?.time).toEqual(b?.time)
      expect(a?.last).toEqual(b?.last)
      expect(a?.min).toEqual(b?.min)
      expect(a?.max).toEqual(b?.max)
      // The first version had means as numbers of 32 bits.
      expect(furthest(a?.mean ?? [], b?.mean ?? [])).toBeLessThan(1e-6)
    }
  })

  it('is continued, and keeps the batches it has', async () => {
    const folder = copy()
    const { run: file, digests } = await opened(folder)
    const again = { run: file, digests }
    const run = await RecordedRun.begin(folder, { timeline: file.timeline }, hasty(), again)
    run.to(4100, 370)
    run.recorder.close()
    const recording = await opened(folder)
    expect(recording.missing).toEqual([])
    expect(recording.run.version).toBe(recordingVersion)
    expect([...recording.rows()].map(({ time }) => time)).toEqual(
      Array.from({ length: 4100 }, (_, index) => index + 1),
    )
    const first = readdirSync(zoo).find((name) => name.startsWith('samples-')) ?? ''
    const before = readFileSync(join(zoo, first))
    expect(readFileSync(join(folder, first)).subarray(0, before.length).equals(before)).toBe(true)
  })
})
