/** What of the lowest room differs from one kernel to another. */
import type { MakeScheduler } from './scheduler'

export interface KernelKind {
  readonly makeScheduler: MakeScheduler
  /** One spin lock over most of the kernel; otherwise locks that nobody waits for (assumed). */
  readonly hasBigLock: boolean
  /** Ticks of the clock a second. */
  readonly hz: number
}
