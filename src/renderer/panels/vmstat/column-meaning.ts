import type { VmstatColumn } from '../../../sim/observe/vmstat'
import { healthyOf } from '../../../shared/charts/counter-meaning'

/** What a number says, and what it is on a machine that is well, where that can be said at all. */
export interface Meaning {
  readonly means: string
  readonly healthy?: string | undefined
}

/** What the columns of vmstat mean, on a machine with this many CPUs. */
export function columnMeanings(cpus: number): Readonly<Record<VmstatColumn, Meaning>> {
  const of = (means: string, counter: string): Meaning => ({
    means,
    healthy: healthyOf(counter, cpus),
  })
  return {
    r: of('processes that run or wait for a CPU', 'processes.runnable'),
    b: of('processes in uninterruptible sleep, mostly waiting for the disk', 'processes.blocked'),
    w: of('processes that could run but have no page in memory', 'processes.swapped'),
    swpd: of('swap in use, in kB', 'memory.swapUsed'),
    free: of('memory that nobody uses, in kB', 'memory.free'),
    buff: of(
      'buffer cache, in kB: blocks of files and directories, orphaned buffers among them',
      'memory.buffers',
    ),
    cache: of(
      'page cache, in kB: programs and files that were read, and the swap cache',
      'memory.cached',
    ),
    si: of('read back from swap, in kB a second', 'swap.in'),
    so: of('written to swap, in kB a second', 'swap.out'),
    bi: of('blocks of 1 kB read from the disk, a second', 'blocks.read'),
    bo: of('blocks of 1 kB written to the disk, a second', 'blocks.written'),
    in: {
      means: 'interrupts a second, of the timer (100), the disk and the network card',
      healthy: 'as many as the load asks for; 100 on a machine at rest',
    },
    cs: {
      means: 'context switches a second',
      healthy: 'as many as the load asks for; more for the same work is waste',
    },
    us: { means: 'share of CPU time in programs, in per cent' },
    sy: {
      means: 'share of CPU time in the kernel, spinning and interrupts included, in per cent',
      healthy: 'depends on the load; where it rises with the same load, see the profile',
    },
    id: {
      means: 'share of CPU time in which nothing ran, waiting for the disk included, in per cent',
      healthy: 'what the load leaves over; much of it while b is high means a slow disk',
    },
    wa: { means: 'share of CPU time in which a process waited for the disk, in per cent' },
    st: { means: 'share of CPU time that a hypervisor took, in per cent' },
    gu: { means: 'share of CPU time in guests, in per cent' },
  }
}
