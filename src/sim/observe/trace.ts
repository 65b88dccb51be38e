/**
 * What a trace looks like from outside: what each CPU did, cycle by cycle, and why, in parallel
 * columns, one record a place. Records stand in the order in which they were made; those of one CPU
 * in order of time. Instants are in cycles since the start, on the clock of the CPU.
 */
import type { ModeCode } from './mode'
import type { ProfileFrame } from './profile'

/** What a record tells, and what its columns hold. A pid of −1 is nobody. */
export const TraceKind = {
  /** Cycles were charged to a stack. first: its node. */
  charge: 0,
  /** schedule() has chosen. first: pid of the next, second: of the previous, third: runnable. */
  switch: 1,
  /** A task gave up its CPU. first: pid, second: node of its stack, third: why (TraceLeave). */
  leave: 2,
  /** A task was made runnable. first: its pid, second: of the waker, third: runnable then. */
  wake: 3,
  /** wake_up() walked a queue. first: entries, second: woken, third: 1 of a listening socket. */
  walk: 4,
  /** A woken task found nothing to do. first: pid. */
  nothing: 5,
  /** A lock was held. first: TraceLock, second: pid, third: cycles waited for it before. */
  hold: 6,
  /** A frame on the link. first: 0 in, 1 out, second: flags of TCP, third: bytes of data. */
  packet: 7,
  /** A request at the drive. first: 1 write, second: sector, third: sectors. */
  disk: 8,
  /** first: TraceNote, second: pid, third: what the note says. */
  note: 9,
  /** A process is called otherwise. first: pid, second: place in `names`. */
  name: 10,
} as const
export type TraceKindCode = (typeof TraceKind)[keyof typeof TraceKind]

/** Why a task gave up its CPU. */
export const TraceLeave = {
  sleeps: 0,
  /** In uninterruptible sleep. */
  waits: 1,
  yields: 2,
  preempted: 3,
  ended: 4,
} as const
export type TraceLeaveCode = (typeof TraceLeave)[keyof typeof TraceLeave]

export const TraceLock = { kernel: 0, runQueue: 1 } as const
export type TraceLockCode = (typeof TraceLock)[keyof typeof TraceLock]

export const TraceNote = {
  /** accept() has a connection. */
  accepted: 0,
  /** The last descriptor of a connection was closed. */
  closed: 1,
  /** third: pid of the child. */
  forked: 2,
  executed: 3,
  ended: 4,
  /** A page fault. third: 1 where it waited for the disk. */
  fault: 5,
  /** A select() or poll() is over. third: descriptors that it asked. */
  asked: 6,
  /** After it. third: how many of them were ready. */
  ready: 7,
} as const
export type TraceNoteCode = (typeof TraceNote)[keyof typeof TraceNote]

/** Parallel columns; arrays may be longer than `count`. */
export interface TraceColumns {
  readonly count: number
  readonly kind: Uint8Array
  readonly cpu: Uint8Array
  /** In cycles since the start. */
  readonly at: Float64Array
  /** Cycles that it lasted or cost; 0 of an instant. */
  readonly cycles: Uint32Array
  readonly first: Int32Array
  readonly second: Int32Array
  readonly third: Int32Array
}

/** Bytes of a record. */
export const traceRecordBytes = 1 + 1 + 8 + 4 + 3 * 4
/** What a trace may take unless told otherwise. */
export const traceBytesMax = 64 * 1024 * 1024

/** Longest trace: a minute. */
export const traceLongestNs = 60e9

/** What it was taken for. */
export type TraceReason = 'time' | 'connection'

export interface Trace {
  readonly clockMHz: number
  readonly cpus: number
  readonly reason: TraceReason
  /** In simulated seconds. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** It stopped where it did because it had no more room. */
  readonly isFull: boolean
  readonly maxBytes: number
  /** Clock of each CPU in cycles where its records begin, and where they end. */
  readonly begins: Float64Array
  readonly ends: Float64Array
  /** Pid of who ran on each CPU when it began, −1: nobody. */
  readonly running: Int32Array
  /** Tasks in state R when it began. */
  readonly runnable: number
  /** Procedures, and the call tree: parent and procedure of each node. Node 0 is no stack. */
  readonly procedures: readonly (ProfileFrame & { readonly mode: ModeCode })[]
  readonly parents: Int32Array
  readonly procedureOf: Int32Array
  /** Commands by place; `name` records and `tasks` point here. */
  readonly names: readonly string[]
  /** Pid and place of the name of every task that there was when it began, alternating. */
  readonly tasks: Int32Array
  readonly columns: TraceColumns
}

/** Procedure of the innermost call of a stack. */
export function procedureAt(trace: Trace, node: number): Trace['procedures'][number] | undefined {
  return trace.procedures[trace.procedureOf[node] ?? -1]
}

/** Procedures of a stack, root first, as places in `procedures`. */
export function stackOf({ parents, procedureOf }: Trace, node: number): number[] {
  const stack: number[] = []
  for (let at = node; at > 0; at = parents[at] ?? 0) stack.push(procedureOf[at] ?? 0)
  return stack.reverse()
}

/** Simulated seconds of an instant in cycles. */
export const secondsAt = ({ clockMHz }: Pick<Trace, 'clockMHz'>, cycles: number): number =>
  cycles / clockMHz / 1e6
