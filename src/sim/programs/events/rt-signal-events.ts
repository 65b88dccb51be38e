/**
 * Events by real-time signals: every descriptor signals when something comes to it, and what it
 * became is asked by a poll() of that one. As a signal tells a change and not a state, the program
 * keeps which descriptors it does not know to be idle: those that are new, asked for something
 * else, or were ready last time; these are polled before it sleeps. After an overflow it drops what
 * is queued, signal by signal, and polls all that it waits for.
 */
import type { Kernel } from '../../kernel/kernel'
import type { WatchSet } from '../../kernel/fs/poll/watch-set'
import type { RtSignals } from '../../kernel/ipc/rt-signals'
import { Taken } from '../../kernel/ipc/rt-signals'
import type { Path, Task } from '../../kernel/sched/task'
import type { EventSource, ReadyDescriptor } from './event-source'

export class RtSignalEvents implements EventSource {
  ready: readonly ReadyDescriptor[] = []
  private readonly signals: RtSignals
  private readonly interests = new Map<number, number>()
  /** Descriptors that are not known to be idle, and the array for poll() of them. */
  private readonly open = new Set<number>()
  private readonly array: WatchSet

  /** @throws Error on a kernel that has no such signals */
  constructor(private readonly kernel: Kernel) {
    const { rtSignals } = kernel
    if (!rtSignals) throw new Error(`${kernel.name} has no real-time signals for descriptors`)
    this.signals = rtSignals
    this.array = kernel.polls.set()
  }

  get size(): number {
    return this.interests.size
  }

  *add(task: Task, descriptor: number, interest: number): Path {
    if (interest === 0) {
      this.drop(descriptor)
      return
    }
    this.interests.set(descriptor, interest)
    if (!this.signals.isRegistered(task, descriptor)) {
      yield* this.signals.register(task, descriptor)
    }
    this.askAgain(task, descriptor)
  }

  change(task: Task, descriptor: number, interest: number): Path {
    return this.add(task, descriptor, interest)
  }

  /** An entry of its own table; it goes on signalling. */
  remove(_task: Task, descriptor: number): undefined {
    this.drop(descriptor)
  }

  private drop(descriptor: number): void {
    this.interests.delete(descriptor)
    this.settle(descriptor)
  }

  /** It is asked by the next poll(), if the program waits for it. */
  private askAgain(task: Task, descriptor: number): void {
    const interest = this.interests.get(descriptor)
    if (interest === undefined) return
    this.open.add(descriptor)
    this.kernel.polls.watch(task, this.array, descriptor, interest)
  }

  private settle(descriptor: number): void {
    this.open.delete(descriptor)
    this.array.forget(descriptor)
  }

  *ask(task: Task, timeoutNs: number): Path<number> {
    const { base } = this.kernel
    const until = base.now + timeoutNs
    this.ready = []
    for (;;) {
      const left = this.open.size > 0 ? 0 : Math.max(0, until - base.now)
      const taken = yield* this.signals.wait(task, left)
      if (taken === Taken.sigio) yield* this.startOver(task)
      else if (taken >= 0) this.askAgain(task, taken)
      if (this.open.size > 0) {
        const found = yield* this.poll(task)
        if (found !== 0) return found
      } else if (taken === Taken.nothing && base.now >= until) return 0
    }
  }

  /** Each poll() has told already. */
  collect(): undefined {}

  /** poll() of what is not known to be idle. */
  private *poll(task: Task): Path<number> {
    const { array, open } = this
    const found = yield* this.kernel.polls.poll(task, array, 0)
    if (found < 0) return found
    this.ready = array.ready.map(({ descriptor, ready }) => ({ descriptor, ready }))
    const ready = new Set(this.ready.map(({ descriptor }) => descriptor))
    for (const descriptor of [...open]) if (!ready.has(descriptor)) this.settle(descriptor)
    return found
  }

  /** Signals are lost: nothing is known of anybody. */
  private *startOver(task: Task): Path {
    while ((yield* this.signals.wait(task, 0)) !== Taken.nothing);
    for (const descriptor of this.interests.keys()) this.askAgain(task, descriptor)
  }
}
