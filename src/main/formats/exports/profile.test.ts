import { Profile } from 'pprof-format'
import { gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  foldByProcedure,
  type ProfileRow,
  type ProfileSnapshot,
} from '../../../sim/observe/profile'
import { comparableIn } from '../read-profile'
import { formatOf } from './formats'
import { gathered, gatheredBytes, scenarioExport } from './exportable.test-support'
import type { Exportable } from './exportable'

let run: Exportable
let sampled: Exportable
let profile: ProfileSnapshot
let rows: ProfileRow[]
let cycles: number

beforeAll(async () => {
  run = scenarioExport('web', 4)
  const parameters = { 'profiler.sampling': 'on' }
  sampled = scenarioExport('web', 5, { parameters, window: { from: 2, to: 4 } })
  const found = await run.profile()
  if (!found.ok) throw new Error(found.error.message)
  profile = found.value
  rows = foldByProcedure(profile)
  cycles = rows.reduce((sum, row) => sum + row.cycles, 0)
})

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

describe('pprof', () => {
  it('has the cycles of the run by CPU, one mapping an image, and is read again', async () => {
    const bytes = await gatheredBytes(formatOf('pprof').write(run))
    const decoded = Profile.decode(gunzipSync(bytes))
    const text = (at: number | bigint): string => decoded.stringTable.strings[Number(at)] ?? ''
    expect(sum(decoded.sample.map(({ value }) => Number(value[1])))).toBe(cycles)
    // By it `go tool pprof` names the file.
    expect(text(decoded.mapping[0]!.filename)).toBe('vmlinux')
    expect(decoded.mapping.map(({ filename }) => text(filename)).sort()).toEqual(
      [...new Set(profile.frames.map(({ image }) => image))].sort(),
    )
    for (let cpu = 0; cpu < profile.cpus; cpu++) {
      const own = decoded.sample.filter(({ label }) => Number(label[0]?.num) === cpu)
      const wanted = sum(profile.stacks.map((stack) => stack.cycles[cpu] ?? 0))
      expect(sum(own.map(({ value }) => Number(value[1])))).toBe(wanted)
    }
    const read = comparableIn('run.pb.gz', bytes)
    expect(read.ok && read.value.total).toBe(cycles)
  })
})

/** The published file-format-schema.json of speedscope, as far as sampled profiles go. */
const speedscope = z.strictObject({
  $schema: z.literal('https://www.speedscope.app/file-format-schema.json'),
  exporter: z.string(),
  name: z.string(),
  activeProfileIndex: z.int().min(0),
  shared: z.strictObject({
    frames: z.array(
      z.strictObject({
        name: z.string(),
        file: z.string().optional(),
        line: z.number().optional(),
        col: z.number().optional(),
      }),
    ),
  }),
  profiles: z.array(
    z.strictObject({
      type: z.literal('sampled'),
      name: z.string(),
      unit: z.enum(['bytes', 'microseconds', 'milliseconds', 'nanoseconds', 'none', 'seconds']),
      startValue: z.number(),
      endValue: z.number(),
      samples: z.array(z.array(z.int().min(0))),
      weights: z.array(z.number().positive()),
    }),
  ),
})

describe('speedscope', () => {
  it('holds to the published schema, and has the time of every CPU', async () => {
    const file = speedscope.parse(JSON.parse(await gathered(formatOf('speedscope').write(run))))
    const { frames } = file.shared
    for (const { samples, weights, startValue, endValue } of file.profiles) {
      expect(samples.length).toBe(weights.length)
      expect(sum(weights)).toBeCloseTo(endValue - startValue, 3)
      expect(samples.flat().every((frame) => frame < frames.length)).toBe(true)
    }
    const [all, ...each] = file.profiles
    expect(all?.unit).toBe('nanoseconds')
    const nanoseconds = (cycles * 1000) / profile.clockMHz
    expect(sum(all?.weights ?? []) / nanoseconds).toBeCloseTo(1, 12)
    expect(each.map(({ name }) => name)).toEqual(['CPU 0', 'CPU 1', 'CPU 2', 'CPU 3'])
    expect(sum(each.flatMap(({ weights }) => weights)) / nanoseconds).toBeCloseTo(1, 12)
    // Root first, as the model has its stacks.
    const spent = profile.stacks.filter(({ cycles: own }) => sum(own) > 0)
    expect(all?.samples).toEqual(spent.map((stack) => stack.frames))
  })

  it('has the samples of the profiler when it was on', async () => {
    const text = await gathered(formatOf('speedscope').write(sampled))
    const last = speedscope.parse(JSON.parse(text)).profiles.at(-1)
    expect(last).toMatchObject({ name: 'samples of the profiler', unit: 'none' })
    const found = await sampled.profile()
    const taken = found.ok ? sum(found.value.stacks.flatMap(({ samples }) => samples)) : NaN
    expect(sum(last?.weights ?? [])).toBe(taken)
    expect(taken).toBeGreaterThan(1000)
  })
})

describe('collapsed stacks', () => {
  it('are read again with the same total and the same procedures', async () => {
    const read = comparableIn('run.txt', await gatheredBytes(formatOf('collapsed').write(run)))
    if (!read.ok) throw new Error(read.error.message)
    expect(read.value.total).toBe(cycles)
    const schedule = read.value.rows.find(({ procedure }) => procedure === 'schedule')
    expect(schedule?.own).toBe(rows.find(({ procedure }) => procedure === 'schedule')?.cycles)
  })
})

/** A table by its header words: two or more blanks part its cells. */
function readTable(text: string): { head: string; rows: string[][] } {
  const [head = '', table = ''] = text.split(/^=+\n/m)
  const rows = table
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/))
  return { head, rows }
}

describe('dcpiprof', () => {
  it('lists samples, share, cumulative share, procedure and image, the largest first', async () => {
    const { head, rows: lines } = readTable(await gathered(formatOf('dcpiprof').write(sampled)))
    expect(lines[0]).toEqual(['cycles', '%', 'cum%', 'exact%', 'procedure', 'image'])
    const counts = lines.slice(1).map(([count]) => Number(count))
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
    const [, total] = /Total samples for event type cycles = (\d+)/.exec(head) ?? []
    expect(sum(counts)).toBe(Number(total))
    expect(lines.at(-1)?.[2]).toBe('100.00%')
  })

  it('lists exact cycles while the sampler is off, and says so', async () => {
    const { head, rows: lines } = readTable(await gathered(formatOf('dcpiprof').write(run)))
    expect(head).toContain('the sampler was off')
    expect(lines[0]).toEqual(['exact', '%', 'cum%', 'procedure', 'image'])
    expect(sum(lines.slice(1).map(([count]) => Number(count)))).toBe(cycles)
  })
})

describe('a profile without anything in it', () => {
  it('is refused, with what can be done', async () => {
    const none = { ...profile, stacks: [] }
    const window = { from: 0, to: 0 }
    const empty: Exportable = {
      ...run,
      window,
      profile: () => Promise.resolve({ ok: true, value: none }),
    }
    for (const kind of ['pprof', 'speedscope', 'collapsed', 'dcpiprof', 'report', 'svg'] as const) {
      await expect(gatheredBytes(formatOf(kind).write(empty)), kind).rejects.toThrow(
        'the window 0 s to 0 s has no cycles to show; let it run on, or choose a longer window',
      )
    }
  })
})
