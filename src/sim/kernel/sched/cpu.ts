/** A CPU as the dispatcher knows it. */
import type { TimerId } from '../../engine/engine'
import { noTimer } from '../../engine/engine'
import type { Cycles } from '../../units/cycles'
import type { Task } from './task'

export class Cpu {
  current: Task | undefined
  /** Cycles charged so far: its own time. May run ahead of the simulation by the interrupt in progress. */
  clock: Cycles = 0
  timer: TimerId = noTimer
  spinning = false
  needResched = false
  reschedulePending = false
  /** Address space whose translations it holds; −1: none yet. */
  space = -1
  /** Cost of samples taken that is not charged yet. */
  samplerCycles: Cycles = 0

  constructor(readonly id: number) {}
}
