import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../sim/engine/random'
import { createServer, instant, TraceKind, type Trace } from '../../../sim/index'
import { stepRows } from './stay-words'
import { modesBetween, pictureOf, stayAt } from './trace-picture'
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
