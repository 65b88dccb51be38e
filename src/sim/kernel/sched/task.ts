/**
 * A task: the process as the scheduler knows it, and the work that it has been charged with.
 * Its code is a generator that reads like the code it models. Between two yields it runs in no time
 * and only notes charges (stack, cycles); the yield says what to do when the CPU has worked them
 * off.
 */
import type { StackNode } from '../../observe/call-tree'
import type { SpendsCode } from '../../observe/stack-times'
import { Spends } from '../../observe/stack-times'
import type { Cycles } from '../../units/cycles'
import { WaitList } from './wait-list'

/** What a task's code asks for when the work it has been charged with is done. */
export const Op = {
  /** Go on. */
  run: 0,
  /** Give up the CPU unless a wake-up has come in the meantime. The state was set before. */
  sleep: 1,
  /** Take the big kernel lock. */
  lock: 2,
  /** Drop the big kernel lock. */
  unlock: 3,
  /** sched_yield: let others go first. */
  yield: 4,
} as const
export type OpCode = (typeof Op)[keyof typeof Op]

/** A path through the kernel or a program. */
export type Path<Value = void> = IterableIterator<OpCode, Value, void>

/** What a path that is no generator yields to ask for one of these. */
export const yields = [Op.run, Op.sleep, Op.lock, Op.unlock, Op.yield].map((value) => ({
  done: false as const,
  value,
}))

/**
 * What a function answers that cannot finish without waiting: the path that does the rest. One that
 * need not wait answers at once, and no generator is started.
 */
export class Rest<Value> {
  constructor(readonly path: Path<Value>) {}
}
/** What is there at once, or has a rest that takes time. */
export type MayWait<Value = void> = Value | Rest<Value>

/** To the end, whether it has to wait or not. */
export function* finish<Value>(done: MayWait<Value>): Path<Value> {
  return done instanceof Rest ? yield* done.path : done
}

/** A system call has ended. */
export const ended = -1

/** A system call that a task is in, as the dispatcher drives it. */
export interface CallUnderWay {
  /** Goes on to what it asks for next, or to its end. */
  advance(): OpCode | typeof ended
}

export const TaskState = { running: 0, interruptible: 1, uninterruptible: 2, zombie: 3 } as const
export type TaskStateCode = (typeof TaskState)[keyof typeof TaskState]

/** DEF_PRIORITY of 2.2: 20 ticks of 10 ms, the quantum. */
export const defaultPriority = 20

const noFrames: readonly number[] = []
/** V8 keeps the kind of a literal: lists that begin as this one are all of doubles. */
const fractions: readonly Cycles[] = [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]

/** A task's memory, as the scheduler knows it; room mm knows what it is. */
export interface TaskMemory {
  readonly id: number
}
/**
 * A task's open files, as the scheduler knows them: that there are some; room fs knows what they
 * are.
 */
export interface TaskFiles {
  readonly open: number
}

/** How a task sleeps, kept with it. */
export interface Sleeper {
  /** @param queue where it waits while it sleeps; undefined: it is on one already, and stays */
  through(state: 1 | 2, queue: WaitList<Task> | undefined): Path
}

/** How a task computes in user mode, kept with it. */
export interface Bursts {
  begin(cycles: Cycles, refills: boolean): Path
}

/** Something that a process holds. */
export interface Holding {
  release(task: Task): void
}

export class Task {
  state: TaskStateCode = TaskState.running
  /** Its record in the scheduler's table. */
  slot = -1
  /** CPU it runs on, or ran on last. */
  processor = 0
  onRunQueue = false
  /** What it does with its time, and since when in microseconds; see `TaskTimes`. */
  spends: SpendsCode = Spends.nothing
  spendsSince = 0
  /** avg_slice: how long it lately had a CPU at a time. */
  averageSlice: Cycles = 0

  /** Charges not yet worked off: parallel lists, in order. */
  readonly chargedNodes: StackNode[] = [0, 0, 0, 0, 0, 0, 0, 0]
  readonly chargedCycles: Cycles[] = fractions.slice()
  charges = 0
  pending: Cycles = 0
  op: OpCode = Op.run
  code: Path | undefined
  sleeper: Sleeper | undefined
  userMode: Bursts | undefined
  /** The innermost system call that it is in. */
  call: CallUnderWay | undefined
  /** Stack it is executing. */
  node: StackNode
  /** In user mode: may be preempted in the middle. */
  user = false
  /** lock_kernel() nests. The lock itself is dropped while the task sleeps. */
  lockDepth = 0

  mm: TaskMemory | undefined
  /** Frames of its task structure and kernel stack. */
  frames: readonly number[] = noFrames
  /** Index of its working set in the caches. */
  footprint = -1
  /** Its descriptors; a daemon has none. */
  files: TaskFiles | undefined
  /** Runs as root. */
  superuser = false
  readonly children: Task[] = []
  readonly childExit = new WaitList<Task>()
  /** What it holds of rooms above, which exit gives back. */
  onExit: Set<Holding> | undefined
  exitStatus = 0
  /** PF_MEMALLOC: may take the last pages, because it is freeing some. */
  freeing = false
  /** Set when the kernel found no memory for it: it dies at the next return to user mode. */
  killed = false
  /** Signals that it ignores; room ipc knows which bit is which. */
  ignoredSignals = 0

  constructor(
    readonly pid: number,
    readonly parent: Task | undefined,
    public command: string,
    node: StackNode,
  ) {
    this.node = node
  }

  /** Exit gives this back, unless `onExit` has lost it by then. */
  holds(holding: Holding): void {
    this.onExit ??= new Set()
    this.onExit.add(holding)
  }

  /**
   * Notes work for the stack that is being executed. Whole cycles, so that sums do not depend on
   * their order.
   */
  charge(work: Cycles): void {
    const cycles = Math.round(work)
    this.pending += cycles
    const { node, chargedNodes, charges } = this
    // A path alternates between few procedures: charges to the same stack are combined.
    const oldest = charges > 6 ? charges - 6 : 0
    for (let index = charges - 1; index >= oldest; index--) {
      if (chargedNodes[index] === node) {
        this.chargedCycles[index] += cycles
        return
      }
    }
    chargedNodes[charges] = node
    this.chargedCycles[charges] = cycles
    this.charges = charges + 1
  }
}
