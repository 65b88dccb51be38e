import { Zstd } from '@hpcc-js/wasm-zstd'
import {
  CompressionType as FlechetteCompression,
  setCompressionCodec,
  tableFromIPC as flechette,
} from '@uwdata/flechette'
import {
  CompressionType as ArrowCompression,
  compressionRegistry,
  tableFromIPC,
} from 'apache-arrow'
import { cpSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { SyntheticServer } from '../runs/synthetic-server.test-support'
import { loadWasm, loadZstd } from '../formats/zstd'
import { lockRecording, writerOf } from './lock'
import { Recorder, bytesOf } from './recorder'
import { hasty, opened, RecordedRun, someFolder } from './recording.test-support'

const timeline = [
  { at: 30, action: 'fault:leak=0.5' },
  { at: 95.5, action: 'fix:patch=on' },
]
beforeAll(async () => {
  const zstd = await Zstd.load()
  const codec = {
    encode: (bytes: Uint8Array) => zstd.compress(bytes),
    decode: (bytes: Uint8Array) => zstd.decompress(bytes),
  }
  compressionRegistry.set(ArrowCompression.ZSTD, codec)
  setCompressionCodec(FlechetteCompression.ZSTD, codec)
})

/** The samples that the run itself has. */
function samplesOf(seconds: number, width: number): Float64Array[] {
  const server = new SyntheticServer(7)
  const rows: Float64Array[] = []
  server.onSample = () => rows.push(server.counters.values.slice(0, width))
  for (let at = 1; at <= seconds; at++) server.advance((at * 1e9) as never)
  return rows
}

describe('a recording', () => {
  it('has every sample, event, digest and profile of the run, whatever is still in its tails', async () => {
    const folder = someFolder()
    const run = await RecordedRun.begin(folder, { timeline: timeline.slice(0, 0) }, hasty())
    run.to(1000)
    for (const ended of [false, true]) {
      if (ended) run.recorder.close()
      const recording = await opened(folder)
      expect(recording.missing).toEqual([])
      expect(recording.seconds).toBe(1000)
      const width = recording.run.counters.length
      const expected = samplesOf(1000, width)
      const rows = [...recording.rows()]
      expect(rows.map(({ time }) => time)).toEqual(expected.map((_, index) => index + 1))
      expect(
        rows.every(({ values }, i) => values.every((value, c) => value === expected[i]?.[c])),
      ).toBe(true)
      expect(recording.digests.map(({ at }) => at)).toEqual(
        Array.from({ length: 16 }, (_, index) => 60 * (index + 1)),
      )
      expect(recording.rounds.length).toBe(run.server.work().rounds.length)
      const profile = await recording.profileBetween({ from: 98, to: 202 })
      if (!profile.ok) throw new Error(profile.error.message)
      expect([profile.value.fromSeconds, profile.value.toSeconds]).toEqual([100, 200])
      const main = profile.value.stacks.find(({ frames }) => frames.length === 1)
      // A thousand events a second, a thousand cycles each, on the first CPU.
      expect(main?.cycles).toEqual([100 * 1000 * 1000, 0])
      expect(profile.value.frames.map(({ procedure }) => procedure)).toEqual([
        'main',
        'schedule',
        'idle',
      ])
    }
  })

  it('keeps the peak of a second in every tier, and gives any part at a resolution', async () => {
    const folder = someFolder()
    const run = await RecordedRun.begin(folder, {}, hasty())
    run.to(5000, 250)
    run.recorder.close()
    const recording = await opened(folder)
    const column = recording.run.counters.findIndex(({ id }) => id === 'processes.runnable')
    const width = recording.run.counters.length
    const whole = samplesOf(5000, width).map((row) => row[column] ?? 0)
    for (const rows of [2, 50, 4000]) {
      const { samples } = recording.rangeNow({ from: 0, to: 5000, rows })
      expect(samples.rows).toBeLessThanOrEqual(rows)
      expect([...samples.merged].reduce((a, b) => a + b, 0)).toBe(5000)
      let largest = -Infinity
      for (let row = 0; row < samples.rows; row++) {
        largest = Math.max(largest, samples.max[row * width + column] ?? 0)
      }
      expect(largest).toBe(Math.max(...whole))
    }
    const part = recording.rangeNow({ from: 1000, to: 1100, rows: 100 })
    expect([...part.samples.time]).toEqual(Array.from({ length: 100 }, (_, i) => 1001 + i))
  })

  it('stays within its limit: the oldest samples go, tiers stay', async () => {
    const folder = someFolder()
    const limitBytes = 250_000
    const run = await RecordedRun.begin(folder, {}, { ...hasty(), limitBytes })
    run.to(16_000, 500)
    run.recorder.close()
    expect(run.recorder.stopped).toBe('closed')
    expect(bytesOf(folder)).toBeLessThan(limitBytes * 1.2)
    const recording = await opened(folder)
    expect(recording.missing).toEqual([])
    expect(recording.wholeAfter).toBeGreaterThan(3600)
    const { samples } = recording.rangeNow({ from: 0, to: 16_000, rows: 400 })
    expect(samples.time[0]).toBeLessThanOrEqual(200)
    expect(samples.time.at(-1)).toBe(16_000)
    expect([...samples.merged].reduce((a, b) => a + b, 0)).toBe(16_000)
  })

  it('is read alike by two other readers of Arrow', async () => {
    const folder = someFolder()
    const run = await RecordedRun.begin(folder, { timeline }, hasty())
    run.to(1300, 100)
    run.recorder.close()
    const recording = await opened(folder)
    const rows = [...recording.rows()]
    const files = readdirSync(folder).filter((name) => name.endsWith('.arrows'))
    expect(files.length).toBeGreaterThan(8)
    for (const name of files) {
      const bytes = readFileSync(join(folder, name))
      const theirs = tableFromIPC(bytes)
      const others = flechette(bytes)
      expect([name, theirs.numRows]).toEqual([name, others.numRows])
      if (!name.startsWith('samples-')) continue
      const column = 'memory.free'
      const values = theirs.getChild(column)?.toArray() as Float64Array
      expect([...values]).toEqual([...(others.getChild(column) as Iterable<number>)])
      const c = recording.run.counters.findIndex(({ id }) => id === column)
      expect([...values]).toEqual(rows.slice(0, values.length).map((row) => row.values[c]))
      expect(theirs.schema.fields[c + 1]?.metadata.get('unit')).toBe('kB')
    }
  })
})

describe('a recording that was cut off', () => {
  it('is continued to the same run, and has nothing twice and nothing too little', async () => {
    const folder = someFolder()
    const cut = await RecordedRun.begin(folder, { timeline }, hasty())
    cut.to(730)
    // What a killed program leaves: whatever was written so far, and its lock.
    const left = join(someFolder(), 'left')
    cpSync(folder, left, { recursive: true })
    rmSync(join(left, 'writer'))
    cut.recorder.close()
    const before = await opened(left)
    expect(before.seconds).toBe(730)
    expect(before.actions).toEqual(timeline)
    expect(before.toCome).toEqual([])
    const again = await RecordedRun.begin(left, { timeline }, hasty(), {
      run: before.run,
      digests: before.digests,
    })
    again.to(1500, 13)
    again.recorder.close()
    expect(again.recorder.stopped).toBe('closed')
    const whole = someFolder()
    const once = await RecordedRun.begin(whole, { timeline }, hasty())
    once.to(1500, 21)
    once.recorder.close()
    const [a, b] = [await opened(left), await opened(whole)]
    expect(a.digests).toEqual(b.digests)
    expect(a.marks).toEqual(b.marks)
    expect(a.rounds).toEqual(b.rounds)
    expect([...a.rows()]).toEqual([...b.rows()])
    const window = { from: 0, to: 1500 }
    expect(await a.profileBetween(window)).toEqual(await b.profileBetween(window))
    expect(a.rangeNow({ ...window, rows: 20 })).toEqual(b.rangeNow({ ...window, rows: 20 }))
  })

  it('is told from another run at its first digest that differs, which ends the recording', async () => {
    const folder = someFolder()
    const cut = await RecordedRun.begin(folder, {}, hasty())
    cut.to(200)
    cut.recorder.close()
    const { run, digests } = await opened(folder)
    const bytes = readFileSync(
      join(
        folder,
        readdirSync(folder).find((n) => n.startsWith('samples-'))!,
      ),
    )
    const other = await RecordedRun.begin(folder, { seed: 8 }, hasty(), { run, digests })
    other.to(300)
    expect(other.recorder.difference).toMatchObject({ at: 60, recorded: digests[0]?.digest })
    expect(other.recorder.stopped).toContain('another one than was recorded, from 00:01:00')
    const after = await opened(folder)
    expect(after.seconds).toBe(200)
    expect(after.digests).toEqual(digests)
    expect(statSync(join(folder, 'samples-000000000.arrows')).size).toBe(bytes.length)
  })
})

describe('the folder of a recording', () => {
  it("is one writer's at a time, who is named to the second", async () => {
    const folder = someFolder()
    const run = await RecordedRun.begin(folder)
    expect(writerOf(folder)).toContain(`process ${process.pid} on`)
    const second = lockRecording(folder)
    expect(second).toMatchObject({ error: { code: 'refused' } })
    expect(second.ok ? '' : second.error.message).toContain(
      `is being recorded by process ${process.pid}`,
    )
    run.recorder.close()
    expect(writerOf(folder)).toBeUndefined()
    const third = lockRecording(folder)
    expect(third.ok).toBe(true)
    if (third.ok) third.value()
  })

  it('is not one that has something else in it', async () => {
    const folder = someFolder()
    const run = await RecordedRun.begin(folder)
    run.recorder.close()
    const { run: file } = await opened(folder)
    const there = await Recorder.begin(folder, file)
    expect(there.ok ? '' : there.error.message).toContain('continue it, or name another folder')
    rmSync(join(folder, 'run.json'))
    const full = await Recorder.begin(folder, file)
    expect(full.ok ? '' : full.error.message).toContain('is not empty')
  })
})

it("Zstandard as WebAssembly and Node's own read one another", async () => {
  const [wasm, own] = [await loadWasm(), await loadZstd()]
  const bytes = new Uint8Array(Float64Array.from({ length: 999 }, (_, i) => i * i).buffer)
  for (const [from, to] of [
    [wasm, own],
    [own, wasm],
    [wasm, wasm],
    [own, own],
  ] as const) {
    expect(Buffer.from(to.decompress(from.compress(bytes), bytes.length)).equals(bytes)).toBe(true)
    expect(() => to.decompress(from.compress(bytes), bytes.length - 1)).toThrow()
    expect(() => to.decompress(from.compress(bytes).subarray(0, 20), bytes.length)).toThrow()
  }
})

it('stops with its reason when its folder is taken away', async () => {
  const folder = someFolder()
  const run = await RecordedRun.begin(folder, {}, hasty())
  run.to(20)
  rmSync(folder, { recursive: true })
  run.to(40)
  expect(run.recorder.stopped).toContain('does not exist')
})
