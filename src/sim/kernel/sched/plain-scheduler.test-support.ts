/**
 * The run queue of Linux 2.2 as its source has it: a list, and a walk over all of it. What is
 * faster is held against it.
 */
import type { RandomStream } from '../../engine/random'
import type { Task } from './task'
import { defaultPriority, TaskState } from './task'

interface Row {
  counter: number
  processor: number
  space: number
  running: boolean
}

export class PlainScheduler {
  readonly rows = new Map<Task, Row>()
  /** The front first. */
  queue: Task[] = []
  yielded: Task | undefined
  /** Tasks weighed by the last `pick`, tasks passed because another CPU runs them, new quanta. */
  scanned = 0
  passed = 0
  renewed = 0

  enrol(task: Task): void {
    const { processor } = task
    this.rows.set(task, { counter: defaultPriority, processor, space: -1, running: false })
  }

  row(task: Task): Row {
    const row = this.rows.get(task)
    if (!row) throw new Error(`task ${task.pid} is not enrolled`)
    return row
  }

  add(task: Task): void {
    this.queue.unshift(task)
  }

  yieldCpu(task: Task): void {
    this.queue = [...this.queue.filter((other) => other !== task), task]
    this.yielded = task
  }

  goodness(task: Task, cpu: number, space: number): number {
    const { counter, processor, space: own } = this.row(task)
    if (counter === 0) return 0
    const sameSpace = space >= 0 && own === space ? 1 : 0
    return counter + defaultPriority + (processor === cpu ? 15 : 0) + sameSpace
  }

  pick(cpu: number, space: number, previous: Task | undefined): Task | undefined {
    this.scanned = 0
    this.passed = 0
    this.renewed = 0
    if (previous && previous.state !== TaskState.running) {
      this.queue = this.queue.filter((task) => task !== previous)
    }
    const walked = this.walk(cpu, space, previous)
    let { best } = walked
    if (best && walked.weight === 0) {
      for (const row of this.rows.values()) row.counter = (row.counter >> 1) + defaultPriority
      this.renewed = this.rows.size
      best = this.walk(cpu, space, previous).best
    }
    this.yielded = undefined
    if (previous && this.rows.has(previous)) this.row(previous).running = false
    if (best) Object.assign(this.row(best), { running: true, processor: cpu })
    return best
  }

  private walk(cpu: number, space: number, previous: Task | undefined) {
    let best: Task | undefined
    let weight = -1000
    if (previous?.state === TaskState.running) {
      best = previous
      weight = previous === this.yielded ? -1 : this.goodness(previous, cpu, space)
    }
    for (const task of this.queue) {
      if (this.row(task).running && task !== previous) {
        this.passed++
        continue
      }
      this.scanned++
      if (this.row(task).running) continue
      const own = this.goodness(task, cpu, space)
      if (own > weight) {
        best = task
        weight = own
      }
    }
    return { best, weight }
  }
}

/** One of them, by chance. */
export function oneOf<Item>(random: RandomStream, items: readonly Item[]): Item | undefined {
  return items[random.below(Math.max(1, items.length))]
}
