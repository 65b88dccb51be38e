/**
 * The run queue of Linux 2.2: one list of all runnable tasks, running ones too; new ones go to the
 * front. Who is best has the highest goodness: what is left of its quantum plus its priority, 15
 * more if it ran on this CPU last, 1 more for the same address space; of equals the one that a walk
 * from the front meets first. When all runnable tasks have used up their quantum, every task in the
 * system gets a new one. Left out: real-time classes.
 */
import { head, QueueLinks } from './queue-links'
import type { Task } from './task'
import { defaultPriority } from './task'
import { grown, none, sameProcessor, WaitingTasks } from './waiting-tasks'

/**
 * Tasks by slot: what schedule() looks at of a task stands in arrays that the host's cache holds.
 */
export class RunQueue {
  private readonly taskOfSlot: (Task | undefined)[] = []
  private readonly freeSlots: number[] = []
  private room = 64
  private counters = new Int32Array(this.room)
  private processors = new Int32Array(this.room)
  private spaces = new Int32Array(this.room)
  private running = new Uint8Array(this.room)
  /** By slot: 1 on the queue. */
  onQueue = new Uint8Array(this.room)
  /** Who stands beside whom on the queue. */
  readonly links = new QueueLinks()
  private readonly waiting: WaitingTasks
  /** Places at both ends of the queue that nobody has had. */
  private front = 1
  private back = 0
  /** Tasks of each address space: threads share one. */
  private readonly members = new Map<number, Task[]>()
  /** Address spaces that several tasks have. */
  private shared = 0
  /** By CPU: who was taken up there last. */
  private readonly last: Int32Array
  /** Tasks on the queue. */
  length = 0
  /** Tasks in the system. */
  enrolled = 0
  /** Goodness of who was found best. */
  bestGoodness = 0

  constructor(cpus: number) {
    this.waiting = new WaitingTasks(cpus)
    this.last = new Int32Array(cpus)
    this.waiting.reserve(this.room)
    this.links.reserve(this.room)
  }

  /** A new task, with a full quantum, not on the queue. */
  enrol(task: Task): void {
    const slot = this.freeSlots.pop() ?? this.taskOfSlot.length
    if (slot === this.room) this.grow()
    task.slot = slot
    this.taskOfSlot[slot] = task
    this.counters[slot] = defaultPriority
    this.processors[slot] = task.processor
    this.spaces[slot] = none
    this.running[slot] = 0
    this.enrolled++
  }

  /** A task that has ended: it is not on the queue. */
  dismiss({ slot }: Task): void {
    this.leaveSpace(slot)
    this.taskOfSlot[slot] = undefined
    this.freeSlots.push(slot)
    this.enrolled--
  }

  private grow(): void {
    this.room *= 2
    this.counters = grown(new Int32Array(this.room), this.counters)
    this.processors = grown(new Int32Array(this.room), this.processors)
    this.spaces = grown(new Int32Array(this.room), this.spaces)
    this.running = grown(new Uint8Array(this.room), this.running)
    this.onQueue = grown(new Uint8Array(this.room), this.onQueue)
    this.waiting.reserve(this.room)
    this.links.reserve(this.room)
  }

  counterOf({ slot }: Task): number {
    return this.counters[slot]
  }

  setCounter({ slot }: Task, ticks: number): void {
    const waits = this.waits(slot)
    if (waits) this.waiting.remove(slot, this.processors[slot], this.counters[slot])
    this.counters[slot] = ticks
    if (waits) this.waiting.insert(slot, this.processors[slot], ticks)
  }

  setProcessor(task: Task, cpu: number): void {
    const { slot } = task
    task.processor = cpu
    const waits = this.waits(slot)
    if (waits) this.waiting.remove(slot, this.processors[slot], this.counters[slot])
    this.processors[slot] = cpu
    if (waits) this.waiting.insert(slot, cpu, this.counters[slot])
  }

  setSpace(task: Task): void {
    this.leaveSpace(task.slot)
    const space = task.mm?.id ?? none
    this.spaces[task.slot] = space
    if (space === none) return
    const members = this.members.get(space)
    if (members) {
      if (members.push(task) === 2) this.shared++
    } else this.members.set(space, [task])
  }

  private leaveSpace(slot: number): void {
    const space = this.spaces[slot]
    const members = this.members.get(space)
    if (members === undefined) return
    if (members.length === 1) this.members.delete(space)
    else {
      members.splice(members.indexOf(this.taskOfSlot[slot] as Task), 1)
      if (members.length === 1) this.shared--
    }
  }

  hasCpu({ slot }: Task): boolean {
    return this.running[slot] === 1
  }

  /** A CPU takes up a task of the queue. */
  takeUp(task: Task, cpu: number): void {
    const { slot } = task
    if (this.waits(slot)) this.waiting.remove(slot, this.processors[slot], this.counters[slot])
    this.running[slot] = 1
    this.last[cpu] = slot
    this.processors[slot] = cpu
    task.processor = cpu
  }

