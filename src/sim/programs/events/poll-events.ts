/** Events by poll(): the program keeps an array of what it waits for. */
import type { Kernel } from '../../kernel/kernel'
import type { WatchSet } from '../../kernel/fs/poll/watch-set'
import type { Path, Task } from '../../kernel/sched/task'
import type { EventSource, ReadyDescriptor } from './event-source'

export class PollEvents implements EventSource {
  private readonly set: WatchSet
  ready: readonly ReadyDescriptor[] = []

  constructor(private readonly kernel: Kernel) {
    this.set = kernel.polls.set()
  }

  get size(): number {
    return this.set.size
  }

  /** An entry of its own array. */
  add(task: Task, descriptor: number, interest: number): undefined {
    this.kernel.polls.watch(task, this.set, descriptor, interest)
  }

  change(task: Task, descriptor: number, interest: number): undefined {
    this.add(task, descriptor, interest)
  }

  remove(_task: Task, descriptor: number): undefined {
    this.set.forget(descriptor)
  }

  ask(task: Task, timeoutNs: number): Path<number> {
    return this.kernel.polls.poll(task, this.set, timeoutNs)
  }

  collect(): undefined {
    this.ready = this.set.ready.map(({ descriptor, ready }) => ({ descriptor, ready }))
  }
}
