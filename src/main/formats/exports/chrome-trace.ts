/**
 * Chrome trace events (JSON), as Perfetto and chrome://tracing read them: a track for each CPU with
 * the process that ran and, inside it, the procedure; wake-ups as flows from who woke to when the
 * woken process ran; locks, the link and the disk as tracks of their own; runnable tasks as a
 * counter; what was done to the run as marks. Instants are microseconds of simulated time. Every
 * record stands in the `args` of one event, so that the trace is opened again as it was.
 */
import {
  procedureAt,
  TraceKind,
  TraceLeave,
  TraceLock,
  TraceNote,
  type Trace,
  type TraceKindCode,
} from '../../../sim/observe/trace'
import { chromeHeadOf, recordWord } from '../../../shared/chrome-trace-file'
import { traceOf, type Exportable } from './exportable'
import { PendingWakes } from './pending-wakes'
import { runCommand } from './run-command'

const machine = 1
/** Tracks beside the CPUs. */
const tracks = { kernelLock: 1001, runQueueLock: 1002, linkIn: 1003, linkOut: 1004, disk: 1005 }
const trackNames: Readonly<Record<keyof typeof tracks, string>> = {
  kernelLock: 'kernel lock, who holds it',
  runQueueLock: 'run-queue lock, who holds it',
  linkIn: 'frames in',
  linkOut: 'frames out',
  disk: 'disk',
}
const eventsPerPiece = 512

type Event = Readonly<Record<string, unknown>>

