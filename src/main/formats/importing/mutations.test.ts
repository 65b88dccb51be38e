/**
 * Damaged files of every format that is imported. Each is refused in one sentence, or gives rows
 * of as many numbers as it has counters; nothing else is thrown, and nothing hangs.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { arrowBytes } from '../exports/arrow'
import { gatheredBytes, syntheticExport } from '../exports/exportable.test-support'
import { formatOf } from '../exports/formats'
import { parquetBytes } from '../exports/parquet'
import type { Exportable } from '../exports/exportable'
import { mutated, randomOf } from '../reading/mutate.test-support'
import type { Pieces } from '../write-file'
import { importFormatOf } from './import-formats'
import { ImportFault } from './imported-file'
import { SourceFile } from './source-file'

const files = 300
const folder = mkdtempSync(join(tmpdir(), 'soakscope-mutations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const source = syntheticExport(9)
const known = () => [...source.counters]
/** Two samples in a group or a batch, so that there are several. */
const cells = 2 * (source.counters.length + 2)
const writers: Readonly<Record<string, (of: Exportable) => Pieces>> = {
  csv: formatOf('csv').write,
  openmetrics: formatOf('openmetrics').write,
  parquet: (of) => parquetBytes(of, cells),
  'Arrow file': (of) => arrowBytes(of, 'file', cells),
  'Arrow stream': (of) => arrowBytes(of, 'stream', cells),
}
const vmstat = [
  'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----',
  ' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st',
  ' 0  0    524 763388 147216 819640    0    0   288   108  195 2509  4  3 93  0  0',
  ' 1  0    524 763388 147216 819640    0    0     0     0   57   96  0  1 99  0  0',
  '',
].join('\n')

/** Rows that were read, or the sentence with which it was refused. */
async function read(path: string): Promise<number | string> {
  const opened = SourceFile.open(path)
  if (!opened.ok) throw new Error(opened.error.message)
  try {
    const format = importFormatOf(opened.value.head())
    if (typeof format === 'string') return format
    const file = await format.read(opened.value, { called: 'f', known })
    let rows = 0
    for await (const { time, values } of file.rows) {
      if (typeof time !== 'number' || values.length !== file.counters.length) {
        throw new Error(`row ${rows} has ${values.length} values`)
      }
      rows++
    }
    file.notes()
    return rows
  } catch (error) {
    if (error instanceof ImportFault) return error.message
    throw error
  } finally {
    opened.value.close()
  }
}

/** How many gave rows. @throws with the file that shows the fault */
async function survive(seed: number, original: Buffer): Promise<number> {
  const random = randomOf(seed)
  const path = join(folder, 'f')
  let whole = 0
  for (let number = 0; number < files; number++) {
    const damaged = mutated(original, random)
    writeFileSync(path, damaged)
    try {
      const found = await read(path)
      if (typeof found === 'number') whole++
      else if (!/^\P{Cc}{5,400}$/u.test(found)) throw new Error(`not a sentence: ${found}`)
    } catch (error) {
      const given = damaged.toString('base64').slice(0, 20_000)
      throw new Error(`seed ${seed}, file ${number}: ${given}`, { cause: error })
    }
  }
  return whole
}

describe(`of ${files} damaged files each is refused in words, or gives rows`, () => {
  it.each(Object.keys(writers))(
    '%s',
    async (kind) => {
      const original = await gatheredBytes(writers[kind]!(source))
      writeFileSync(join(folder, 'whole'), original)
      expect(await read(join(folder, 'whole'))).toBe(9)
      const whole = await survive(11, original)
      expect(whole).toBeGreaterThan(0)
      expect(whole).toBeLessThan(files)
    },
    120_000,
  )

  it('vmstat', async () => {
    const whole = await survive(12, Buffer.from(vmstat))
    expect(whole).toBeGreaterThan(0)
    expect(whole).toBeLessThan(files)
  }, 120_000)
})
