/**
 * select(): three bitmaps are copied in, scanned and copied out. Switch `kernel.select`: `scan`
 * asks every selected descriptor, and once more when it was woken, as the kernel's path has it;
 * `scalable` (Banga & Mogul, USENIX 1998) keeps sets of the thread and asks only what is new, has
 * hinted, or was ready; the bitmaps are still gone through, word by word.
 * Left out: exceptions (their bitmap is copied and empty), signals other than those that kill.
 */
import type { Cycles } from '../../../units/cycles'
import type { KernelBase } from '../../sched/base'
import { Killed } from '../../sched/killed'
import type { MayWait, Path, Task } from '../../sched/task'
import { Op, Rest } from '../../sched/task'
import type { Timer } from '../../sched/timer'
import { traceAsked } from '../../sched/trace-hooks'
import type { Descriptors } from '../descriptors'
import { tableAt } from '../descriptors'
import { InterestSets } from './interest-sets'
import { tooManyDescriptors } from './poll-calls'
import type { PollCall, PollCounts } from './poll-counts'
import type { SelectPath } from './select-path'
import { SelectSet } from './select-set'
import { WaitLoop } from './wait-loop'
import { blockDescriptors } from './watch-set'

export const selectVariants = ['scan', 'scalable'] as const
export type SelectVariant = (typeof selectVariants)[number]

/** Sets of a call: for reading, writing, exceptions. */
const sets = 3
/** Bits of a word of the machine that a pass over sets goes through at once, and bytes. */
const wordBits = 64
const wordBytes = 8
/** Sets that the scalable select combines word by word: two selected, two of each kind, hints. */
const combinedSets = 7

export class SelectCalls {
  variant: SelectVariant = 'scan'
  private readonly loop: WaitLoop

  constructor(
    private readonly base: KernelBase,
    timer: Timer,
    private readonly descriptors: Descriptors,
    private readonly path: SelectPath,
    private readonly counts: PollCounts,
  ) {
    this.loop = new WaitLoop(base, timer)
  }

  /** Empty sets, as a program's bitmaps. */
  set(): SelectSet {
    const { cost, dispatcher } = this.base
    const set = new SelectSet(dispatcher, {
      noteChange: ({ descriptor }, set) => {
        const { interests } = set as SelectSet
        if (!interests) return 0
        interests.hint(descriptor)
        return cost.pollHint
      },
      wakes: (watch, { registeredBelow }) =>
        watch.descriptor < registeredBelow && this.path.wakes(watch),
    })
    this.counts.sets.add(set)
    return set
  }

  /** Sets or clears a descriptor's bits in the program's bitmaps. */
  watch(task: Task, set: SelectSet, descriptor: number, interest: number): void {
    set.watch(descriptor, this.descriptors.fileAt(task, descriptor), interest)
  }

  /**
   * select(): waits until a descriptor of the sets is ready, or until the time is over. Returns how
   * many are, and leaves them in `set.ready` and the result bitmaps; or an errno.
   */
  select(task: Task, set: SelectSet, timeoutNs: number): Path<number> {
    const { sys_select } = this.base.procedures
    return this.base.systemCall(task, sys_select, () => {
      if (!this.begin(task, set)) return tooManyDescriptors
      // Of one block, and without a wait: nothing can happen meanwhile.
      if (timeoutNs === 0 && set.blocks <= 1) return this.lookOnce(task, set)
      return new Rest(this.waitFor(task, set, timeoutNs))
    })
  }

  /** Copies the sets in. False when there are too many descriptors. */
  private begin(task: Task, set: SelectSet): boolean {
    task.charge(this.base.cost.systemCall)
    set.forgetReady()
    if (tableAt(task)?.mayPoll(set.width) !== true) return false
    task.charge(this.copying(set))
    if (this.variant === 'scalable') {
      set.interests ??= new InterestSets()
      set.registeredBelow = Infinity
    } else set.interests = undefined
    return true
  }

  /** Copies the results out. */
  private end(task: Task, set: SelectSet, call: PollCall, mayWait: boolean): number {
    set.fillResults()
    task.charge(this.copying(set))
    this.counts.end(call, mayWait)
    traceAsked(this.base.dispatcher, task, call.scanned, call.events)
    return call.events
  }

