/**
 * A system call under way: the task is in the procedure, with the big kernel lock, until the body
 * has ended. The program that makes it is resumed once, at its end: in between, the dispatcher
 * drives the innermost call of a task, and not the program around it. That is for speed only.
 * A body that throws leaves the task in the call, as a process does that is killed there.
 */
import type { CallTree, ProcedureId, StackNode } from '../../observe/call-tree'
import type { CallUnderWay, MayWait, OpCode, Path, Task } from './task'
import { ended, Op, Rest, yields } from './task'

/** What a system call sees of the dispatcher. */
interface CallCpus {
  readonly tree: CallTree
  /** lock_kernel(), if it can be had at once. */
  lockNow(task: Task): boolean
}

const Stage = { made: 0, locking: 1, inBody: 2, unlocking: 3, ended: 4 } as const

export class SystemCall<Result> implements CallUnderWay, IterableIterator<OpCode, Result, void> {
  private stage: number = Stage.made
  private outer: CallUnderWay | undefined
  private caller: StackNode = 0
  private path: Path<Result> | undefined
  private error: unknown
  private hasFailed = false
  private readonly result: { done: true; value: Result | undefined } = {
    done: true,
    value: undefined,
  }

  constructor(
    private readonly cpus: CallCpus,
    private readonly task: Task,
    private readonly procedure: ProcedureId,
    private readonly body: () => MayWait<Result>,
  ) {}

  [Symbol.iterator](): this {
    return this
  }

  next(): IteratorResult<OpCode, Result> {
    const op = this.stage === Stage.ended ? ended : this.advance()
    if (op !== ended) return yields[op]
    if (this.hasFailed) throw this.error
    return this.result as IteratorReturnResult<Result>
  }

  advance(): OpCode | typeof ended {
    switch (this.stage) {
      case Stage.made:
        return this.enter()
      case Stage.locking:
        return this.begin()
      case Stage.inBody:
        return this.go()
      default:
        return this.end()
    }
  }

  private enter(): OpCode | typeof ended {
    const { task, cpus } = this
    this.outer = task.call
    task.call = this
    this.caller = task.node
    task.node = cpus.tree.call(task.node, this.procedure)
    if (task.lockDepth++ === 0 && !cpus.lockNow(task)) {
      this.stage = Stage.locking
      return Op.lock
    }
    return this.begin()
  }

  private begin(): OpCode | typeof ended {
    this.stage = Stage.inBody
    try {
      const result = this.body()
      if (!(result instanceof Rest)) return this.leave(result)
      this.path = result.path
    } catch (error) {
      return this.fail(error)
    }
    return this.go()
  }

  private go(): OpCode | typeof ended {
    try {
      const { done, value } = (this.path as Path<Result>).next()
      return done === true ? this.leave(value) : value
    } catch (error) {
      return this.fail(error)
    }
  }

  private leave(value: Result): OpCode | typeof ended {
    const { task } = this
    this.result.value = value
    task.node = this.caller
    if (--task.lockDepth > 0) return this.end()
    this.stage = Stage.unlocking
    return Op.unlock
  }

  private fail(error: unknown): typeof ended {
    this.error = error
    this.hasFailed = true
    return this.end()
  }

  private end(): typeof ended {
    this.stage = Stage.ended
    this.task.call = this.outer
    return ended
  }
}
