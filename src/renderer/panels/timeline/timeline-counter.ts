/**
 * The counter that the timeline draws: the one that was chosen, where the run has it; otherwise the
 * one that tells most of the run as a whole.
 */
export function timelineCounter(
  chosen: string | undefined,
  has: (counter: string) => boolean,
): string {
  if (chosen !== undefined && has(chosen)) return chosen
  return has('work.round') ? 'memory.buffers' : 'processes.runnable'
}