  /** No CPU runs the task any more. */
  leave({ slot }: Task): void {
    this.running[slot] = 0
    if (this.onQueue[slot] === 0) return
    this.waiting.insert(slot, this.processors[slot], this.counters[slot])
  }

  private waits(slot: number): boolean {
    return this.onQueue[slot] === 1 && this.running[slot] === 0
  }

  /** add_to_runqueue: at the front. */
  add(task: Task): void {
    const { slot } = task
    task.onRunQueue = true
    this.onQueue[slot] = 1
    this.length++
    this.waiting.places[slot] = this.front++
    this.links.insertFirst(slot)
    if (this.running[slot] === 0) {
      this.waiting.insert(slot, this.processors[slot], this.counters[slot])
    }
  }

  /** del_from_runqueue. */
  remove(task: Task): void {
    const { slot } = task
    if (this.waits(slot)) this.waiting.remove(slot, this.processors[slot], this.counters[slot])
    task.onRunQueue = false
    this.onQueue[slot] = 0
    this.links.remove(slot)
    this.length--
  }

  /** move_last_runqueue. */
  moveLast({ slot }: Task): void {
    const waits = this.waits(slot)
    if (waits) this.waiting.remove(slot, this.processors[slot], this.counters[slot])
    this.waiting.places[slot] = this.back--
    this.links.remove(slot)
    this.links.insertLast(slot)
    if (waits) this.waiting.insert(slot, this.processors[slot], this.counters[slot])
  }

  /**
   * goodness(): weight of a task for a CPU that holds the translations of the address space
   * `space`.
   */
  goodness({ slot }: Task, cpu: number, space: number): number {
    const ticks = this.counters[slot]
    if (ticks === 0) return 0
    return (
      ticks +
      defaultPriority +
      (this.processors[slot] === cpu ? sameProcessor : 0) +
      (space !== none && this.spaces[slot] === space ? 1 : 0)
    )
  }

  /**
   * Whom a walk over the whole queue finds for a CPU, `previous` being looked at first where it is
   * still runnable: it wins ties, so that equal tasks are not switched for nothing. One that has
   * yielded goes before nobody.
   */
  best(
    cpu: number,
    space: number,
    previous: Task | undefined,
    hasYielded: boolean,
  ): Task | undefined {
    const { waiting } = this
    let atLeast = -1000
    if (previous !== undefined) atLeast = hasYielded ? -1 : this.goodness(previous, cpu, space)
    let best = none
    let goodness = waiting.greatest(cpu)
    // One more for the same memory does not reach what the previous task has.
    if (goodness !== none && goodness + 1 > atLeast) {
      best = waiting.first(cpu, goodness)
      if (goodness > 0) {
        const neighbour = this.bestOfSpace(cpu, space, goodness)
        if (neighbour !== none) {
          const task = this.taskOfSlot[neighbour] as Task
          const more = this.goodness(task, cpu, space) - goodness
          if (more > 0 || (more === 0 && waiting.places[neighbour] > waiting.places[best])) {
            best = neighbour
            goodness += more
          }
        }
      }
    }
    if (best === none || goodness <= atLeast) {
      this.bestGoodness = atLeast
      return previous
    }
    this.bestGoodness = goodness
    return this.taskOfSlot[best]
  }

  /** Who of an address space may be the best, when `goodness` is the greatest without memory. */
  private bestOfSpace(cpu: number, space: number, goodness: number): number {
    // Mostly the CPU has the address space of who left it, and nobody else has that one.
    const last = this.last[cpu]
    if (this.shared === 0 && space !== none && this.spaces[last] === space) {
      return this.waits(last) ? last : none
    }
    const members = this.members.get(space)
    if (members === undefined) return none
    if (members.length === 1) {
      const { slot } = members[0]
      return this.waits(slot) ? slot : none
    }
    const best = this.waiting.first(cpu, goodness, this.spaces, space)
    if (best !== none) return best
    return this.waiting.first(cpu, goodness - 1, this.spaces, space)
  }

  /**
   * All runnable tasks have used up their quantum: everyone gets a new one, and keeps half of what
   * is left.
   */
  recalculate(): void {
    const { counters } = this
    // Free slots are initialised when they are taken.
    for (let slot = 0; slot < this.taskOfSlot.length; slot++) {
      counters[slot] = (counters[slot] >> 1) + defaultPriority
    }
    this.waiting.renew(defaultPriority)
  }

  forEachSlot(body: (slot: number) => void): void {
    this.taskOfSlot.forEach((task, slot) => task !== undefined && body(slot))
  }

  /** In the order of a walk. */
  tasks(): Task[] {
    const tasks: Task[] = []
    const { links } = this
    for (let slot = links.next(head); slot !== head; slot = links.next(slot)) {
      tasks.push(this.taskOfSlot[slot] as Task)
    }
    return tasks
  }

  /** Slots that tasks of the system have; a test counts that none is lost. */
  get slotsInUse(): number {
    return this.taskOfSlot.length - this.freeSlots.length
  }
}
