/**
 * The wait queue of a listening socket (TR 99-4, "Accept scalability"). Switch `accept.wakeup`:
 * `all` (2.2.9) wakes everybody; `exclusive`: accept marks its sleepers and queues them at the end,
 * and the walk stops after the first marked one; `one` (CITI's patch): only the waker is changed,
 * and as add_wait_queue inserts in front, it wakes who came last; `one-fifo`: who came first. Who
 * is woken stays queued until it has a connection (wait_for_connect), and is skipped while it is
 * awake. Sleepers in select are never exclusive and are always woken. An entry is on its sleeper's
 * kernel stack, at one offset of all, so that they compete for the same sets of a cache. The ring
 * has forward links only: who leaves it walks all of it, and so does who joins at its end.
 */
import type { ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { WakeOutcome, WaitQueueEntry } from '../../observe/structures'
import type { Cycles } from '../../units/cycles'
import { Watchers } from '../fs/poll/watchers'
import type { KernelBase } from '../sched/base'
import { SetCounts, shapeOf } from '../sched/cache-sets'
import type { Cpu } from '../sched/cpu'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { traceNothing, traceWalk } from '../sched/trace-hooks'
import type { Sleepers } from '../sched/sleeping'
import { WaitEntry, WaitQueue } from '../sched/wait-queue'
import type { Placed } from './queue-places'
import { QueuePlaces } from './queue-places'

export type AcceptWakeup = 'all' | 'exclusive' | 'one' | 'one-fifo'
export const acceptWakeups: readonly AcceptWakeup[] = ['all', 'exclusive', 'one', 'one-fifo']

/** The switch, which all listening sockets of a kernel obey. */
export interface AcceptPolicy {
  wakeup: AcceptWakeup
}

/** A process on the queue, across its calls. */
interface Sleeper extends Placed {
  entry: WaitEntry | undefined
  accepting: boolean
  /** Asleep in accept: a copy of its task's state, for speed. */
  asleep: boolean
  woken: number
  wokenForNothing: number
  last: WakeOutcome
}

export class AcceptWaitQueue {
  private readonly queue = new WaitQueue()
  private readonly places = new QueuePlaces<Sleeper>()
  private readonly known = new WeakMap<Task, Sleeper>()
  /** Lines of entries that have a place from walk to walk, and those that have none. */
  private readonly footprint: number
  private readonly sets: SetCounts
  private readonly setCount: number
  private readonly leave: ProcedureId
  /** Processes that sleep in accept, and entries of others. */
  private accepting = 0
  private others = 0
  /** Who polls the socket: every callback tells them. */
  readonly watchers = new Watchers()
  wakeUps = 0
  madeRunnable = 0
  backToSleep = 0
  /** Woken processes that found a connection. */
  foundConnection = 0

  constructor(
    private readonly base: KernelBase,
    private readonly policy: AcceptPolicy,
  ) {
    this.footprint = base.cache.create(base.cache.lineBytes)
    const shape = shapeOf(base.machine.cacheKB * 1024, base.machine.cacheWays)
    this.sets = new SetCounts(shape)
    this.setCount = shape.sets
    this.leave = AcceptWaitQueue.declareProcedure(base)
  }

  /** Of the queues to come: counters of procedures are declared before the first listen(). */
  static declareProcedure(base: KernelBase): ProcedureId {
    return base.tree.declareKernel('remove_wait_queue', Mode.system)
  }

  get wakeup(): AcceptWakeup {
    return this.policy.wakeup
  }

  get length(): number {
    return this.queue.length
  }

  /** Processes on the queue that sleep. */
  get asleep(): number {
    let count = 0
    for (const { task } of this.queue) if (task.state === TaskState.interruptible) count++
    return count
  }

  /**
   * add_wait_queue, add_wait_queue_exclusive: where the switch wants a process that calls accept.
   */
  addAccepting(task: Task): void {
    this.insert(task, true, this.wakeup === 'all' || this.wakeup === 'one')
  }

  /** add_wait_queue of a process that is woken by every callback (select, poll). */
  addEveryTime(task: Task): void {
    this.insert(task, false, true)
  }

  private insert(task: Task, accepting: boolean, inFront: boolean): void {
    const sleeper = this.sleeperOf(task)
    // It marks itself when it goes to sleep; one that sleeps since before the switch is not marked.
    const exclusive = accepting && this.wakeup === 'exclusive'
    const entry = new WaitEntry(task, exclusive, () => this.wasWoken(sleeper))
    sleeper.accepting = accepting
    sleeper.entry = entry
    if (!accepting) this.others++
    // Nothing points to the end of the ring.
    this.walkAs(task, inFront ? 0 : this.queue.length)
    if (inFront) this.queue.insertFirst(entry)
    else this.queue.insertLast(entry)
    if (inFront) this.places.insertFirst(sleeper)
    else this.places.insertLast(sleeper)
    this.sets.add(this.setOf(task))
    this.resized(task)
  }

  /** The block of the task's stack, among those of a way of the cache. */
  private setOf({ frames, slot }: Task): number {
    return (frames.length > 0 ? frames[0] >> 1 : slot) % this.setCount
  }

  /** Joining and leaving walk past so many entries, with the lock of all queues. */
  private walkAs(task: Task, entries: number): void {
    const { cost, dispatcher } = this.base
    const cycles = entries * cost.waitQueueStep + this.reading(task.processor, entries)
    dispatcher.waitQueueLock.write(task, Math.round(cycles))
  }

  /**
   * Waiting for the lines of so many entries: one leads to the next, so no two come at a time.
   */
  private reading(cpu: number, entries: number): Cycles {
    const { base, queue, sets } = this
    if (entries === 0) return 0
    const placed = entries * (1 - sets.crowded / queue.length)
    const missing = base.cache.touch(cpu, this.footprint, placed)
    return (entries - placed + missing) * base.missCycles + (placed - missing) * base.hitCycles
  }

  private sleeperOf(task: Task): Sleeper {
    let sleeper = this.known.get(task)
    if (!sleeper) {
      sleeper = {
        place: 0,
        entry: undefined,
        accepting: true,
        asleep: false,
        woken: 0,
        wokenForNothing: 0,
        last: 'none' as const,
      }
      this.known.set(task, sleeper)
    }
    return sleeper
  }

  /** A process leaves the queue: it has got a connection, or will not wait any longer. */
  remove(task: Task, outcome: WakeOutcome = 'got a connection'): void {
    const sleeper = this.known.get(task)
    if (!sleeper?.entry) return
    if (!sleeper.accepting) this.others--
    this.wakes(sleeper)
    sleeper.last = outcome
    if (outcome === 'got a connection') this.foundConnection++
    const { node } = task
    task.node = this.base.call(task, this.leave)
    this.walkAs(task, this.queue.length)
    task.node = node
    this.queue.remove(sleeper.entry)
    this.places.remove(sleeper)
    sleeper.entry = undefined
    this.sets.remove(this.setOf(task))
    this.resized(task)
  }

  /** After the task has written to an entry, its own or the one that leads to it. */
  private resized({ processor }: Task): void {
    const { cache } = this.base
    const lines = Math.max(1, this.queue.length - this.sets.crowded)
    cache.resize(this.footprint, lines * cache.lineBytes)
    cache.invalidate(processor, this.footprint, 1)
  }

  /**
   * wake_up_interruptible() from a callback of the socket, on `cpu`. Returns its cycles, those that
   * it spins for the lock included. The state of who is awake comes with the next entry's line.
   */
  wakeUp(cpu: Cpu): Cycles {
    this.wakeUps++
    const { base, queue } = this
    const { dispatcher } = base
    const { waitQueueLock } = dispatcher
    const at = dispatcher.wakesAt > 0 ? dispatcher.wakesAt : cpu.clock
    const spun = waitQueueLock.read(at)
    if (dispatcher.wakesAt > 0) dispatcher.wakesAt += spun
    const crowded = queue.length > 0 ? this.sets.crowded / queue.length : 0
    const step = base.cost.waitQueueStep + Math.round(crowded * base.missCycles)
    // The modelled walk reaches the end of the queue; the host can skip it when nobody sleeps.
    const allAwake = this.accepting === 0 && this.others === 0
    const walk = allAwake ? queue.length * step : this.walk(step)
    if (allAwake && queue.length > 0) traceWalk(dispatcher, queue.length, 0, true)
    const walked = allAwake ? queue.length : queue.walked
    const placed = walked * (1 - crowded)
    const missing = base.cache.touch(cpu.id, this.footprint, placed)
    const waited = missing * base.missCycles + (placed - missing) * base.hitCycles
    const cycles = walk + Math.round(waited)
    waitQueueLock.walked(at + spun, at + spun + cycles)
    return spun + cycles + this.watchers.callBack()
  }

  /** Where everybody is woken, or somebody in select, nearly all of the queue is looked at. */
  private walk(step: Cycles): Cycles {
    const { dispatcher } = this.base
    if (this.wakeup === 'all' || this.others > 0) {
      return dispatcher.walkAndWake(this.queue, step, this.isLast)
    }
    return dispatcher.walkSleepers(this.queue, step, this.sleepers)
  }

  private readonly sleepers: Sleepers = {
    next: (behind) => this.places.firstAsleep(behind && this.sleeperOf(behind.task))?.entry,
    isLast: (entry) => this.isLast(entry),
    walkTo: ({ task }) => this.places.walkTo(this.sleeperOf(task)),
  }

  /** Under `one` the waker decides, under `exclusive` the sleeper's mark does. */
  private readonly isLast = ({ task, exclusive }: WaitEntry): boolean => {
    if (this.wakeup === 'all') return false
    return this.wakeup === 'exclusive' ? exclusive : this.known.get(task)?.accepting === true
  }

  private wasWoken(sleeper: Sleeper): void {
    this.wakes(sleeper)
    sleeper.woken++
    sleeper.last = 'running'
    this.madeRunnable++
  }

  /** A process on the queue sleeps until it is woken, and stays on it. */
  sleep(task: Task): Path {
    const sleeper = this.known.get(task)
    if (sleeper?.accepting === true && !sleeper.asleep) {
      sleeper.asleep = true
      this.places.sleeps(sleeper)
      this.accepting++
    }
    return this.base.dispatcher.sleep(task, TaskState.interruptible)
  }

  private wakes(sleeper: Sleeper): void {
    if (!sleeper.asleep) return
    sleeper.asleep = false
    this.places.wakes(sleeper)
    this.accepting--
  }

  /** A woken process found no connection and sleeps again. */
  noteBackToSleep(task: Task): void {
    const sleeper = this.known.get(task)
    if (!sleeper) return
    traceNothing(this.base.dispatcher, task)
    sleeper.wokenForNothing++
    sleeper.last = 'back to sleep'
    this.backToSleep++
  }

  entries(): WaitQueueEntry[] {
    return Array.from(this.queue, ({ task, exclusive }) => {
      const { woken, wokenForNothing, last } = this.sleeperOf(task)
      return {
        pid: task.pid,
        command: task.command,
        exclusive,
        woken,
        wokenForNothing,
        last,
        asleep: task.state === TaskState.interruptible,
      }
    })
  }
}
