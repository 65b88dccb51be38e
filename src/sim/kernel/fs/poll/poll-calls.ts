/**
 * poll() of Linux 2.2 (fs/select.c of 2.2.1): the array is copied in, every descriptor's driver is
 * called, and while nothing is ready the process goes onto each one's wait queue, by an entry of
 * the wait table, whose pages are walked from the first one for each entry. Whoever is woken looks
 * at all of them again, without registering; then the table is taken apart, entry by entry.
 * Switch `kernel.poll`: `hints` (TR 99-4) keeps the array in the kernel, is told of changes to it
 * only, and asks those descriptors alone whose driver has hinted, or that were ready last time.
 * Left out: POLLHUP and POLLERR of their own, signals other than those that kill.
 */
import type { KernelBase } from '../../sched/base'
import type { Path, Task } from '../../sched/task'
import { Op, Rest } from '../../sched/task'
import type { Timer } from '../../sched/timer'
import { traceAsked } from '../../sched/trace-hooks'
import type { Descriptors } from '../descriptors'
import { tableAt } from '../descriptors'
import { PollCost } from './poll-cost'
import type { PollCall, PollCounts } from './poll-counts'
import { WaitLoop } from './wait-loop'
import { blockDescriptors, WatchSet } from './watch-set'

export const pollVariants = ['scan', 'hints'] as const
export type PollVariant = (typeof pollVariants)[number]

/** EINVAL: more descriptors than the call takes. */
export const tooManyDescriptors = -22
/** Waits until something is ready. */
export const forever = Infinity

/** struct pollfd: descriptor, events, revents. */
const pollfdBytes = 8
export class PollCalls {
  variant: PollVariant = 'scan'
  private readonly cost: PollCost
  private readonly loop: WaitLoop

  constructor(
    private readonly base: KernelBase,
    timer: Timer,
    private readonly descriptors: Descriptors,
    private readonly counts: PollCounts,
  ) {
    this.cost = new PollCost(base)
    this.loop = new WaitLoop(base, timer)
  }

  /** An empty set, as a program's array. */
  set(): WatchSet {
    const { dispatcher, cost } = this.base
    const set = new WatchSet(dispatcher, {
      noteChange: (_watch, { kept }) => (kept ? cost.pollHint : 0),
      wakes: ({ descriptor }, { registeredBelow }) => descriptor < registeredBelow,
    })
    this.counts.sets.add(set)
    return set
  }

  /** Puts a descriptor into the set, or asks something else about it. It is the program's array. */
  watch(task: Task, set: WatchSet, descriptor: number, interest: number): void {
    set.watch(descriptor, this.descriptors.fileAt(task, descriptor), interest)
  }

  /**
   * poll(): waits until a descriptor of the set is ready, or until the time is over. Returns how
   * many are, which then stand in `set.ready`; or an errno.
   */
  poll(task: Task, set: WatchSet, timeoutNs: number): Path<number> {
    const { sys_poll } = this.base.procedures
    return this.base.systemCall(task, sys_poll, () => new Rest(this.doPoll(task, set, timeoutNs)))
  }

  private *doPoll(task: Task, set: WatchSet, timeoutNs: number): Path<number> {
    const { base, cost } = this
    task.charge(base.cost.systemCall)
    set.forgetReady()
    if (tableAt(task)?.mayPoll(set.size) !== true) return tooManyDescriptors
    const hints = this.variant === 'hints'
    const isNew = !set.kept
    set.kept = hints
    const copied = hints && !isNew ? set.changes : set.size
    set.changes = 0
    task.charge(copied * pollfdBytes * base.cost.copyPerByte)
    let registers = timeoutNs > 0 && !hints
    if (hints) set.registeredBelow = Infinity
    const call = yield* this.loop.run(
      task,
      set,
      timeoutNs,
      (current) => {
        const scans = registers
        registers = false
        return hints && !(isNew && current.scans === 1)
          ? this.lookAtHints(task, set, current)
          : new Rest(this.scan(task, set, current, scans))
      },
      () => {
        task.charge(cost.unregister(set))
      },
    )
    task.charge((hints ? call.events : set.size) * cost.writeBack)
    this.counts.end(call, timeoutNs > 0)
    traceAsked(this.base.dispatcher, task, call.scanned, call.events)
    return call.events
  }

  /** Every descriptor is asked, block by block, so that it takes its time. */
  private *scan(task: Task, set: WatchSet, call: PollCall, registers: boolean): Path {
    const { cost } = this
    const { blocks } = set
    const misses = cost.missesOfAll(task, set) / Math.max(1, set.size)
    for (let block = 0; block < blocks; block++) {
      set.position = block * blockDescriptors
      const found = set.ready.length
      const looked = set.countOf(block)
      set.look(block)
      call.scanned += looked
      task.charge(looked * (cost.descriptor + misses))
      if (registers) {
        this.register(task, set, block, set.ready[found]?.descriptor)
        registers = set.ready.length === found
      }
      if (block < blocks - 1) yield Op.run
    }
    set.position = -1
  }

  /** The process goes onto the queues of a block, up to the first descriptor that is ready. */
  private register(task: Task, set: WatchSet, block: number, ready: number | undefined): void {
    const first = block * blockDescriptors
    set.registeredBelow = ready ?? first + blockDescriptors
    // The one that is ready still gets an entry: its driver is asked before the answer is known.
    const entries = ready === undefined ? set.countOf(block) : set.countBetween(first, ready) + 1
    task.charge(this.cost.register(set.registered, entries))
    set.registered += entries
  }

  private lookAtHints(task: Task, set: WatchSet, call: PollCall): undefined {
    let looked = 0
    for (let block = 0; block < set.blocks; block++) looked += set.look(block)
    call.scanned += looked
    task.charge(looked * this.cost.descriptor)
    return undefined
  }
}
