/**
 * reschedule_idle() of 2.2.1: which CPU is told of a task that has become runnable. The one that
 * wakes it, if what it runs has at least four ticks less left, as an idle CPU always has. Otherwise
 * an idle one, the task's last before all; unless both want the kernel lock and what runs on the
 * waking CPU has short turns: then it is left to its next schedule(). Nobody else is preempted.
 * (Later 2.2 kernels compare goodness with what other CPUs run; no public copy was found.)
 */
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { Task } from './task'

/** Counter of an idle task: cpu_idle() sets it. */
const idleCounter = -100
/** A task must have more ticks left than what runs, and this many beside. */
const ahead = 3
/** What smp_tune_scheduling() takes a cache's fill rate to be, in units of 1,024 bytes a ms. */
const fillRate = 5000

/** cacheflush_time: how long a task takes to fill the cache anew, as 2.2.1 estimates it. */
export function cacheFlushCycles(clockMHz: number, cacheBytes: number): Cycles {
  return (clockMHz * 1e6 * (cacheBytes / 1024)) / 1024 / fillRate
}

/** What it asks about quanta. */
interface Quanta {
  counterOf(task: Task): number
}

/**
 * The CPU to tell; undefined when none is. @param by the CPU that wakes the task; undefined at
 * boot, where no process of the model does
 */
export function cpuFor(
  task: Task,
  by: Cpu | undefined,
  cpus: readonly Cpu[],
  quanta: Quanta,
  flushCycles: Cycles,
): Cpu | undefined {
  if (by) {
    const { current } = by
    const counter = current ? quanta.counterOf(current) : idleCounter
    if (quanta.counterOf(task) > counter + ahead) return by
    const related = current !== undefined && current.lockDepth > 0 && task.lockDepth > 0
    if (related && current.averageSlice < flushCycles) return undefined
  }
  let target: Cpu | undefined
  for (const cpu of cpus) {
    if (cpu === by || cpu.current || cpu.needResched) continue
    target = cpu
    if (cpu.id === task.processor) break
  }
  return target
}
