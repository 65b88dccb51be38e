/**
 * POSIX real-time signals for descriptors (fs/fcntl.c, kernel/signal.c of 2.2.1): a descriptor with
 * F_SETSIG and O_ASYNC queues one at each callback of its file, whatever its state was, with its
 * number. The queue is bounded for the whole system; what finds it full becomes a plain SIGIO, of
 * which one is pending at most. sigwaitinfo takes them one at a time, SIGIO first.
 * Left out: handlers and masks, other signal numbers, signals that programs send, send_sigio's walk
 * over all tasks, that write_space signals only who has found no room.
 */
import { NumberFifo } from '../../engine/number-fifo'
import type { ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import { SetBit } from '../../observe/structures'
import type { Cycles } from '../../units/cycles'
import type { Descriptors } from '../fs/descriptors'
import type { OpenFile } from '../fs/files'
import type { WatchOwner } from '../fs/poll/watchers'
import { Readiness, Watch } from '../fs/poll/watchers'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { Op, Rest, TaskState } from '../sched/task'
import type { Timer } from '../sched/timer'
import { WaitQueue } from '../sched/wait-queue'

/** max_queued_signals. */
export const maxQueuedSignals = 1024
/** What sigwaitinfo answers when it is no descriptor: SIGIO, or EAGAIN. */
export const Taken = { sigio: -29, nothing: -11 } as const

/** siginfo_t, which is copied out. */
const siginfoBytes = 128
/** F_SETOWN, F_SETSIG, and F_SETFL with O_ASYNC. */
const registeringCalls = 3

/** What a process has registered, and what is pending for it. */
class Pending implements WatchOwner {
  readonly descriptors = new NumberFifo()
  readonly watches = new Map<number, Watch>()
  readonly waiters = new WaitQueue()
  sigio = false

  constructor(private readonly signals: RtSignals) {}

  changed(watch: Watch): Cycles {
    return this.signals.send(this, watch.descriptor)
  }

  closed(watch: Watch): void {
    if (this.watches.get(watch.descriptor) === watch) this.watches.delete(watch.descriptor)
    ;(watch.file as OpenFile).watchers?.remove(watch)
  }
}

export class RtSignals {
  /** Most that may be queued. */
  max = maxQueuedSignals
  /** Signals in all queues. */
  length = 0
  queued = 0
  taken = 0
  /** Signals that found the queue full. */
  overflows = 0
  private readonly processes = new Map<Task, Pending>()
  private readonly sigtimedwait: ProcedureId

  constructor(
    private readonly base: KernelBase,
    private readonly timer: Timer,
    private readonly descriptors: Descriptors,
  ) {
    this.sigtimedwait = base.tree.declareKernel('sys_rt_sigtimedwait', Mode.system)
  }

  private of(task: Task): Pending {
    let pending = this.processes.get(task)
    if (!pending) this.processes.set(task, (pending = new Pending(this)))
    return pending
  }

  /** Whether the descriptor, as it is open now, signals. */
  isRegistered(task: Task, descriptor: number): boolean {
    const watch = this.processes.get(task)?.watches.get(descriptor)
    return watch !== undefined && watch.file === this.descriptors.fileAt(task, descriptor)
  }

  /** The descriptor queues signals for the task from now on, until it is closed. */
  *register(task: Task, descriptor: number): Path {
    const { base } = this
    const pending = this.of(task)
    for (let call = 1; call <= registeringCalls; call++) {
      yield* base.systemCall(task, base.procedures.sys_fcntl, () => {
        task.charge(base.cost.systemCall)
        if (call < registeringCalls) return
        const before = pending.watches.get(descriptor)
        if (before) pending.closed(before)
        const file = this.descriptors.fileAt(task, descriptor)
        const watch = new Watch(pending, descriptor, file, 0)
        pending.watches.set(descriptor, watch)
        file.watchers?.add(watch)
      })
    }
  }

  /** send_sigio(), in a callback. Returns its cycles. */
  send(pending: Pending, descriptor: number): Cycles {
    const { dispatcher, cost } = this.base
    if (this.length < this.max) {
      this.length++
      this.queued++
      pending.descriptors.push(descriptor)
    } else {
      this.overflows++
      pending.sigio = true
    }
    const woken = pending.waiters.length > 0 ? dispatcher.wakeUp(pending.waiters) : 0
    return cost.signalSend + woken
  }

  /**
   * sigtimedwait() for the signal and SIGIO: the descriptor of the oldest one, or one of `Taken`.
   */
  wait(task: Task, timeoutNs: number): Path<number> {
    return this.base.systemCall(
      task,
      this.sigtimedwait,
      () => new Rest(this.waitFor(task, timeoutNs)),
    )
  }

  private *waitFor(task: Task, timeoutNs: number): Path<number> {
    const { dispatcher, cost } = this.base
    const pending = this.of(task)
    task.charge(cost.systemCall)
    let taken = this.dequeue(pending)
    if (taken === Taken.nothing && timeoutNs > 0 && !task.killed) {
      const entry = pending.waiters.add(task)
      dispatcher.prepareToSleep(task, TaskState.interruptible)
      const alarm = this.timer.setAlarm(task, timeoutNs)
      yield Op.sleep
      this.timer.endAlarm(task, alarm)
      dispatcher.stayAwake(task)
      pending.waiters.remove(entry)
      taken = this.dequeue(pending)
    }
    if (task.killed) throw new Killed()
    if (taken !== Taken.nothing) {
      task.charge(cost.signalTake + siginfoBytes * cost.copyPerByte)
    }
    return taken
  }

  private dequeue(pending: Pending): number {
    if (pending.sigio) {
      pending.sigio = false
      return Taken.sigio
    }
    const descriptor = pending.descriptors.shift()
    if (descriptor === undefined) return Taken.nothing
    this.length--
    this.taken++
    return descriptor
  }

  /** One more than the highest descriptor that signals; 0: none does. */
  get width(): number {
    let width = 0
    for (const { watches } of this.processes.values()) {
      for (const descriptor of watches.keys()) width = Math.max(width, descriptor + 1)
    }
    return width
  }

  /** Bits of SetBit, by descriptor: it signals, and there is something to read. */
  mark(states: Uint8Array): void {
    for (const { watches, descriptors } of this.processes.values()) {
      for (const [descriptor, { file }] of watches) {
        const ready = (file.poll() & Readiness.readable) !== 0
        states[descriptor] |= SetBit.asked | (ready ? SetBit.ready : 0)
      }
      // A signal of a descriptor that was closed since is queued still: it has no cell of its own.
      for (const descriptor of descriptors) {
        if (descriptor < states.length) states[descriptor] |= SetBit.queued
      }
    }
  }

  /** flush_signals(): the process ends. */
  ended(task: Task): void {
    const pending = this.processes.get(task)
    if (!pending) return
    for (const watch of [...pending.watches.values()]) pending.closed(watch)
    this.length -= pending.descriptors.length
    this.processes.delete(task)
  }
}
