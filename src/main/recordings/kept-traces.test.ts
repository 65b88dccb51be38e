import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { keptTracesMax } from '../../shared/api'
import type { TraceFile } from '../../shared/trace-file'
import { createServer, instant } from '../../sim/index'
import { keepTrace, keptTracesIn, readKeptTrace } from './kept-traces'
import { someFolder } from './recording.test-support'
import { isFileOfRecording } from './segment-files'

function someTrace(): TraceFile {
  const server = createServer({ scenario: 'yield', seed: 2, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(1e8))
  server.tracer.ask({ reason: 'time', atMostNs: 2_000_000 })
  server.advance(instant(2e8))
  const { trace } = server.tracer
  if (!trace) throw new Error('no trace')
  return { origin: { version: '1.0.0', scenario: 'yield', seed: 2 }, trace }
}
const file = someTrace()
const from = (fromSeconds: number): TraceFile => {
  const toSeconds = fromSeconds + 0.002
  return { ...file, trace: { ...file.trace, fromSeconds, toSeconds } }
}

it('a trace is kept under whose it is and of what, and opens again as it was', async () => {
  const folder = someFolder()
  const kept = await keepTrace(folder, file)
  expect(kept).toEqual({ ok: true, value: 'yield-seed2-from-0.1s-2ms.trace.gz' })
  const connection = { ...file, trace: { ...file.trace, reason: 'connection' as const } }
  await keepTrace(folder, connection)
  expect(keptTracesIn(folder)).toMatchObject([
    { name: 'yield-seed2-from-0.1s-2ms.trace.gz', fromSeconds: 0.1, of: '2 ms' },
    { name: 'yield-seed2-from-0.1s-connection.trace.gz', fromSeconds: 0.1, of: 'connection' },
  ])
  expect(readdirSync(folder).every(isFileOfRecording)).toBe(true)
  expect(await readKeptTrace(folder, 'yield-seed2-from-0.1s-2ms.trace.gz')).toEqual({
    ok: true,
    value: file,
  })
})

it('the oldest go when there are more than a recording keeps', async () => {
  const folder = someFolder()
  for (let second = 1; second <= keptTracesMax + 2; second++) {
    const kept = await keepTrace(folder, from(keptTracesMax + 3 - second))
    if (kept.ok) utimesSync(join(folder, kept.value), second, second)
  }
  const instants = keptTracesIn(folder).map(({ fromSeconds }) => fromSeconds)
  expect(instants).toEqual(Array.from({ length: keptTracesMax }, (_, at) => at + 1))
})

it('names what is not there, what is damaged, and where nothing can be written', async () => {
  const folder = someFolder()
  const name = 'yield-seed2-from-0.1s-2ms.trace.gz'
  expect(await readKeptTrace(folder, name)).toMatchObject({
    error: { code: 'bad-argument', message: `there is no trace "${name}" in this recording` },
  })
  expect(await readKeptTrace(folder, '../run.json')).toMatchObject({ ok: false })
  await keepTrace(folder, file)
  writeFileSync(join(folder, name), readFileSync(join(folder, name)).subarray(0, 200))
  const read = await readKeptTrace(folder, name)
  expect(read).toMatchObject({ error: { code: 'bad-argument' } })
  const gone = await keepTrace(join(folder, 'gone'), file)
  expect(gone).toMatchObject({ error: { code: 'cannot-write' } })
  expect(keptTracesIn(join(folder, 'gone'))).toEqual([])
})
