import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../sim/engine/random'
import { createServer, instant, TraceKind, type Trace } from '../../../sim/index'
import { stepRows } from './stay-words'
import { busyStayAt, modesBetween, pictureOf, spanAt, stayAt, stayBeside } from './trace-picture'
import { moved, ticksOf, zoomed } from './trace-view'

function traced(): Trace {
  const parameters = { 'httpd.processes': 30, 'load.connections': 20 }
  const server = createServer({ scenario: 'web', seed: 3, parameters })
  if (typeof server === 'string') throw new Error(server)
  server.tracer.ask({ reason: 'time', atMostNs: 100e6, from: instant(1.7e9) })
  server.advance(instant(1.9e9))
  if (!server.tracer.trace) throw new Error('no trace')
  return server.tracer.trace
}
const trace = traced()
const picture = pictureOf(trace)

describe('the picture of a trace', () => {
  it('finds what a CPU did between two instants, as adding up its charges does', () => {
    const random = new RandomStream(1, 'windows')
    const { columns } = trace
    const found = new Float64Array(6)
    for (let times = 0; times < 40; times++) {
      const cpu = random.below(trace.cpus)
      const [a, b] = [random.uniform(), random.uniform()].sort((x, y) => x - y) as [number, number]
      const length = picture.to - picture.from
      const [from, to] = [picture.from + a * length, picture.from + b * length]
      const expected = new Float64Array(6)
      for (let place = 0; place < columns.count; place++) {
        if (columns.kind[place] !== TraceKind.charge || columns.cpu[place] !== cpu) continue
        const at = columns.at[place]!
        const part = Math.min(to, at + columns.cycles[place]!) - Math.max(from, at)
        const procedure = trace.procedures[trace.procedureOf[columns.first[place]!]!]!
        if (part > 0) expected[procedure.mode]! += part
      }
      modesBetween(picture.cpus[cpu]!, from, to, found)
      expected.forEach((cycles, mode) => expect(found[mode]).toBeCloseTo(cycles, 3))
    }
  })

  it('has stays whose steps add up, on every CPU up to its last cycle', () => {
    picture.cpus.forEach(({ stays }, cpu) => {
      const cycles = stays.reduce((sum, stay) => sum + stay.cycles, 0)
      expect(cycles).toBe(trace.ends[cpu]! - trace.begins[cpu]!)
    })
    const some = picture.stays.filter((_, at) => at % 20 === 0)
    expect(some.length).toBeGreaterThan(5)
    for (const stay of some) {
      const steps = stepRows(picture, stay).reduce((sum, row) => sum + (row.cycles ?? 0), 0)
      expect(steps).toBe(stay.cycles)
      const lane = picture.cpus[stay.cpu]!
      if (stay.to > stay.from) expect(stayAt(lane, (stay.from + stay.to) / 2)).toBe(stay)
    }
  })
})

describe('a walk from stay to stay', () => {
  it('meets every one that is not idle, and both ways the same', () => {
    const lane = picture.cpus[0]!
    const busy = lane.stays.filter(({ pid }) => pid >= 0)
    expect(busy.length).toBeGreaterThan(5)
    expect(busy.length).toBeLessThan(lane.stays.length)
    const forth = []
    for (let at = busy[0]; at; at = stayBeside(lane, at, 1)) forth.push(at)
    expect(forth).toEqual(busy)
    const back = []
    for (let at = busy.at(-1); at; at = stayBeside(lane, at, -1)) back.unshift(at)
    expect(back).toEqual(busy)
  })

  it('begins with the stay at an instant, where its CPU is idle with one beside it', () => {
    for (const lane of picture.cpus) {
      const busy = lane.stays.filter(({ pid }) => pid >= 0)
      for (const stay of lane.stays) {
        const found = busyStayAt(lane, stay.from)
        expect(busy).toContain(found)
        if (stay.pid >= 0 && stay.to > stay.from) expect(found).toBe(stay)
      }
      // One stay that lasts from before the instant to the end has none after it.
      const last = busy.at(-1)!
      expect(busyStayAt({ ...lane, stays: [last] }, last.to)).toBe(last)
    }
  })
})

describe('spans of a lane', () => {
  it('are met within them, and beside them as far as was said', () => {
    const { from, to, record } = picture.packetsIn
    expect(record.length).toBeGreaterThan(5)
    expect(spanAt(picture.packetsIn, (from[3]! + to[3]!) / 2)).toBe(record[3])
    const gap = from.findIndex((begins, at) => at > 0 && begins - to[at - 1]! > 1000)
    expect(gap).toBeGreaterThan(0)
    expect(spanAt(picture.packetsIn, from[gap]! - 100)).toBeUndefined()
    expect(spanAt(picture.packetsIn, from[gap]! - 100, 200)).toBe(record[gap])
    expect(spanAt(picture.packetsIn, from[0]! - 100)).toBeUndefined()
  })
})

describe('what is shown of a trace', () => {
  const whole = { from: 1000, to: 451_000 }

  it('zooms around an instant down to a microsecond, and never leaves the trace', () => {
    let shown: { from: number; to: number } = whole
    for (let times = 0; times < 40; times++) shown = zoomed(shown, whole, 100_000, 0.5, 450)
    expect(shown.to - shown.from).toBe(450)
    expect(shown.from).toBeLessThanOrEqual(100_000)
    expect(shown.to).toBeGreaterThanOrEqual(100_000)
    expect(moved(shown, whole, 1e6)).toEqual({ from: 450_550, to: 451_000 })
    for (let times = 0; times < 40; times++) shown = zoomed(shown, whole, 100_000, 2, 450)
    expect(shown).toEqual(whole)
  })

  it('has ticks at round instants since it began, with as many digits as they need', () => {
    const labels = ticksOf(whole, 1000, 450, 5).map(({ label }) => label)
    expect(labels).toEqual(['0', '+200 µs', '+400 µs', '+600 µs', '+800 µs', '+1,000 µs'])
    const narrow = ticksOf({ from: 10_000, to: 10_900 }, 1000, 450, 4).map(({ label }) => label)
    expect(narrow).toEqual(['+20.0 µs', '+20.5 µs', '+21.0 µs', '+21.5 µs', '+22.0 µs'])
  })
})
