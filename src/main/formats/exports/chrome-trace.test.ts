import { beforeAll, describe, expect, it } from 'vitest'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { ChromeTraceReader } from '../../../shared/chrome-trace-file'
import { decodeTrace, type TraceFile } from '../../../shared/trace-file'
import { SimulatedServer, createServer } from '../../../sim/server/simulated-server'
import { TraceKind, type Trace } from '../../../sim/observe/trace'
import { after, instant, seconds, startOfTime } from '../../../sim/units/time'
import { formatOf } from './formats'
import { gathered, gatheredBytes, syntheticExport } from './exportable.test-support'
import type { Result } from '../../../shared/result'
import type { Exportable } from './exportable'

/**
 * Trace events as their published description has them (Trace Event Format): what each phase needs.
 */
const common = { name: z.string(), pid: z.int(), tid: z.int() }
const timed = { ...common, cat: z.string(), ts: z.number().min(0) }
const args = z.record(z.string(), z.unknown())
const event = z.discriminatedUnion('ph', [
  z.strictObject({ ...common, ph: z.literal('M'), args }),
  z.strictObject({ ...timed, ph: z.literal('X'), dur: z.number().min(0), args }),
  z.strictObject({
    ...timed,
    ph: z.literal('i'),
    s: z.enum(['g', 'p', 't']),
    args: args.optional(),
  }),
  z.strictObject({ ...timed, ph: z.literal('C'), args: z.record(z.string(), z.number()) }),
  z.strictObject({ ...timed, ph: z.literal('s'), id: z.int(), args }),
  z.strictObject({ ...timed, ph: z.literal('f'), id: z.int(), bp: z.literal('e') }),
])
const file = z.strictObject({
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: args,
  traceEvents: z.array(event),
})
type Event = z.infer<typeof event>

let trace: Trace
let source: Exportable
let events: Event[]

beforeAll(async () => {
  const server = createServer({
    scenario: 'web',
    seed: 1,
    parameters: { 'httpd.processes': 40, 'load.connections': 30 },
  })
  if (!(server instanceof SimulatedServer)) throw new Error(String(server))
  server.advance(after(startOfTime, seconds(2)))
  server.tracer.ask({ reason: 'time', atMostNs: 30e6 })
  server.advance(instant(2.1e9))
  if (!server.tracer.trace) throw new Error('there is no trace')
  trace = server.tracer.trace
  const mark = { at: 2.01, kind: 'fix', text: 'fix:wake-one=on' } as const
  source = {
    ...syntheticExport(2),
    marks: [mark],
    trace: () => Promise.resolve({ ok: true, value: trace }),
  }
  const text = await gathered(formatOf('chrome-trace').write(source))
  events = file.parse(JSON.parse(text)).traceEvents
})

function readLines(text: string): Result<TraceFile> {
  const reader = new ChromeTraceReader()
  for (const line of text.split('\n')) if (line !== '' && !reader.take(line)) break
  return reader.end()
}

const slices = (cat: string) =>
  events.filter((one): one is Extract<Event, { ph: 'X' }> => one.ph === 'X' && one.cat === cat)

