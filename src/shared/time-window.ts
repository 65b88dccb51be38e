/** A part of a run, in simulated seconds. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
}