  private copying(set: SelectSet): Cycles {
    return sets * Math.ceil(set.width / wordBits) * wordBytes * this.base.cost.copyPerByte
  }

  private lookOnce(task: Task, set: SelectSet): number {
    const call: PollCall = { size: set.size, scanned: 0, scans: 1, events: 0 }
    if (set.interests) this.lookAtHints(task, set, set.interests, call)
    else this.scan(task, set, call, false)
    this.path.leave(task, set)
    set.registeredBelow = 0
    if (task.killed) throw new Killed()
    call.events = set.ready.length
    set.last = call
    return this.end(task, set, call, false)
  }

  private *waitFor(task: Task, set: SelectSet, timeoutNs: number): Path<number> {
    const { path } = this
    const { interests } = set
    const call = yield* this.loop.run(
      task,
      set,
      timeoutNs,
      (current) =>
        interests
          ? this.lookAtHints(task, set, interests, current)
          : this.scan(task, set, current, timeoutNs > 0),
      () => {
        path.leave(task, set)
      },
    )
    return this.end(task, set, call, timeoutNs > 0)
  }

  /** Every selected descriptor is asked, block by block, so that it takes its time. */
  private scan(task: Task, set: SelectSet, call: PollCall, waits: boolean): MayWait {
    const { path } = this
    const registers = path.everyScanQueues || (waits && call.scans === 1)
    if (call.scans > 1) path.woken(task, set)
    const misses = path.missesOfAll(task, set) / Math.max(1, set.size)
    if (set.blocks > 1) return new Rest(this.scanBlocks(task, set, call, misses, registers))
    if (set.blocks === 1) this.scanBlock(task, set, call, 0, misses, registers)
    set.position = -1
    return undefined
  }

  private *scanBlocks(
    task: Task,
    set: SelectSet,
    call: PollCall,
    misses: Cycles,
    registersFirst: boolean,
  ): Path {
    let registers = registersFirst
    const { blocks } = set
    for (let block = 0; block < blocks; block++) {
      if (block > 0) yield Op.run
      registers = this.scanBlock(task, set, call, block, misses, registers)
    }
    set.position = -1
  }

  /** @param registers whether the process goes onto queues. Returns whether it still does. */
  private scanBlock(
    task: Task,
    set: SelectSet,
    call: PollCall,
    block: number,
    misses: Cycles,
    registers: boolean,
  ): boolean {
    const { path } = this
    set.position = block * blockDescriptors
    const found = set.ready.length
    const selected = set.countOf(block)
    set.look(block)
    call.scanned += selected
    const bits = Math.min(blockDescriptors, set.width - set.position)
    path.look(task, bits, selected, selected * misses)
    if (!registers) return false
    if (path.everyScanQueues) {
      set.registeredBelow = set.position + blockDescriptors
      path.register(task, set, selected - (set.ready.length - found))
      return true
    }
    const ready = set.ready[found]?.descriptor
    set.registeredBelow = ready ?? set.position + blockDescriptors
    const entries = ready === undefined ? selected : set.countBetween(set.position, ready) + 1
    path.register(task, set, entries)
    return ready === undefined
  }

  /** The scalable one. */
  private lookAtHints(
    task: Task,
    set: SelectSet,
    interests: InterestSets,
    call: PollCall,
  ): undefined {
    const { cost } = this.base
    interests.reserve(set.read.words.length * 32)
    const { words, count } = interests.select(set.read, set.write)
    task.charge(Math.ceil(set.width / wordBits) * combinedSets * cost.bitmapWord)
    for (let block = 0; block < set.blocks; block++) set.look(block)
    words.forEach((bits, word) => {
      for (let left = bits; left !== 0; left &= left - 1) {
        const descriptor = word * 32 + (31 - Math.clz32(left & -left))
        const watch = set.at(descriptor)
        if (watch) interests.found(descriptor, watch.file.poll())
      }
    })
    for (const { descriptor } of set.ready) {
      if (((words[descriptor >> 5] >> (descriptor & 31)) & 1) === 0) {
        throw new Error(`descriptor ${descriptor} is ready, and select would not have looked`)
      }
    }
    interests.check()
    call.scanned += count
    this.path.look(task, 0, count, 0)
    return undefined
  }
}