describe('Chrome trace events', () => {
  it('have every cycle of every CPU in slices of procedures', () => {
    const { count, kind, cycles } = trace.columns
    let wanted = 0
    for (let at = 0; at < count; at++) if (kind[at] === TraceKind.charge) wanted += cycles[at]!
    const written = slices('procedure').reduce((sum, one) => sum + Number(one.args['cycles']), 0)
    expect(written).toBe(wanted)
    expect(written).toBe(trace.ends.reduce((sum, end, cpu) => sum + end - trace.begins[cpu]!, 0))
  })

  it('nest on each CPU: a procedure lies inside the process that ran it', () => {
    const nanoseconds = (us: number): number => Math.round(us * 1000)
    for (let cpu = 0; cpu < trace.cpus; cpu++) {
      const own = [...slices('process'), ...slices('procedure')]
        .filter(({ tid }) => tid === cpu)
        .map(({ ts, dur }) => ({ from: nanoseconds(ts), to: nanoseconds(ts + dur) }))
        .sort((a, b) => a.from - b.from || b.to - a.to)
      const open: number[] = []
      let overlaps = 0
      for (const { from, to } of own) {
        while (open.length > 0 && open.at(-1)! <= from) open.pop()
        if (open.length > 0 && open.at(-1)! < to) overlaps++
        open.push(to)
      }
      expect(overlaps, `CPU ${cpu}`).toBe(0)
    }
  })

  it('have an arrow from each wake-up to where the woken process runs', () => {
    const starts = new Map(events.flatMap((one) => (one.ph === 's' ? [[one.id, one.ts]] : [])))
    const ends = events.filter((one) => one.ph === 'f')
    expect(ends.length).toBeGreaterThan(20)
    expect(ends.every(({ id, ts }) => (starts.get(id) ?? Infinity) <= ts)).toBe(true)
    expect(starts.size).toBe(ends.length)
    expect(new Set(ends.map(({ id }) => id)).size).toBe(ends.length)
    const processes = slices('process')
    const lands = ends.filter(({ ts, tid }) => processes.some((p) => p.tid === tid && p.ts === ts))
    // Whoever was chosen at the very end has not run yet.
    expect(lands.length).toBeGreaterThanOrEqual(ends.length - trace.cpus)
  })

  it('have what was done as marks, and runnable tasks as a counter', () => {
    expect(events.filter(({ ph, name }) => ph === 'i' && name === 'fix:wake-one=on')).toMatchObject(
      [{ s: 'g', ts: 2.01e6, cat: 'fix' }],
    )
    const runnable = events.flatMap((one) =>
      one.ph === 'C' && one.name === 'runnable' ? [one.args['tasks'] ?? NaN] : [],
    )
    expect(Math.max(...runnable)).toBeGreaterThan(1)
    expect(Math.min(...runnable)).toBeGreaterThanOrEqual(0)
  })

  it('come back from the file that the Trace view opens', async () => {
    const file = gunzipSync(await gatheredBytes(formatOf('trace').write(source)))
    const read = decodeTrace(file)
    if (!read.ok) throw new Error(read.error.message)
    const { columns } = read.value.trace
    expect(columns.count).toBe(trace.columns.count)
    expect(columns.cycles).toEqual(trace.columns.cycles.slice(0, columns.count))
    expect(read.value.origin.seed).toBe(source.about.seed)
  })

  it('come back, every record, from the Chrome trace itself', async () => {
    const text = await gathered(formatOf('chrome-trace').write(source))
    const read = readLines(text)
    if (!read.ok) throw new Error(read.error.message)
    const { columns, ...rest } = trace
    const { columns: again, ...restAgain } = read.value.trace
    expect(restAgain).toEqual(rest)
    const { count } = columns
    for (const name of ['kind', 'cpu', 'at', 'cycles', 'first', 'second', 'third'] as const) {
      expect(again[name], name).toEqual(columns[name].slice(0, count))
    }
    expect(read.value.origin).toMatchObject({ scenario: source.about.scenario })
  })

  it('do not come back cut off, changed, or from an earlier version, which is said', async () => {
    const text = await gathered(formatOf('chrome-trace').write(source))
    const refused = (given: string): string => {
      const read = readLines(given)
      return read.ok ? 'read' : read.error.message
    }
    expect(refused(text.slice(0, -3))).toContain('is cut off: its end is missing')
    expect(refused(text.slice(100))).toContain('was written anew by another program')
    expect(refused(text.replace(/"trace":\{.*\},"traceEvents"/, '"a":1},"traceEvents"'))).toContain(
      'was written by an earlier version',
    )
    expect(refused(text.replace(/"record":"0 0 /, '"record":"0 9 '))).toContain('is none')
    expect(refused(text.replace(/"record":"0 0 /, '"record":"999 0 '))).toContain('is none')
    expect(refused(text.replace('"cpus":4', '"cpus":3'))).toContain('one clock for each of 3')
    expect(refused('')).toContain('is cut off')
  })

  it('are refused where no trace was taken, with what can be done', async () => {
    const source = syntheticExport(2)
    await expect(gathered(formatOf('chrome-trace').write(source))).rejects.toThrow(
      'there is no trace; take one first',
    )
  })
})
