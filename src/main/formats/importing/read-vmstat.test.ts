import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { SampleRow } from '../../runs/wide-row'
import { ImportFault } from './imported-file'
import { vmstatImport } from './read-vmstat'
import { SourceFile } from './source-file'

const folder = mkdtempSync(join(tmpdir(), 'soakscope-vmstat-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function read(text: string, every?: number) {
  const path = join(folder, 'log')
  writeFileSync(path, text)
  const file = SourceFile.open(path)
  if (!file.ok) throw new Error(file.error.message)
  expect(vmstatImport.tells(file.value.head())).toBe(true)
  try {
    const log = await vmstatImport.read(file.value, { called: 'log', known: () => [], every })
    const rows: SampleRow[] = []
    for await (const row of log.rows) rows.push({ ...row, values: row.values.slice() })
    return { log, rows, notes: log.notes().join('; ') }
  } catch (error) {
    if (error instanceof ImportFault) return error.message
    throw error
  }
}
const groups = 'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu-----\n'
const head = ' r  b   swpd   free  inact active   si   so    bi    bo   in   cs us sy id wa st'
const row = ' 2  0      0 279469 295968 312736    0    0     1     3   29   57  0  0 99  0  0'

it('a log of a real machine: its own columns, in the order in which they stand', async () => {
  const read1 = await read(`${groups}${head}\n${row}\n${row}\n${groups}${head}\n${row}\n`, 5)
  if (typeof read1 === 'string') throw new Error(read1)
  const { log, rows, notes } = read1
  expect(log.counters.map(({ id }) => id).slice(3, 6)).toEqual([
    'vmstat.free',
    'vmstat.inact',
    'vmstat.active',
  ])
  expect(log.counters.every(({ kind }) => kind === 'gauge')).toBe(true)
  expect(rows.map(({ time }) => time)).toEqual([5, 10, 15])
  expect(rows[0]?.values[3]).toBe(279469)
  expect(notes).toMatch(/taken to be 5 s apart;/)
})

it('instants that were written are kept to, whatever somebody says of them', async () => {
  const at = (second: number): string => `${row} 2021-09-16 20:33:${second}\n`
  const zone = `${head}                 PDT\n`
  const found = await read(`${groups}${zone}${at(13)}${at(18)}${at(28)}`, 2)
  if (typeof found === 'string') throw new Error(found)
  expect(found.rows.map(({ time }) => time)).toEqual([2, 7, 17])
  expect(found.notes).toMatch(/instants are those that vmstat wrote/)
  expect(await read(`${zone}${at(18)}${at(13)}`)).toMatch(/line 3 has an instant before/)
})

it('what is no row is named, but for an end that is torn', async () => {
  const old = ' r  b  w   swpd   free   buff  cache  si  so    bi    bo   in    cs  us  sy  id\n'
  const wrapped =
    ' 4 82  6      0   3604   4244 1902520   0   0     6  3342  386   347   0 100\n0\n'
  expect(await read(old + wrapped)).toMatch(/line 2 has 15 words, and the header has 16; .*wrapped/)
  expect(await read(`${head}\n${row.replace('279469', '279,469')}\n`)).toMatch(/line 2 has somethi/)
  expect(await read(`${head} xx yy\n${row}\n`)).toMatch(/has a column "xx"/)
  const torn = await read(`${head}\n${row}\n${row.slice(0, 30)}`)
  expect(typeof torn === 'string' ? torn : torn.notes).toMatch(/end is missing: line 3/)
  expect(typeof torn === 'string' ? 0 : torn.rows.length).toBe(1)
})
