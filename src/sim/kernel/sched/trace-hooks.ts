/**
 * What the kernel tells a trace, where there is one: each of these is called where it happens, and
 * changes nothing.
 */
import type { TraceLeaveCode, TraceNoteCode } from '../../observe/trace'
import { TraceLeave, TraceNote } from '../../observe/trace'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { CpuAccounts } from './cpu-accounts'
import type { Scheduler } from './scheduler'
import type { Task } from './task'
import { TaskState } from './task'

/** What is seen of the dispatcher. */
interface Traced extends Pick<CpuAccounts, 'tree' | 'nowCycles'> {
  readonly scheduler: Pick<Scheduler, 'runnable'>
  readonly executing: Cpu
  readonly inInterrupt: boolean
  readonly wakesAt: Cycles
  readonly wakeCycles: Cycles
}

/** schedule() has chosen, and what that takes is charged. */
export function traceSwitch(
  { tree, scheduler }: Traced,
  cpu: Cpu,
  previous: Task | undefined,
  next: Task | undefined,
): void {
  const { trace } = tree
  if (trace === undefined) return
  if (previous) trace.left(cpu.id, cpu.clock, previous.pid, previous.node, whyLeft(previous))
  trace.switched(cpu.id, cpu.clock, next, previous ? previous.pid : -1, scheduler.runnable)
}

function whyLeft(task: Task): TraceLeaveCode {
  switch (task.state) {
    case TaskState.interruptible:
      return TraceLeave.sleeps
    case TaskState.uninterruptible:
      return TraceLeave.waits
    case TaskState.zombie:
      return TraceLeave.ended
    case TaskState.running:
      return task.user ? TraceLeave.preempted : TraceLeave.yields
  }
}

/** The instant of what is executed: an interrupt handler may have come further than now. */
const instantOf = ({ wakesAt, nowCycles }: Traced): Cycles => (wakesAt > 0 ? wakesAt : nowCycles)

/** A task has become runnable, which took `wakeCycles`. */
export function traceWake(of: Traced, task: Task): void {
  const { trace } = of.tree
  if (trace === undefined) return
  const { executing } = of
  const waker = of.inInterrupt ? -1 : (executing.current?.pid ?? -1)
  const { runnable } = of.scheduler
  trace.woke(executing.id, instantOf(of), of.wakeCycles, task.pid, waker, runnable)
}

/** A wait queue was walked. */
export function traceWalk(of: Traced, entries: number, woken: number, listening: boolean): void {
  of.tree.trace?.walked(of.executing.id, instantOf(of), entries, woken, listening)
}

/** A task that was woken has found nothing to do, and sleeps again. */
export function traceNothing(of: Traced, task: Task): void {
  of.tree.trace?.foundNothing(task.processor, of.nowCycles, task.pid)
}

/** A select() or poll() of a task is over. */
export function traceAsked(of: Traced, task: Task, asked: number, ready: number): void {
  if (of.tree.trace === undefined) return
  traceNote(of, TraceNote.asked, task, asked)
  traceNote(of, TraceNote.ready, task, ready)
}

/** Something that a task has done. */
export function traceNote(of: Traced, note: TraceNoteCode, task: Task, says = 0): void {
  of.tree.trace?.note(task.processor, of.nowCycles, note, task.pid, says)
}
