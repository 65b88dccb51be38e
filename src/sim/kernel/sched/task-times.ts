/**
 * Keeps the time of every task: what it has spent since it last changed goes to the stack in which
 * it waits, or to its program when it ran. A task counts as running from the event in which
 * schedule() chooses it to the one in which it is left; what those switches take, microseconds, is
 * the next one's.
 */
import type { Engine } from '../../engine/engine'
import type { CallTree } from '../../observe/call-tree'
import type { SpendsCode } from '../../observe/stack-times'
import { Spends } from '../../observe/stack-times'
import type { Task } from './task'
import { TaskState } from './task'

export class TaskTimes {
  /** All that are alive. */
  private readonly tasks = new Set<Task>()

  constructor(
    private readonly engine: Pick<Engine, 'now'>,
    private readonly tree: Pick<CallTree, 'times' | 'parent'>,
  ) {}

  /** Sums of whole microseconds stay exact for a run of any length, those of nanoseconds do not. */
  private get now(): number {
    return Math.floor(this.engine.now / 1000)
  }

  begin(task: Task): void {
    this.tasks.add(task)
    task.spends = Spends.runnable
    task.spendsSince = this.now
  }

  becomes(task: Task, spends: SpendsCode): void {
    const { now } = this
    const spent = now - task.spendsSince
    if (spent > 0) {
      this.tree.times.add(this.stackOf(task), task.spends, spent)
      task.spendsSince = now
    }
    task.spends = spends
  }

  /** Who runs goes through many stacks, which the profile has: its time is its program's. */
  private stackOf(task: Task): number {
    let { node } = task
    if (task.spends !== Spends.running) return node
    const { parent } = this.tree
    while (parent[node] !== 0) node = parent[node]
    return node
  }

  /** The CPU of a running task goes to another one. */
  left(task: Task): void {
    switch (task.state) {
      case TaskState.running:
        return this.becomes(task, Spends.runnable)
      case TaskState.interruptible:
        return this.becomes(task, Spends.asleep)
      case TaskState.uninterruptible:
        return this.becomes(task, Spends.blocked)
      case TaskState.zombie:
        this.becomes(task, Spends.nothing)
        this.tasks.delete(task)
    }
  }

  /** Brings everybody's account up to now. */
  settle(): void {
    for (const task of this.tasks) this.becomes(task, task.spends)
  }

  /** The kernel has stopped: nobody lives on. */
  end(): void {
    this.settle()
    this.tasks.clear()
  }
}
