/**
 * TR 99-4, "File descriptor scalability": a process opens 100,000 descriptors, closes the first and
 * the n-th, and the next two calls of open are timed. The first finds descriptor 0 at once, the
 * second has to search up to n. The graph of the text is not readable: what is checked is its
 * shape, a line that rises with n for one bitmap and a flat one for two. kernel.cost.openClose has
 * the search of a nearly empty bitmap in it already: a few cycles are counted twice, at every n
 * alike.
 */
import { Engine } from '../engine/engine'
import { powerEdge6300 } from '../machine/presets'
import { CallTree } from '../observe/call-tree'
import type { SimTime } from '../units/time'
import type { DescriptorVariant } from '../kernel/fs/descriptor-variant'
import type { Kernel } from '../kernel/kernel'
import { linux22 } from '../kernel/linux-2.2'
import type { Path, Task } from '../kernel/sched/task'
import type { ExperimentPart, ExperimentPoint, ExperimentResult } from './experiment'
import { atLeast, atMost, experimentOf } from './experiment'

const opened = 100_000
const closedAt = [1000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 70_000, 80_000, 90_000]
/** Descriptors 0 to 2 are the shell's; "the first" is the first that the benchmark opened. */
const standardDescriptors = 3
const megabyte = 1024 * 1024

/** The file that is opened again and again. */
const name = 'file'

/** One process that measures itself, on a machine on which nothing else runs. */
class Microbenchmark {
  /** Microseconds of two calls of open, by place in `closedAt`. */
  readonly microseconds: number[] = []
  private readonly engine = new Engine(1)
  private readonly kernel: Kernel
  private done = false

  constructor(variant: DescriptorVariant) {
    const tree = new CallTree(powerEdge6300.cpus, (cpu) =>
      this.engine.stream(`profiler of CPU ${cpu}`),
    )
    this.kernel = linux22(this.engine, tree, {
      machine: powerEdge6300,
      swapBytes: 64 * megabyte,
    })
    const { descriptors, fs } = this.kernel
    descriptors.tables.alloc = variant
    descriptors.tables.perProcess = opened + standardDescriptors
    descriptors.system.set(2 * opened, 0)
    fs.install(fs.root, name, 0)
  }

  run(): void {
    this.kernel.processes.boot('fd-micro', (task) => this.body(task))
    while (!this.done) this.engine.advance((this.engine.now + 1e9) as SimTime)
  }

  private *body(task: Task): Path {
    const { calls } = this.kernel
    for (let count = 0; count < opened; count++) yield* this.open(task)
    for (const n of closedAt) {
      const first = standardDescriptors
      // Once for the caches, once for the clock.
      for (const time of ['warm', 'timed']) {
        yield* calls.close(task, first)
        yield* calls.close(task, first + n - 1)
        const began = this.engine.now
        yield* this.open(task)
        yield* this.open(task)
        if (time === 'timed') this.microseconds.push((this.engine.now - began) / 1000)
      }
    }
    this.done = true
  }

  private *open(task: Task): Path {
    const { calls, fs } = this.kernel
    const descriptor = yield* calls.open(task, fs.root, name)
    if (descriptor < 0) throw new Error(`open failed with errno ${-descriptor}`)
  }
}

/** The line of least squares through points, and the share of their variance that lies on it. */
export function straightLine(
  x: readonly number[],
  y: readonly number[],
): { slope: number; intercept: number; r2: number } {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  let [xx, xy, yy] = [0, 0, 0]
  x.forEach((value, index) => {
    const [dx, dy] = [value - meanX, (y[index] ?? 0) - meanY]
    xx += dx * dx
    xy += dx * dy
    yy += dy * dy
  })
  const slope = xy / xx
  return { slope, intercept: meanY - slope * meanX, r2: yy === 0 ? 1 : (xy * xy) / (xx * yy) }
}

function measured(variant: DescriptorVariant, report: (text: string) => void): number[] {
  const benchmark = new Microbenchmark(variant)
  benchmark.run()
  benchmark.microseconds.forEach((time, index) => {
    report(`${variant}: closed 1 and ${closedAt[index]}: two opens take ${time.toFixed(1)} µs`)
  })
  return benchmark.microseconds
}

function conclude([one, two]: readonly number[][]): ExperimentResult {
  const all = { x: opened, xUnit: 'descriptors' }
  const line = straightLine(closedAt, one)
  const last = closedAt.length - 1
  const n = closedAt[last] ?? 0
  const points: ExperimentPoint[] = [
    atLeast(
      { ...all, series: 'one bitmap: R² of a straight line', unit: '1' },
      'shape',
      0.99,
      line.r2,
    ),
    atLeast(
      {
        x: n,
        xUnit: 'n',
        series: 'one bitmap: time at the last n, of that at the first',
        unit: '×',
      },
      'shape',
      2,
      (one[last] ?? 0) / (one[0] ?? 1),
    ),
    atMost(
      {
        x: n,
        xUnit: 'n',
        series: 'two bitmaps: time at the last n, of that at the first',
        unit: '×',
      },
      'shape',
      1.1,
      (two[last] ?? 0) / (two[0] ?? 1),
    ),
    ...closedAt.map((at, index) =>
      atMost(
        { x: at, xUnit: 'n', series: 'two bitmaps: time, where one bitmap takes', unit: 'µs' },
        'shape',
        one[index] ?? 0,
        two[index] ?? Infinity,
      ),
    ),
  ]
  return { passed: points.every((point) => point.ok), points }
}

const part = (variant: DescriptorVariant, weight: number): ExperimentPart<number[]> => ({
  name: variant,
  weight,
  run: (report) => measured(variant, report),
})

export const fdMicro = experimentOf({
  id: 'fd-micro',
  title: 'Time to open a descriptor with 100,000 open, one bitmap and two',
  source: 'P. Honeyman et al., CITI TR 99-4, "File descriptor scalability"',
  parts: [part('one-bitmap', 1), part('two-bitmaps', 1)],
  conclude,
})
