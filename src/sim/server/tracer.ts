/**
 * Takes traces of a server: begins and ends them at their instants, between two events, or at a
 * connection and when all that it woke sleep again. One at a time; the last one is kept until the
 * next is asked for.
 */
import type { Kernel } from '../kernel/kernel'
import type { CallTree } from '../observe/call-tree'
import type { Trace } from '../observe/trace'
import { traceBytesMax, TraceKind, traceLongestNs, traceRecordBytes } from '../observe/trace'
import type { TraceOrder, TracePhase, TraceProgress } from '../observe/trace-order'
import { TraceRecorder } from '../observe/trace-recorder'
import type { SimTime } from '../units/time'
import { inSeconds } from '../units/time'
import { ConnectionWatch } from './connection-watch'

/** The least that it is worth to begin with. */
const fewestRecords = 1000
export class Tracer {
  private phase: TracePhase = 'off'
  private order: TraceOrder = { reason: 'time', atMostNs: 0 }
  private recorder: TraceRecorder | undefined
  private watch: ConnectionWatch | undefined
  private from = 0 as SimTime
  private until = 0 as SimTime
  private head: Pick<Trace, 'begins' | 'running' | 'runnable' | 'tasks'> | undefined
  /** The finished trace, but for what its recorder still has in its own room. */
  private finished: Omit<Trace, 'columns'> | undefined
  private taken: Trace | undefined

  constructor(
    private readonly tree: CallTree,
    private readonly clockMHz: number,
    private readonly kernel: () => Kernel,
    /** Whether anything listens for connections. */
    private readonly listens: () => boolean,
  ) {}

  /** Asks for a trace, in place of one that is under way. A message for people when refused. */
  ask(order: TraceOrder): string | undefined {
    const { now } = this.kernel().engine
    const { atMostNs, maxBytes = traceBytesMax } = order
    const from = order.from ?? now
    if (!(atMostNs >= 1 && atMostNs <= traceLongestNs)) {
      return `a trace lasts from 1 ns to ${traceLongestNs / 1e9} s`
    }
    if (maxBytes < fewestRecords * traceRecordBytes) {
      return `a trace needs room for at least ${fewestRecords * traceRecordBytes} bytes`
    }
    if (order.reason === 'connection' && !this.listens()) {
      return 'no connection can come: nothing in this run listens on a port'
    }
    if (from < now) return `a trace cannot begin at ${inSeconds(from)} s, which is over`
    this.forget()
    this.order = order
    this.phase = 'waits'
    this.from = from
    if (from === now) this.reach(now)
    return undefined
  }

  /** Takes back what was asked for, or throws away what there is. */
  forget(): void {
    this.detach()
    this.phase = 'off'
    this.finished = undefined
    this.taken = undefined
  }

  /** The finished trace. Its records are copied when it is first asked for. */
  get trace(): Trace | undefined {
    const { finished, recorder } = this
    if (!finished || !recorder) return undefined
    return (this.taken ??= { ...finished, columns: recorder.columns() })
  }

  get progress(): TraceProgress {
    const { phase, order } = this
    const records = phase === 'records' || phase === 'done' ? (this.recorder?.count ?? 0) : 0
    return {
      phase,
      reason: order.reason,
      records,
      bytes: records * traceRecordBytes,
      maxBytes: order.maxBytes ?? traceBytesMax,
    }
  }

  /** The next instant at which something is to be done: no slice goes beyond it. */
  get due(): SimTime | undefined {
    if (this.phase === 'records') return this.until
    return this.phase === 'waits' && this.tree.onConnection === undefined ? this.from : undefined
  }

  /** How many events may be executed between two looks. */
  get eventsAtOnce(): number {
    const looksOften = this.phase !== 'off' && this.phase !== 'done'
    return looksOften && this.order.reason === 'connection' ? 1 : Infinity
  }

  /** Between two events, when everything of an instant that was due is done. */
  reach(now: SimTime): void {
    if (this.phase === 'records' && now >= this.until) this.finish()
    else if (this.phase === 'waits' && now >= this.from) {
      if (this.order.reason === 'time') this.begin(now)
      else this.tree.onConnection = () => this.begin(this.kernel().engine.now)
    }
  }

  /** Between any two events. */
  look(): void {
    const { recorder, watch } = this
    if (this.phase !== 'records' || !recorder) return
    watch?.read(recorder)
    if (recorder.isFull || watch?.isOver === true) this.finish()
  }

  private begin(now: SimTime): void {
    const { tree, order } = this
    const { dispatcher, processes } = this.kernel()
    tree.onConnection = undefined
    dispatcher.settle()
    const { cpus, scheduler } = dispatcher
    const recorder = new TraceRecorder(
      this.clockMHz,
      cpus.length,
      () => tree.setTrace(),
      order.maxBytes ?? traceBytesMax,
      this.recorder?.room,
    )
    const tasks = new Int32Array(2 * processes.all.size)
    let told = 0
    for (const task of processes.all) {
      tasks[told++] = task.pid
      tasks[told++] = recorder.knows(task)
    }
    this.head = {
      begins: tree.charged.slice(),
      running: Int32Array.from(cpus, ({ current }) => current?.pid ?? -1),
      runnable: scheduler.runnable,
      tasks,
    }
    this.recorder = recorder
    this.watch = order.reason === 'connection' ? new ConnectionWatch() : undefined
    this.from = now
    // Where its instant was told, its end is known too, however late the connection came.
    const latest = order.from === undefined ? Infinity : order.from + 2 * order.atMostNs
    this.until = Math.min(now + order.atMostNs, latest) as SimTime
    this.phase = 'records'
    tree.setTrace(recorder)
  }

  private finish(): void {
    const { recorder, head, tree } = this
    if (!recorder || !head) return
    const { engine, dispatcher } = this.kernel()
    dispatcher.settle()
    this.detach()
    const { isFull } = recorder
    const ends = isFull ? endsOf(recorder, head.begins) : tree.charged.slice()
    const { now } = engine
    const last = Math.max(...ends) / this.clockMHz / 1e6
    this.phase = 'done'
    this.finished = {
      clockMHz: this.clockMHz,
      cpus: head.begins.length,
      reason: this.order.reason,
      fromSeconds: inSeconds(this.from),
      toSeconds: isFull ? last : inSeconds(now),
      isFull,
      maxBytes: this.order.maxBytes ?? traceBytesMax,
      ...head,
      ends,
      procedures: tree.procedures.slice(),
      ...tree.nodeTables,
      names: recorder.names,
    }
    this.head = undefined
  }

  private detach(): void {
    this.tree.setTrace()
    this.tree.onConnection = undefined
  }
}

/** Where the charges of each CPU end. */
function endsOf({ count, kind, cpu, at, cycles }: TraceRecorder, begins: Float64Array) {
  const ends = begins.slice()
  for (let place = 0; place < count; place++) {
    if (kind[place] === TraceKind.charge) ends[cpu[place]] = at[place] + cycles[place]
  }
  return ends
}
