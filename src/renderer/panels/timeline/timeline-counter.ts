/**
 * The counter that the timeline draws: the one that was chosen, where the run has it; otherwise the
 * one that tells most of the run as a whole.
 */
export function timelineCounter(
  chosen: string | undefined,
  has: (counter: string) => boolean,
): string {
  if (chosen !== undefined && has(chosen)) return chosen
  if (has('work.round')) return 'memory.buffers'
  // One process of a proxy is runnable or not, which says little; a web server beside it says more.
  return has('proxy.clients') && !has('accept.woken') ? 'proxy.clients' : 'processes.runnable'
}
