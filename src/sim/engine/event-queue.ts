import type { Batch } from './batch'

/** Slots by time, then priority, then the order in which they came. */
export interface EventQueue {
  insert(time: number, slot: number): void
  /** The first slot, `none` when there is none. */
  first(): number
  /** When the slot that `first` returned is due. */
  readonly firstTime: number
  /** Takes out the slot that `first` returned. */
  removeFirst(): void
  /**
   * Moves every slot to the end of the batch; those of one time and priority in the order they
   * came.
   */
  drain(batch: Batch): void
}
