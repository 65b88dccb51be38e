/** A long run takes no more memory than a short one while it is exported. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { expect, it } from 'vitest'
import type { SampleRow } from '../../runs/wide-row'
import type { Pieces } from '../write-file'
import { csvText } from '../csv'
import { arrowBytes } from './arrow'
import type { Exportable } from './exportable'
import { gatheredBytes, syntheticExport } from './exportable.test-support'
import { parquetBytes } from './parquet'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const few = syntheticExport(3)
const width = few.counters.length
/** So few cells that a thousand rows are a row group each hundred or so. */
const cells = 100 * (width + 2)

/** One row again and again. */
function* rowsOf(rows: number): Generator<SampleRow> {
  const values = new Float64Array(width)
  for (let row = 1; row <= rows; row++) yield { time: row, samples: 1, values: values.fill(row) }
}
const exported = (rows: number): Exportable => ({ ...few, samples: () => rowsOf(rows) })

/** Bytes that are held when the last row is taken. */
async function heldAtEnd(rows: number, write: (source: Exportable) => Pieces): Promise<number> {
  let held = 0
  function* watched(): Generator<SampleRow> {
    yield* rowsOf(rows)
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    held = heapUsed + arrayBuffers
  }
  for await (const piece of write({ ...few, samples: watched })) void piece
  return held
}

const writers: Readonly<Record<string, (source: Exportable) => Pieces>> = {
  CSV: (source) => csvText(source.counters, source.samples()),
  Parquet: (source) => parquetBytes(source, cells),
  Arrow: (source) => arrowBytes(source, 'file', cells),
}

it.each(Object.keys(writers))('%s holds as much after 40,000 rows as after 4,000', async (kind) => {
  const write = writers[kind]!
  await heldAtEnd(4000, write)
  const short = await heldAtEnd(4000, write)
  const long = await heldAtEnd(40_000, write)
  // Far less than the rows themselves; what V8 compiled meanwhile counts too.
  expect(long - short).toBeLessThan(((40_000 - 4000) * (width + 2) * 8) / 2)
})

it('Parquet of many row groups has every row, as a reader that is not ours reads it', async () => {
  const file = await gatheredBytes(parquetBytes(exported(2050), cells))
  const rows = await parquetReadObjects({
    file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) as ArrayBuffer,
    compressors,
  })
  expect(rows.map(({ time }) => time)).toEqual(Array.from({ length: 2050 }, (_, row) => row + 1))
  expect(rows.every((row) => row[few.counters[width - 1]!.id] === row['time'])).toBe(true)
})
