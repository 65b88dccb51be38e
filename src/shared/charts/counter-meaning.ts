/**
 * What a counter is on a machine that is well, by its id, where that can be said of every machine
 * and load. What the counter counts is said in the registry itself.
 */
const healthy: Readonly<Record<string, string>> = {
  'processes.blocked': '0–2 is healthy',
  'processes.swapped': '0 is healthy',
  'memory.swapUsed': 'healthy: 0, or a number that does not grow',
  'memory.free': 'little is no fault while the buffer cache and the page cache can give some back',
  'memory.buffers': 'healthy: it levels off; what only grows leaks',
  'memory.cached': 'healthy: it levels off; where it shrinks something else takes the memory',
  'memory.orphaned': '0 is healthy; what is orphaned and held comes back with a reboot only',
  'buffers.orphaned': '0 is healthy; what is orphaned and held comes back with a reboot only',
  'swap.in': '0 is healthy',
  'swap.out': '0 is healthy',
  'blocks.read': 'healthy: near 0 once the files in use lie in memory',
  'blocks.written': 'healthy: bursts, as bdflush writes what is dirty every few seconds',
  'pages.majorFaults': 'healthy: hardly any once the programs lie in memory',
  'pages.outOfMemory': '0 is healthy',
  'fd.emfile': '0 is healthy',
  'fd.enfile': '0 is healthy',
  'disk.queued': '0–2 is healthy, but for bursts of writes',
  'disk.busy': 'healthy: well below all of the time (1e9 ns a second)',
  'lock.contended': 'healthy: a small share of lock.acquisitions',
  'cycles.spin': 'healthy: a small share of cycles.system',
  'cycles.wait': 'healthy: near 0; a CPU that waits for the disk could have worked',
  'sdet.failed': '0 is healthy',
  'work.failed': '0 is healthy',
  'load.failed': '0 is healthy',
  'work.roundSeconds': 'healthy: the same round after round',
  'work.perHour': 'healthy: the same round after round',
  'httpd.busy': 'healthy: below httpd.processes, or clients wait',
  'accept.backToSleep': '0 is healthy: who is woken finds a connection',
  'listen.acceptQueue': 'healthy: near 0; what waits here waits for an httpd',
  'listen.overflows': '0 is healthy',
  'poll.refused': '0 is healthy',
  'signals.overflows': '0 is healthy: after one the program polls all that it waits for',
  'proxy.lost': '0 is healthy',
  'proxy.overflows': '0 is healthy',
  'proxy.acceptQueue': 'healthy: near 0; what waits here waits for the proxy',
  'tcp.retransmissions': 'healthy: hardly any, unless the network loses frames',
  'net.dropped': '0 is healthy',
}

/** Words for what is healthy; undefined where it depends on the load. */
export function healthyOf(counter: string, cpus?: number): string | undefined {
  if (counter === 'processes.runnable' && cpus) {
    return `up to ${cpus} nobody waits; a load that keeps all CPUs busy has more`
  }
  return healthy[counter]
}

export const countersWithHealth: readonly string[] = Object.keys(healthy)
