/**
 * A machine with nothing on it but the kernel, small enough for tests, and a way to run programs on
 * it.
 */
import { Engine } from '../engine/engine'
import { cheetah18GB } from '../machine/cheetah'
import { alphaStation500, powerEdge6300 } from '../machine/presets'
import { CallTree } from '../observe/call-tree'
import type { SimTime } from '../units/time'
import type { BforgetVariant } from './fs/buffer-cache'
import type { AssembledKernel } from './assembly'
import type { KernelId } from './kernels'
import { kernels } from './kernels'
import { linux22 } from './linux-2.2'
import type { FileCalls } from './fs/file-calls'
import type { Path, Task } from './sched/task'

export interface SmallMachine {
  readonly engine: Engine
  readonly tree: CallTree
  readonly kernel: AssembledKernel
  readonly calls: FileCalls
}

export interface SmallMachineOptions {
  readonly seed?: number
  readonly cpus?: number
  /** The kernel itself takes 14 of them. */
  readonly memoryMB?: number
  readonly swapMB?: number
  readonly bforget?: BforgetVariant
  /** On an AlphaStation when it is Digital UNIX. */
  readonly kernel?: KernelId
}

const megabyte = 1024 * 1024

export function smallMachine(options: SmallMachineOptions = {}): SmallMachine {
  const { seed = 1, cpus = 2, memoryMB = 32, swapMB = 64, bforget = 'recycle' } = options
  const engine = new Engine(seed)
  const { names, boot } = kernels[options.kernel ?? 'linux-2.2']
  const tree = new CallTree(cpus, (cpu) => engine.stream(`profiler of CPU ${cpu}`), names)
  const preset = boot === linux22 ? powerEdge6300 : { ...alphaStation500, disk: cheetah18GB }
  const machine = { ...preset, cpus, memoryMB }
  const kernel = boot(engine, tree, { machine, swapBytes: swapMB * megabyte })
  kernel.buffers.bforget = bforget
  return { engine, tree, kernel, calls: kernel.calls }
}

/** Lets simulated time pass. */
export function pass(machine: SmallMachine, seconds: number): void {
  const { engine } = machine
  engine.advance((engine.now + Math.round(seconds * 1e9)) as SimTime)
}

/**
 * Starts a program. The function that is returned tells its result, undefined until it has ended.
 */
export function start<Result>(
  machine: SmallMachine,
  body: (task: Task) => Path<Result>,
): () => Result | undefined {
  let result: Result | undefined
  machine.kernel.processes.boot('program', function* (task) {
    result = yield* body(task)
  })
  return () => result
}

/**
 * Runs programs at once until the last has ended; `watch` is called every tick. Returns their
 * results, in order.
 */
export function runAll<Result>(
  machine: SmallMachine,
  bodies: readonly ((task: Task) => Path<Result>)[],
  watch: () => void = () => {},
): Result[] {
  const left = new Set(bodies.keys())
  const results: Result[] = []
  bodies.forEach((body, index) => {
    machine.kernel.processes.boot(`program${index}`, function* (task) {
      results[index] = yield* body(task)
      left.delete(index)
    })
  })
  for (let ticks = 0; left.size > 0; ticks++) {
    if (ticks === 100_000) throw new Error(`${left.size} programs have not ended in 1,000 s`)
    pass(machine, 0.01)
    watch()
  }
  // Exit and what it wakes.
  pass(machine, 0.01)
  return results
}

/** Runs one program to its end and returns its result. */
export function run<Result>(machine: SmallMachine, body: (task: Task) => Path<Result>): Result {
  return runAll(machine, [body])[0] as Result
}
