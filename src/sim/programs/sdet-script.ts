/**
 * One SDET script: a user's shell that does the same subtasks as every other one, as often, in a
 * random order of its own (SPEC sdm91, sdet_descr.txt). SPEC's script is licensed; what is in this
 * one stands in sdet-subtasks.ts. Only `demand`, the scale of all user-mode computing, is fitted:
 * to 4,176 scripts an hour with 128 scripts. What a subtask makes it removes, so that the next
 * round begins as this one did; at its end the script looks whether that is so.
 */
import type { RandomStream } from '../engine/random'
import type { Path, Task } from '../kernel/sched/task'
import type { Environment } from './developer/environment'
import type { Home, Subtask } from './sdet-subtasks'
import { cloneFiles, sourceFiles, subtaskCounts, Subtasks } from './sdet-subtasks'

/** What one script does: drawn once, the same in every round, as SDET's scripts are. */
export type SdetPlan = readonly Subtask[]

export function sdetPlan(random: RandomStream): SdetPlan {
  const names = Object.keys(subtaskCounts) as Subtask[]
  const plan = names.flatMap((name) => Array.from({ length: subtaskCounts[name] }, () => name))
  random.shuffle(plan)
  return plan
}

export class SdetScript {
  private readonly subtasks: Subtasks

  constructor(
    private readonly environment: Environment,
    private readonly plan: SdetPlan,
    private readonly home: Home,
  ) {
    this.subtasks = new Subtasks(environment, home)
  }

  /** The script's shell, from its first instruction to exit. Its status is 1 when it has failed. */
  *run(shell: Task): Path {
    const { commands } = this.environment
    yield* this.environment.kernel.memory.copyOnWrite(shell)
    const done = new Map<Subtask, number>()
    const body = (task: Task): Path => this.lines(task, done)
    yield* commands.runAs(shell, 'sh', body)
  }

  private *lines(shell: Task, done: Map<Subtask, number>): Path {
    for (const subtask of this.plan) {
      const time = done.get(subtask) ?? 0
      done.set(subtask, time + 1)
      yield* this.subtasks.run(shell, subtask, time)
    }
    const { commands } = this.environment
    yield* commands.run(shell, { tool: 'diff', work: (task) => this.check(task) })
  }

  /** The directory is as it was: every file there, as long as it was, and nothing else. */
  private *check(task: Task): Path {
    const { files, calls } = this.environment
    for (const [directory, expected, others] of [
      [this.home.work, cloneFiles, 1],
      [this.home.src, sourceFiles, 0],
    ] as const) {
      const sizes = Object.entries(expected)
      const names = yield* calls.list(task, directory)
      if (names.length !== sizes.length + others) task.exitStatus = 1
      for (const [name, size] of sizes) {
        const got = yield* files.read(task, directory, name)
        const stated = yield* calls.stat(task, directory, name)
        if (got !== size || stated !== size) task.exitStatus = 1
      }
    }
  }
}
