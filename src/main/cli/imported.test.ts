/** What the command line says of a file that was imported: nothing that the file does not say. */
import { readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { commandLine } from './program.test-support'

const { cli, complaint, inFolder } = commandLine()

async function imported(name: string, text: string): Promise<string> {
  const [file, folder] = [inFolder(name), inFolder(`${name}.recording`)]
  writeFileSync(file, text)
  const done = await cli('import', file, '--record', folder)
  expect([done.err, done.code]).toEqual([done.err, 0])
  expect(done.out).not.toMatch(/\b0 counters/)
  return folder
}
const log = `procs -----------memory---------- ---swap-- -----io---- -system-- ----cpu----
 r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa
 1  0      0   9000     10     20    0    0     1     2   30   40 10  5 85  0
 3  0      0   8000     10     20    0    0     1     2   30   40 20  5 75  0
`

it('has a report of counters that are none of vmstat', async () => {
  const folder = await imported('a.csv', 'time [s],rides [1/s]\n61,2\n62,3\n')
  const file = inFolder('a.report.html')
  const done = await cli('export', folder, '--out', file)
  expect([done.code, done.err]).toEqual([0, ''])
  const html = readFileSync(file, 'utf8')
  expect(html).toContain('There are no means: vmstat reads counter processes.runnable')
  const compared = await cli('compare', folder, file)
  expect([compared.code, compared.err]).toEqual([0, ''])
  expect(compared.out).toContain('profile: no procedure is in either')
  expect(compared.out).not.toContain('vmstat')
})

it('says that there is no such file', async () => {
  const line = await complaint('import', inFolder('none'), '--record', inFolder('r'))
  expect(line).toBe('<file>: none cannot be read: there is no such file')
})

it('invents no machine, no seed and no command', async () => {
  const folder = await imported('a.log', log)
  for (const [name, words] of [
    ['a.report.html', 'It cannot be made again: it was imported from a vmstat log'],
    ['a.svg', 'a.log · 0 s to 2 s of simulated time<'],
    ['a.om.txt', 'seed=""'],
  ] as const) {
    const done = await cli('export', folder, '--out', inFolder(name))
    expect([name, done.code, done.err]).toEqual([name, 0, ''])
    const text = readFileSync(inFolder(name), 'utf8')
    expect(text).toContain(words)
    expect(text).not.toMatch(/seed 0|"seed"|at 1 MHz|soakscope run|All of them are the defaults/)
  }
})

it('names no seed in the profiles of a profile', async () => {
  const folder = await imported('a.folded', 'main;work 3\nmain;rest 4\n')
  for (const [name, type] of [
    ['a.dcpiprof.txt', 'cycles'],
    ['a.speedscope.json', 'time'],
    ['a.pb.gz', 'time'],
  ] as const) {
    const file = inFolder(name)
    const done = await cli('export', folder, '--out', file)
    expect([name, done.code, done.err]).toEqual([name, 0, ''])
    const compared = await cli('compare', file, folder, '--type', type)
    expect(compared.out).not.toMatch(/differ:|seed \d/)
    expect(compared.out).toMatch(/42\.86 .*42\.86 .*work/)
  }
})

it('gives counters back that count something else in another scenario', async () => {
  const [csv, metrics] = [inFolder('a.csv'), inFolder('a.om.txt')]
  const run = ['run', 'web', '--for', '3s', '--set', 'load.connections=20']
  expect((await cli(...run, '--export', csv, '--export', metrics)).code).toBe(0)
  const units: string[] = []
  for (const [file, name] of [
    [csv, 'one'],
    [metrics, 'other'],
  ] as const) {
    expect((await cli('import', file, '--record', inFolder(name))).err).toBe('')
    const again = inFolder(`${name}.openmetrics`)
    expect((await cli('export', inFolder(name), '--out', again)).code).toBe(0)
    units.push(readFileSync(again, 'utf8'))
  }
  for (const text of units) {
    expect(text).toMatch(/# TYPE soakscope_work_completed counter\n# HELP \S+ Requests that ended/)
  }
})

it('has every sample of a part of a run, and of a part of that', async () => {
  const words = ['run', 'sdet', '--set', 'sdet.scripts=1', '--for', '9s', '--record']
  expect((await cli(...words, inFolder('r'))).code).toBe(0)
  for (const [from, window, to] of [
    ['r', '3s..8s', 'part'],
    ['part', '4s..6s', 'less'],
  ] as const) {
    const cut = ['trim', inFolder(from), '--window', window, '--record', inFolder(to)]
    expect((await cli(...cut)).code).toBe(0)
    const done = await cli('export', inFolder(to), '--out', inFolder(`${to}.csv`))
    expect([done.code, done.err]).toEqual([0, ''])
  }
  const rows = readFileSync(inFolder('less.csv'), 'utf8').trim().split('\n').slice(1)
  expect(rows.map((row) => row.split(',')[0])).toEqual(['4', '5', '6'])
})
