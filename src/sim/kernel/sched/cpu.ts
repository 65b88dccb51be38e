/** A CPU as the dispatcher knows it. */
import type { Cycles } from '../../units/cycles'
import type { Task } from './task'

/** No segment of a task is under way. */
export const noSegment = -1

export class Cpu {
  current: Task | undefined
  /**
   * Cycles charged so far: its own time. May run ahead of the simulation by the interrupt in
   * progress.
   */
  clock: Cycles = 0
  /**
   * The engine's event at the end of the segment that the current task is working off, while it is
   * pending.
   */
  segment = noSegment
  spinning = false
  /** When it began to spin, in cycles. */
  spinsFrom: Cycles = 0
  needResched = false
  reschedulePending = false
  /** It was itself that asked, and no other CPU interrupts it. */
  rescheduleIsOwn = false
  /** Address space whose translations it holds; −1: none yet. */
  space = -1
  /** Cost of samples taken that is not charged yet. */
  samplerCycles: Cycles = 0

  constructor(readonly id: number) {}
}
