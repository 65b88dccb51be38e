/**
 * sched_test_yield on Linux 2.2.16: n threads of one process call sched_yield in a loop on 8 CPUs, all of them through
 * one run-queue lock. Microseconds per yield are CPU time: CPUs times elapsed time, divided by the yields of all threads.
 * `goodness`, the step of the walk, is fitted to the point at 64 threads; 16 and 256 are predictions.
 */
import { Engine } from '../engine/engine'
import { cheetah18GB } from '../machine/cheetah'
import { pentiumIII8Way } from '../machine/presets'
import { CallTree } from '../observe/call-tree'
import type { SimTime } from '../units/time'
import { seconds } from '../units/time'
import { cost } from '../kernel/costs'
import { Kernel } from '../kernel/kernel'
import type { Path, Task } from '../kernel/task'
import { Op } from '../kernel/task'
import type { Experiment, ExperimentResult } from './experiment'
import { near } from './experiment'

/** Microseconds per yield with 2.2.16-22, by threads. */
const published: readonly (readonly [threads: number, microseconds: number])[] = [
  [16, 18.74],
  [64, 23.3],
  [256, 105.701],
]
const fittedAt = 64
const tolerance = 0.25
const warmUp = seconds(0.5)
const measured = seconds(2)
/** The kernel of the model wants a disk and swap; the threads touch neither. */
const machine = { ...pentiumIII8Way, disk: cheetah18GB }
const swapBytes = 64 * 1024 * 1024

/** A machine on which so many threads yield to each other, from its start to its end. */
class YieldingThreads {
  private readonly engine = new Engine(1)
  private readonly kernel: Kernel
  yields = 0

  constructor(threads: number) {
    const tree = new CallTree(machine.cpus, (cpu) => this.engine.stream(`profiler of CPU ${cpu}`))
    this.kernel = new Kernel(this.engine, tree, { machine, swapBytes })
    const { dispatcher, processes } = this.kernel
    const first = processes.boot('sched_test_yield', (task) => this.body(task))
    for (let count = 1; count < threads; count++) {
      const thread = processes.makeTask(first, first.command, first.command, 'main')
      thread.mm = first.mm
      dispatcher.scheduler.setSpace(thread)
      thread.code = this.body(thread)
      dispatcher.start(thread)
    }
  }

  microsecondsPerYield(): number {
    this.pass(warmUp)
    const before = this.yields
    this.pass(measured)
    return (machine.cpus * measured) / 1000 / (this.yields - before)
  }

  private pass(nanoseconds: number): void {
    this.engine.advance((this.engine.now + nanoseconds) as SimTime)
  }

  private *body(task: Task): Path {
    for (;;) {
      task.charge(cost.systemCall)
      this.yields++
      yield Op.yield
    }
  }
}

export function microsecondsPerYield(threads: number): number {
  return new YieldingThreads(threads).microsecondsPerYield()
}

function run(report: (text: string) => void): ExperimentResult {
  const points = published.map(([threads, microseconds]) => {
    const simulated = microsecondsPerYield(threads)
    report(`${threads} threads: ${simulated.toFixed(1)} µs per yield`)
    const where = { series: 'time per yield', x: threads, xUnit: 'threads', unit: 'µs' }
    const kind = threads === fittedAt ? 'fitted' : 'predicted'
    return near(where, kind, microseconds, simulated, tolerance)
  })
  return { passed: points.every((point) => point.ok), points }
}

export const schedYield: Experiment = {
  id: 'sched-yield',
  title: 'Time per sched_yield with 16 to 256 threads on 8 CPUs',
  source: 'M. Kravetz, linux-kernel, 18 Jan 2001; B. Hartner, linux-kernel, 19 Jan 2001',
  run,
}
