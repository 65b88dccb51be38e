/**
 * Computing in user mode, burst by burst: each begins with the memory of the process that reclaim
 * has taken meanwhile. A path that is no generator, one for each task, which is in user mode once
 * at a time; that is for speed only.
 */
import type { Cycles } from '../../units/cycles'
import { spaceOf } from '../mm/address-space'
import type { Memory } from '../mm/memory'
import type { Reclaim } from '../mm/reclaim'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { OpCode, Path, Task } from '../sched/task'
import { Op, yields } from '../sched/task'

/**
 * A burst in user mode is cut at this length, so that its memory is touched again: 50 ms at 450
 * MHz.
 */
const longestBurst: Cycles = 22_500_000

const over: IteratorReturnResult<void> = { done: true, value: undefined }

/** What it has of the kernel. */
interface Rooms {
  readonly base: KernelBase
  readonly reclaim: Reclaim
  readonly memory: Memory
}

export class UserMode implements IterableIterator<OpCode, void, void> {
  private left: Cycles = 0
  private refills = false
  private computes = false
  private touching: Path | undefined

  constructor(
    private readonly rooms: Rooms,
    private readonly task: Task,
  ) {}

  /** @param refills whether the process goes back to its working set */
  begin(cycles: Cycles, refills: boolean): this {
    this.left = cycles
    this.refills = refills
    this.computes = false
    this.touching = undefined
    return this
  }

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<OpCode, void> {
    const { task } = this
    const { base, reclaim, memory } = this.rooms
    const space = spaceOf(task)
    if (this.computes) {
      this.computes = false
      task.user = false
      if (space) reclaim.markUsed(space)
    }
    if (this.left <= 0) return over
    if (!this.touching && space && space.missing > 0) {
      this.touching = memory.faults.touchAgain(task)
    }
    if (this.touching) {
      const step = this.touching.next()
      if (step.done !== true) return step
      this.touching = undefined
    }
    if (task.killed) throw new Killed()
    const burst = this.left > longestBurst ? longestBurst : this.left
    this.left -= burst
    if (space) reclaim.markUsed(space)
    task.user = true
    this.computes = true
    task.charge(burst + (this.refills ? base.dispatcher.refill(task, task.processor) : 0))
    return yields[Op.run]
  }
}
