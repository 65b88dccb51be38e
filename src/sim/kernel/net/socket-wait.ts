/**
 * The wait queue of a listening socket, and who is woken when one of its callbacks runs (TR 99-4, "Accept
 * scalability"). Switch `accept.wakeup`:
 * `all` (2.2.9): __wake_up walks the queue and wakes everybody;
 * `exclusive`: accept marks its sleepers and puts them at the end; the walk wakes everyone up to the first marked one;
 * `one`: the waker asks for one; the walk ends with the first sleeper that it wakes, the one that waits longest;
 * `one-lifo`: the same, from the other end: the one that came last.
 * A woken process stays on the queue until it has got a connection, as wait_for_connect does, and is passed by while
 * it is awake. Sleepers that are not in accept (select) are never exclusive and are always woken.
 */
import type { CacheResidency } from '../../machine/cache'
import type { WakeOutcome, WaitQueueEntry } from '../../observe/structures'
import { cost } from '../costs'
import type { Dispatcher } from '../sched/dispatcher'
import type { Task } from '../sched/task'
import { TaskState } from '../sched/task'

export type AcceptWakeup = 'all' | 'exclusive' | 'one' | 'one-lifo'
export const acceptWakeups: readonly AcceptWakeup[] = ['all', 'exclusive', 'one', 'one-lifo']

/** A struct wait_queue on a sleeper's stack, and the line of its task structure that says whether it sleeps. */
const linesPerSleeper = 2

/** A process that calls accept, across its calls. */
interface Sleeper {
  readonly task: Task
  accepting: boolean
  /** It marked itself when it went to sleep; one that sleeps since before the switch is not marked. */
  exclusive: boolean
  waiting: boolean
  /** In accept, asleep: the same as its task's state, and nearer at hand. */
  asleep: boolean
  woken: number
  wokenForNothing: number
  last: WakeOutcome
}

export class SocketWaitQueue {
  /** In the order of the walk. */
  private readonly sleepers: Sleeper[] = []
  private readonly known = new Map<Task, Sleeper>()
  private readonly footprint: number
  wakeup: AcceptWakeup = 'all'
  /** Sleepers that are in accept, and entries that are not. */
  private accepting = 0
  private others = 0
  wakeUps = 0
  madeRunnable = 0
  backToSleep = 0
  /** Woken processes that found a connection. */
  foundConnection = 0

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly cache: CacheResidency,
    private readonly missCycles: number,
  ) {
    this.footprint = cache.create(cache.lineBytes)
  }

  get length(): number {
    return this.sleepers.length
  }

  /** Processes on the queue that sleep. */
  get asleep(): number {
    let count = 0
    for (const { task } of this.sleepers) if (task.state === TaskState.interruptible) count++
    return count
  }

  /** add_wait_queue, add_wait_queue_exclusive: where the switch wants a process that calls accept. */
  addAccepting(task: Task): void {
    this.insert(task, true, this.wakeup === 'all' || this.wakeup === 'one-lifo')
  }

  /** add_wait_queue of a process that wants to hear of everything (select, poll). */
  addEveryTime(task: Task): void {
    this.insert(task, false, true)
  }

  private insert(task: Task, accepting: boolean, inFront: boolean): void {
    const exclusive = accepting && this.wakeup === 'exclusive'
    let entry = this.known.get(task)
    if (!entry) {
      entry = {
        task,
        accepting,
        exclusive,
        waiting: true,
        asleep: false,
        woken: 0,
        wokenForNothing: 0,
        last: 'none',
      }
      this.known.set(task, entry)
    }
    entry.accepting = accepting
    entry.exclusive = exclusive
    entry.waiting = true
    if (!accepting) this.others++
    if (inFront) this.sleepers.unshift(entry)
    else this.sleepers.push(entry)
    this.resized()
  }

  /** A process leaves the queue: it has got a connection, or will not wait any longer. */
  remove(task: Task, outcome: WakeOutcome = 'got a connection'): void {
    const entry = this.known.get(task)
    if (!entry?.waiting) return
    entry.waiting = false
    if (!entry.accepting) this.others--
    this.wakes(entry)
    entry.last = outcome
    if (outcome === 'got a connection') this.foundConnection++
    this.sleepers.splice(this.sleepers.indexOf(entry), 1)
    this.resized()
  }

  private resized(): void {
    const lines = Math.max(1, this.sleepers.length * linesPerSleeper)
    this.cache.resize(this.footprint, lines * this.cache.lineBytes)
  }

  /** wake_up_interruptible() from a callback of the socket, on `cpu`. Returns its cycles. */
  wakeUp(cpu: number): number {
    this.wakeUps++
    const { wakeup } = this
    const { sleepers } = this
    let cycles = 0
    // The walk goes to the end of the queue, whoever is awake; only nobody has to look where all are.
    let walked = sleepers.length
    for (let index = 0; index < sleepers.length; index++) {
      if (this.accepting === 0 && this.others === 0) break
      const entry = sleepers[index]
      if (entry.accepting && !entry.asleep) continue
      this.wakes(entry)
      if (entry.task.state === TaskState.running || !this.dispatcher.wake(entry.task)) continue
      cycles += cost.wakeUp
      this.dispatcher.wakerWorks(cost.wakeUp + cost.waitQueueStep)
      entry.woken++
      entry.last = 'running'
      this.madeRunnable++
      // Under `one` the waker decides, under `exclusive` the sleeper's mark does.
      if (wakeup === 'exclusive' ? entry.exclusive : wakeup !== 'all' && entry.accepting) {
        walked = index + 1
        break
      }
    }
    const misses = this.cache.touch(cpu, this.footprint, walked * linesPerSleeper)
    return cycles + walked * cost.waitQueueStep + misses * this.missCycles
  }

  /** A process on the queue is about to sleep: as the dispatcher's prepareToSleep. */
  prepareToSleep(task: Task): void {
    this.dispatcher.prepareToSleep(task, TaskState.interruptible)
    const entry = this.known.get(task)
    if (!entry?.accepting || entry.asleep) return
    entry.asleep = true
    this.accepting++
  }

  private wakes(entry: Sleeper): void {
    if (!entry.asleep) return
    entry.asleep = false
    this.accepting--
  }

  /** A woken process found no connection and sleeps again. */
  noteBackToSleep(task: Task): void {
    const entry = this.known.get(task)
    if (!entry) return
    entry.wokenForNothing++
    entry.last = 'back to sleep'
    this.backToSleep++
  }

  entries(): WaitQueueEntry[] {
    return this.sleepers.map(({ task, exclusive, woken, wokenForNothing, last }) => ({
      ...{ pid: task.pid, command: task.command, exclusive, woken, wokenForNothing, last },
      asleep: task.state === TaskState.interruptible,
    }))
  }
}
