/**
 * waitqueue_lock (include/linux/sched.h, kernel/sched.c of 2.2.1): one read-write spin lock over
 * all wait queues. wake_up reads under it, so wake-ups overlap; who joins or leaves a queue writes,
 * alone. Kept are the stretches in which a long queue is walked under it: for a short one it is
 * held for next to no time (assumed), and who comes by then only waits.
 * Left out: interrupts that wait because they are off; its line's way between CPUs.
 */
import type { CallTree, ProcedureId, StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { Task } from './task'

/** The stretch of time in which the lock was held that began last, in cycles. */
class Held {
  private from: Cycles = 0
  until: Cycles = 0

  /** Cycles that one who comes `at` that time waits for its end. */
  waitAt(at: Cycles): Cycles {
    // CPUs run ahead of each other: a stretch that begins later is not there yet.
    return at >= this.from && at < this.until ? this.until - at : 0
  }

  note(from: Cycles, until: Cycles): void {
    if (until <= this.until) return
    if (from > this.until) this.from = from
    this.until = until
  }
}

export class WaitQueueLock {
  private readonly written = new Held()
  private readonly readers = new Held()
  private readonly spin: ProcedureId
  /** Cycles that interrupts have spun and that are not asked for yet. */
  private spun: Cycles = 0

  constructor(
    private readonly cpus: readonly Cpu[],
    private readonly tree: CallTree,
  ) {
    this.spin = tree.declareKernel('waitqueue.text.lock', Mode.spin)
  }

  /** The stack of a CPU that spins for it, below whoever wakes. */
  spinStack(below: StackNode): StackNode {
    return this.tree.call(below, this.spin)
  }

  /** A task joins or leaves a short queue: it spins while the lock is held. */
  pass(task: Task): void {
    const { written, readers } = this
    const { clock } = this.cpus[task.processor]
    if (clock < written.until || clock < readers.until) this.write(task, 0)
  }

  /** A task walks a queue to join or to leave it, which takes so many cycles. */
  write(task: Task, work: Cycles): void {
    const { written, readers } = this
    const at = this.cpus[task.processor].clock + task.pending
    let spun = written.waitAt(at)
    spun += readers.waitAt(at + spun)
    spun += written.waitAt(at + spun)
    if (spun > 0) {
      const { node } = task
      task.node = this.spinStack(node)
      task.charge(spun)
      task.node = node
    }
    if (work === 0) return
    task.charge(work)
    written.note(at + spun, at + spun + work)
  }

  /** read_lock() by a wake-up at that time: cycles until it has it. */
  read(at: Cycles): Cycles {
    const spun = this.written.waitAt(at)
    this.spun += spun
    return spun
  }

  /** A wake-up has walked a queue between these times. */
  walked(from: Cycles, until: Cycles): void {
    this.readers.note(from, until)
  }

  /** Of what `read` returned since the last call, all of it. */
  takeSpun(): Cycles {
    const { spun } = this
    this.spun = 0
    return spun
  }
}
