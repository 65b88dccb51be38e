/**
 * The SDET harness. Before the first round it gives every user a copy of the clone directory and
 * lets one script run alone, as SDM's set-up, which compiles its own drivers, leaves the tools in
 * memory. Then its driver starts a shell for every script at once, waits until all have ended,
 * notes the round, and starts the next, at once or after a rest. Throughput is scripts per hour of
 * a round, as SPEC SDM reports it.
 */
import type { Engine } from '../engine/engine'
import { RandomStream } from '../engine/random'
import type { Inode } from '../kernel/fs/inode'
import type { Kernel } from '../kernel/kernel'
import type { Path, Task } from '../kernel/sched/task'
import { WaitQueue } from '../kernel/sched/wait-queue'
import { Environment } from './developer/environment'
import type { SdetPlan } from './sdet-script'
import { SdetScript, sdetPlan } from './sdet-script'
import type { Home } from './sdet-subtasks'
import { cloneFiles, sourceFiles } from './sdet-subtasks'

/** What becomes of scripts and rounds. */
export interface SdetObserver {
  scriptEnded(seconds: number, failed: boolean): void
  roundEnded(startSeconds: number, seconds: number, scripts: number): void
  roundBegan(scripts: number): void
}

export class Sdet {
  private readonly environment: Environment
  private readonly homes: Home[] = []
  private readonly users: Inode
  private readonly master: Home

  constructor(
    private readonly engine: Engine,
    private readonly kernel: Kernel,
    private readonly scripts: () => number,
    demand: () => number,
    private readonly restNs: () => number,
    private readonly observer: SdetObserver,
    /** What each script does, as far as drawn: the same scripts run again after a reboot. */
    private readonly plans: SdetPlan[],
  ) {
    const { fs } = kernel
    this.environment = new Environment(kernel, demand)
    const work = fs.installDirectory(fs.root, 'clone', 9)
    const src = fs.installDirectory(work, 'src', 9)
    this.master = { work, src }
    for (const [name, bytes] of Object.entries(cloneFiles)) fs.install(work, name, bytes)
    for (const [name, bytes] of Object.entries(sourceFiles)) fs.install(src, name, bytes)
    this.users = fs.installDirectory(fs.root, 'users', 10)
  }

  private planOf(script: number): SdetPlan {
    const { seed } = this.engine
    // A stream of its own: after a reboot the scripts are the same ones.
    return (this.plans[script] ??= sdetPlan(new RandomStream(seed, `sdet script ${script}`)))
  }

  /** Copies the clone directory for a user who has none yet. */
  private *homeOf(task: Task, script: number): Path<Home> {
    const known = this.homes[script]
    if (known) return known
    const { calls, files } = this.environment
    const work = yield* calls.mkdir(task, this.users, `user${script}`)
    const src = yield* calls.mkdir(task, work, 'src')
    for (const name of Object.keys(cloneFiles)) {
      yield* files.copy(task, this.master.work, name, work, name)
    }
    for (const name of Object.keys(sourceFiles)) {
      yield* files.copy(task, this.master.src, name, src, name)
    }
    return (this.homes[script] = { work, src })
  }

  /** Starts the harness as the machine's first process. */
  boot(): void {
    this.kernel.processes.boot('sdet', (task) => this.main(task))
  }

  private *main(task: Task): Path {
    const { processes, timer } = this.kernel
    const nobody = new WaitQueue()
    for (let index = 0; index < this.scripts(); index++) yield* this.homeOf(task, index)
    const trial = yield* this.script(task, 0)
    yield* processes.fork(task, (shell) => trial.run(shell))
    yield* processes.wait(task)
    for (;;) {
      const count = this.scripts()
      for (let index = 0; index < count; index++) yield* this.homeOf(task, index)
      const began = this.kernel.engine.now
      this.observer.roundBegan(count)
      for (let index = 0; index < count; index++) {
        const script = yield* this.script(task, index)
        const child = yield* processes.fork(task, (shell) => this.life(shell, script))
        if (!child) this.observer.scriptEnded(0, true)
      }
      while ((yield* processes.wait(task)) !== undefined);
      this.observer.roundEnded(began / 1e9, (this.kernel.engine.now - began) / 1e9, count)
      const rest = this.restNs()
      if (rest > 0) yield* timer.sleepUntilWoken(task, nobody, rest)
    }
  }

  private *script(task: Task, index: number): Path<SdetScript> {
    const home = yield* this.homeOf(task, index)
    return new SdetScript(this.environment, this.planOf(index), home)
  }

  private *life(shell: Task, script: SdetScript): Path {
    const { kernel, observer } = this
    const began = kernel.engine.now
    let completed = false
    shell.superuser = false
    try {
      yield* script.run(shell)
      completed = true
    } finally {
      const failed = !completed || shell.exitStatus !== 0
      observer.scriptEnded((kernel.engine.now - began) / 1e9, failed)
    }
  }
}
