import { describe, expect, it } from 'vitest'
import { createServer, SimulatedServer } from './simulated-server'
import type { Trace } from '../observe/trace'
import { TraceKind, TraceNote, traceRecordBytes } from '../observe/trace'
import { staysOf } from '../observe/trace-stays'
import { summarise } from '../observe/trace-summary'
import type { TraceOrder } from '../observe/trace-order'
import { at, outcomeOf, runFor, smallServer } from './simulated-server.test-support'

const milliseconds = (ms: number): number => ms * 1e6

function webServer(parameters = {}): SimulatedServer {
  const server = createServer({
    scenario: 'web',
    seed: 1,
    parameters: { 'httpd.processes': 40, 'load.connections': 30, ...parameters },
  })
  if (!(server instanceof SimulatedServer)) throw new Error(String(server))
  return server
}

function proxyServer(): SimulatedServer {
  const server = createServer({ scenario: 'proxy', seed: 1, parameters: { 'proxy.cold': 50 } })
  if (!(server instanceof SimulatedServer)) throw new Error(String(server))
  return server
}

/** Cycles by CPU, then by node of the call tree. */
function cyclesOf({ columns, cpus, parents }: Trace): number[][] {
  const sums = Array.from({ length: cpus }, () => new Array<number>(parents.length).fill(0))
  const { count, kind, cpu, first, cycles } = columns
  for (let place = 0; place < count; place++) {
    if (kind[place] === TraceKind.charge) sums[cpu[place]!]![first[place]!]! += cycles[place]!
  }
  return sums
}

function traceOf(server: SimulatedServer, order: TraceOrder): Trace {
  expect(server.tracer.ask(order)).toBeUndefined()
  for (let steps = 0; server.tracer.progress.phase !== 'done'; steps++) {
    if (steps > 1000) throw new Error(`still ${server.tracer.progress.phase}`)
    runFor(server, 0.01)
  }
  return server.tracer.trace!
}

const placesOf = ({ columns }: Trace, kind: number): number[] =>
  Array.from({ length: columns.count }, (_, place) => place).filter(
    (place) => columns.kind[place] === kind,
  )

