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

  // eslint-disable-next-line require-yield -- an entry of its own array
  *add(task: Task, descriptor: number, interest: number): Path {
    this.kernel.polls.watch(task, this.set, descriptor, interest)
  }

  change(task: Task, descriptor: number, interest: number): Path {
    return this.add(task, descriptor, interest)
  }

  // eslint-disable-next-line require-yield -- an entry of its own array
  *remove(_task: Task, descriptor: number): Path {
    this.set.forget(descriptor)
  }

  *wait(task: Task, timeoutNs: number): Path<number> {
    const { kernel, set } = this
    const found = yield* kernel.polls.poll(task, set, timeoutNs)
    this.ready = set.ready.map(({ descriptor, ready }) => ({ descriptor, ready }))
    return found
  }
}
