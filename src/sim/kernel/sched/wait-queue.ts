/**
 * Wait queues of Linux 2.2: a list of sleepers; wake_up walks all of it and makes every sleeper runnable;
 * the woken task takes itself off the queue when it runs again. No variant here: accept's are to come.
 */
import type { Task } from './task'

export class WaitQueue {
  /** In the order in which wake_up walks them: the last to come is first, as add_wait_queue puts it. */
  readonly sleepers: Task[] = []

  add(task: Task): void {
    this.sleepers.push(task)
  }

  /** Takes a task off the queue; nothing happens when it is not there. */
  remove(task: Task): void {
    const index = this.sleepers.indexOf(task)
    if (index >= 0) this.sleepers.splice(index, 1)
  }

  get length(): number {
    return this.sleepers.length
  }
}