describe('a trace', () => {
  const small = { sdet: smallServer, web: webServer, proxy: proxyServer }
  it.each(['sdet', 'web', 'proxy'] as const)('has the cycles of its profile (%s)', (scenario) => {
    const server = small[scenario]()
    server.advance(at(1.7))
    server.refreshCounters()
    const switchesBefore = server.counters.read('contextSwitches')
    const before = server.profileTotals().cycles.map((of) => of.slice())
    const trace = traceOf(server, { reason: 'time', atMostNs: milliseconds(200) })
    expect(trace.toSeconds).toBeCloseTo(1.9, 9)
    server.advance(at(1.9))
    server.refreshCounters()
    const { cycles } = server.profileTotals()
    const charged = cyclesOf(trace)
    for (let cpu = 0; cpu < trace.cpus; cpu++) {
      const nodes = charged[cpu]!.map((_, node) => cycles[cpu]![node]! - (before[cpu]![node] ?? 0))
      expect(charged[cpu]).toEqual(nodes)
      expect(trace.ends[cpu]! - trace.begins[cpu]!).toBe(nodes.reduce((sum, of) => sum + of, 0))
    }
    // Several CPUs are each ahead of the clock when the trace ends.
    const switches = placesOf(trace, TraceKind.switch).length
    const counted = server.counters.read('contextSwitches') - switchesBefore
    if (trace.cpus === 1) expect(switches).toBe(counted)
    else expect(switches).toBeGreaterThanOrEqual(counted)
    expect(counted).toBeGreaterThan(20)
  })

  it('has what each select asked and what was ready, as the counters have it', () => {
    const server = proxyServer()
    server.advance(at(1))
    const counters = ['poll.calls', 'poll.scanned', 'poll.events'] as const
    const read = (): number[] => counters.map((id) => server.counters.read(id))
    const before = read()
    const trace = traceOf(server, { reason: 'time', atMostNs: milliseconds(1000) })
    server.advance(at(2))
    const after = read().map((value, at) => value - before[at]!)
    const { selects, descriptorsAsked, descriptorsReady } = summarise(trace, staysOf(trace))
    expect([selects, descriptorsAsked, descriptorsReady]).toEqual(after)
    expect(selects).toBeGreaterThan(5)
  })

  it.each(['time', 'connection'] as const)('changes nothing in the run (%s)', (reason) => {
    const untouched = webServer()
    untouched.advance(at(1.5))
    const server = webServer()
    server.advance(at(0.4))
    traceOf(server, { reason, atMostNs: milliseconds(500), from: at(0.5) })
    server.advance(at(1.5))
    expect(server.digest()).toBe(untouched.digest())
    expect(outcomeOf(server)).toMatchObject({
      ...(outcomeOf(untouched) as object),
      profile: expect.anything() as unknown,
    })
  })

  it('has charges without a gap, and switches that follow one another', () => {
    const server = webServer()
    server.advance(at(1))
    const trace = traceOf(server, { reason: 'time', atMostNs: milliseconds(100) })
    const { columns, begins, running } = trace
    const clocks = begins.slice()
    const runs = [...running]
    for (let place = 0; place < columns.count; place++) {
      const cpu = columns.cpu[place]!
      if (columns.kind[place] === TraceKind.charge) {
        expect(columns.at[place]).toBe(clocks[cpu])
        clocks[cpu]! += columns.cycles[place]!
      } else if (columns.kind[place] === TraceKind.switch) {
        expect(columns.at[place]).toBe(clocks[cpu])
        if (columns.second[place] !== -1) expect(columns.second[place]).toBe(runs[cpu])
        runs[cpu] = columns.first[place]!
      }
    }
    expect([...clocks]).toEqual([...trace.ends])
  })

  it('of a connection begins with its SYN and ends when the herd sleeps again', () => {
    const server = webServer({ 'load.connections': 1 })
    server.advance(at(2))
    const trace = traceOf(server, { reason: 'connection', atMostNs: milliseconds(900) })
    const { columns } = trace
    const packets = placesOf(trace, TraceKind.packet)
    expect([columns.first[packets[0]!], columns.second[packets[0]!]]).toEqual([0, 1])
    const ofConnections = [TraceNote.accepted, TraceNote.closed] as const
    const notes = placesOf(trace, TraceKind.note)
      .map((place) => columns.first[place])
      .filter((note) => ofConnections.some((of) => of === note))
    // What was closed before belongs to the connection before.
    expect(notes.slice(notes.indexOf(TraceNote.accepted))).toEqual([
      TraceNote.accepted,
      TraceNote.closed,
    ])
    const woken = new Set(placesOf(trace, TraceKind.wake).map((place) => columns.first[place]))
    // All but those that had not come to sleep; Apache's parent looks once a second.
    expect(woken.size).toBeGreaterThan(30)
    const nothing = placesOf(trace, TraceKind.nothing).length
    expect(nothing).toBeGreaterThan(30)
    expect(trace.toSeconds - trace.fromSeconds).toBeLessThan(0.9)
  })

  it('ends where it has no more room, and says so', () => {
    const server = webServer()
    server.advance(at(1))
    const maxBytes = 5000 * traceRecordBytes
    const trace = traceOf(server, { reason: 'time', atMostNs: milliseconds(900), maxBytes })
    expect(trace.isFull).toBe(true)
    expect(trace.columns.count).toBe(5000)
    expect(trace.toSeconds).toBeLessThan(1.9)
    const sums = cyclesOf(trace).map((of) => of.reduce((sum, cycles) => sum + cycles, 0))
    expect(sums).toEqual(Array.from(trace.ends, (end, cpu) => end - trace.begins[cpu]!))
  })

  it('is refused where it cannot be', () => {
    const server = smallServer()
    server.advance(at(0.2))
    const order = { reason: 'time', atMostNs: 1e6 } as const
    expect(server.tracer.ask({ ...order, atMostNs: 0 })).toMatch(/lasts from 1 ns to 60 s/)
    expect(server.tracer.ask({ ...order, from: at(0.1) })).toMatch(/cannot begin at 0.1 s/)
    expect(server.tracer.ask({ ...order, maxBytes: 10 })).toMatch(/needs room/)
    expect(server.tracer.ask({ ...order, reason: 'connection' })).toMatch(/no connection can come/)
    expect(server.tracer.ask(order)).toBeUndefined()
    server.tracer.forget()
    expect(server.tracer.progress.phase).toBe('off')
    runFor(server, 0.01)
    expect(server.tracer.trace).toBeUndefined()
  })
})
