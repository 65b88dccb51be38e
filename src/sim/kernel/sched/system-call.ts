/**
 * Paths that the dispatcher drives by itself: what is around one is resumed once, at its end, and
 * not whenever it goes on. That is for speed only. A system call is one: the task is in the
 * procedure, with the big kernel lock, until the body has ended.
 * A body that throws leaves the task in the call, as a process does that is killed there.
 */
import type { CallTree, ProcedureId, StackNode } from '../../observe/call-tree'
import type { CallUnderWay, MayWait, OpCode, Path, Task } from './task'
import { ended, Op, Rest, yields } from './task'

const Stage = { made: 0, locking: 1, inBody: 2, unlocking: 3, ended: 4 } as const

export class DrivenPath<Result> implements CallUnderWay, IterableIterator<OpCode, Result, void> {
  protected stage: number = Stage.made
  private outer: CallUnderWay | undefined
  private error: unknown
  private hasFailed = false
  protected readonly result: { done: true; value: Result | undefined } = {
    done: true,
    value: undefined,
  }

  constructor(
    protected readonly task: Task,
    protected path: Path<Result> | undefined,
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
    if (this.stage === Stage.made) {
      this.begins()
      this.stage = Stage.inBody
    }
    return this.go()
  }

  /** It is what the task is in from now on. */
  protected begins(): void {
    const { task } = this
    this.outer = task.call
    task.call = this
  }

  protected go(): OpCode | typeof ended {
    try {
      const { done, value } = (this.path as Path<Result>).next()
      return done === true ? this.leave(value) : value
    } catch (error) {
      return this.fail(error)
    }
  }

  protected leave(value: Result): OpCode | typeof ended {
    this.result.value = value
    return this.end()
  }

  protected fail(error: unknown): typeof ended {
    this.error = error
    this.hasFailed = true
    return this.end()
  }

  protected end(): typeof ended {
    this.stage = Stage.ended
    this.task.call = this.outer
    return ended
  }
}

export class SystemCall<Result> extends DrivenPath<Result> {
  private caller: StackNode = 0

  constructor(
    private readonly tree: CallTree,
    task: Task,
    /** Undefined: the task stays in the stack that it is in. */
    private readonly procedure: ProcedureId | undefined,
    private readonly body: () => MayWait<Result>,
  ) {
    super(task, undefined)
  }

  override advance(): OpCode | typeof ended {
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
    const { task, tree, procedure } = this
    this.begins()
    this.caller = task.node
    if (procedure !== undefined) task.node = tree.call(task.node, procedure)
    if (task.lockDepth++ === 0) {
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

  protected override leave(value: Result): OpCode | typeof ended {
    const { task } = this
    this.result.value = value
    task.node = this.caller
    if (--task.lockDepth > 0) return this.end()
    this.stage = Stage.unlocking
    return Op.unlock
  }
}