export async function* chromeTraceText(source: Exportable): AsyncGenerator<string> {
  const trace = await traceOf(source)
  const { title, version, scenario, seed = 0, digest } = source.about
  const metadata = {
    tool: `soakscope ${version}`,
    title,
    seed,
    digest,
    command: runCommand(source, '.trace.json'),
    clockMHz: trace.clockMHz,
    full: trace.isFull,
    trace: chromeHeadOf({ origin: { version, scenario, seed }, trace }),
  }
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify(metadata)},"traceEvents":[\n`
  let piece: string[] = []
  let separator = ''
  for await (const event of eventsOf(trace, source)) {
    piece.push(separator + JSON.stringify(event))
    separator = ',\n'
    if (piece.length < eventsPerPiece) continue
    yield piece.join('')
    piece = []
  }
  yield `${piece.join('')}\n]}\n`
}

async function* eventsOf(trace: Trace, source: Exportable): AsyncGenerator<Event> {
  yield named('process_name', 0, source.about.title)
  for (let cpu = 0; cpu < trace.cpus; cpu++) {
    yield named('thread_name', cpu, `CPU ${cpu}`)
    yield sorted(cpu, cpu)
  }
  for (const [track, tid] of Object.entries(tracks)) {
    yield named('thread_name', tid, trackNames[track as keyof typeof tracks])
    yield sorted(tid, tid)
  }
  for (const { at, text, kind } of source.marks) {
    if (at < trace.fromSeconds || at > trace.toSeconds) continue
    yield { ph: 'i', s: 'g', cat: kind, name: text, pid: machine, tid: 0, ts: microseconds(at) }
  }
  yield* levelsOf(trace, source)
  yield* new TraceEvents(trace).all()
}

/** What the kernel's levels were at the samples that lie in the trace. */
async function* levelsOf(trace: Trace, { counters, samples }: Exportable): AsyncGenerator<Event> {
  for await (const { time, values } of samples()) {
    if (time > trace.toSeconds) return
    if (time < trace.fromSeconds) continue
    for (const [column, { id, unit, kind }] of counters.entries()) {
      if (kind !== 'gauge') continue
      const args = { [unit]: values[column] ?? 0 }
      yield {
        ph: 'C',
        cat: 'counter',
        name: id,
        pid: machine,
        tid: 0,
        ts: microseconds(time),
        args,
      }
    }
  }
}

/** In whole nanoseconds. */
const microseconds = (seconds: number): number => Math.round(seconds * 1e9) / 1000

const named = (name: string, tid: number, value: string): Event => ({
  ph: 'M',
  name,
  pid: machine,
  tid,
  args: { name: value },
})
const sorted = (tid: number, index: number): Event => ({
  ph: 'M',
  name: 'thread_sort_index',
  pid: machine,
  tid,
  args: { sort_index: index },
})

/** Goes through the records once. */
class TraceEvents {
  /** By CPU: who runs, and since when, in cycles. */
  private readonly pids: Int32Array
  private readonly since: Float64Array
  private readonly commands = new Map<number, string>()
  private readonly wakes = new PendingWakes()

  constructor(private readonly trace: Trace) {
    this.pids = trace.running.slice()
    this.since = trace.begins.slice()
    for (let at = 0; at < trace.tasks.length; at += 2) {
      this.commands.set(trace.tasks[at]!, trace.names[trace.tasks[at + 1]!] ?? '')
    }
  }

  *all(): Generator<Event> {
    const { columns, cpus, ends } = this.trace
    for (let place = 0; place < columns.count; place++) yield* this.record(place)
    for (let cpu = 0; cpu < cpus; cpu++) yield* this.ran(cpu, ends[cpu]!)
  }

  private *record(place: number): Generator<Event> {
    const { trace } = this
    const { columns } = trace
    const cpu = columns.cpu[place]!
    const at = columns.at[place]!
    const first = columns.first[place]!
    const second = columns.second[place]!
    const third = columns.third[place]!
    switch (columns.kind[place] as TraceKindCode) {
      case TraceKind.charge: {
        const procedure = procedureAt(trace, first)
        const args = { image: procedure?.image, cycles: columns.cycles[place] }
        yield this.slice(cpu, 'procedure', procedure?.procedure ?? '', place, args)
        return
      }
      case TraceKind.switch:
        yield* this.ran(cpu, at)
        this.pids[cpu] = first
        this.since[cpu] = at
        yield this.runnable(at, third)
        yield this.instant(place, 'switch', { to: this.nameOf(first) })
        yield* this.arrow(cpu, at, first)
        return
      case TraceKind.wake:
        this.wakes.woken(first, cpu, at)
        yield this.runnable(at, third)
        yield this.instant(place, 'wakes', { woken: this.nameOf(first) })
        return
      case TraceKind.leave:
        // The switch that follows ends the stay.
        yield this.instant(place, leaveNames[third] ?? 'leaves', { process: this.nameOf(first) })
        return
      case TraceKind.name:
        this.commands.set(first, trace.names[second] ?? '')
        yield this.instant(place, 'is called', { process: this.nameOf(first) })
        return
      case TraceKind.hold: {
        const tid = first === TraceLock.kernel ? tracks.kernelLock : tracks.runQueueLock
        const args = { cpu, waitedCycles: third }
        yield this.slice(tid, 'lock', this.nameOf(second), place, args)
        return
      }
      case TraceKind.packet: {
        const tid = first === 1 ? tracks.linkOut : tracks.linkIn
        yield this.slice(tid, 'packet', `${third} bytes`, place, { flags: second, bytes: third })
        return
      }
      case TraceKind.disk: {
        const words = first === 1 ? 'write' : 'read'
        yield this.slice(tracks.disk, 'disk', words, place, { sector: second, sectors: third })
        return
      }
      case TraceKind.nothing:
        yield this.instant(place, 'found nothing', { process: this.nameOf(first) })
        return
      case TraceKind.walk: {
        const args = { entries: first, woken: second, listening: third === 1 }
        yield this.instant(place, 'wake_up', args)
        return
      }
      case TraceKind.note:
        yield this.instant(place, noteNames[first] ?? 'note', { process: this.nameOf(second) })
    }
  }

  /** The process that has run on a CPU up to an instant; nobody is idle. */
  private *ran(cpu: number, until: number): Generator<Event> {
    const pid = this.pids[cpu]!
    const since = this.since[cpu]!
    if (pid < 0 || until <= since) return
    const name = this.nameOf(pid)
    yield {
      ...this.on(cpu, since),
      ph: 'X',
      cat: 'process',
      name,
      dur: this.between(since, until),
      args: { pid },
    }
  }

  private slice(tid: number, cat: string, name: string, place: number, args: object): Event {
    const { at, cycles } = this.trace.columns
    const from = at[place]!
    const dur = this.between(from, from + cycles[place]!)
    const record = recordWord(this.trace, place)
    return { ...this.on(tid, from), ph: 'X', cat, name, dur, args: { ...args, record } }
  }

  private instant(place: number, name: string, args: object): Event {
    const { at, cpu } = this.trace.columns
    const record = recordWord(this.trace, place)
    const where = this.on(cpu[place]!, at[place]!)
    return { ...where, ph: 'i', s: 't', cat: 'event', name, args: { ...args, record } }
  }

  private runnable(at: number, value: number): Event {
    return { ...this.on(0, at), ph: 'C', cat: 'counter', name: 'runnable', args: { tasks: value } }
  }

  /**
   * An arrow from a wake-up to where the woken process runs. The clock of a CPU in an interrupt is
   * ahead of what it causes, by some microseconds: such an arrow begins where it ends, and says so.
   */
  private *arrow(cpu: number, at: number, pid: number): Generator<Event> {
    const wake = this.wakes.runs(pid)
    if (!wake) return
    const flow = { cat: 'wake-up', name: 'wake-up', id: wake.id }
    const ahead = this.between(at, wake.at)
    const args = { woken: this.nameOf(pid), ...(ahead > 0 && { wakerIsAheadUs: ahead }) }
    yield { ...this.on(wake.cpu, Math.min(at, wake.at)), ph: 's', ...flow, args }
    yield { ...this.on(cpu, at), ph: 'f', bp: 'e', ...flow }
  }

  private on(tid: number, at: number): Event {
    return { pid: machine, tid, ts: this.ns(at) / 1000 }
  }

  /** In whole nanoseconds, so that what is inside another stays inside it. */
  private ns(cycles: number): number {
    return Math.round((cycles * 1000) / this.trace.clockMHz)
  }

  private between(from: number, to: number): number {
    return (this.ns(to) - this.ns(from)) / 1000
  }

  private nameOf(pid: number): string {
    return pid < 0 ? 'nobody' : `${this.commands.get(pid) ?? 'process'} ${pid}`
  }
}

const namesOf = (codes: Readonly<Record<string, number>>): Readonly<Record<number, string>> =>
  Object.fromEntries(Object.entries(codes).map(([name, code]) => [code, name]))
const noteNames = namesOf(TraceNote)
const leaveNames = namesOf(TraceLeave)
