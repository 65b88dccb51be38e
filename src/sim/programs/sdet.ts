/**
 * The SDET harness. Before the first round it makes a directory for every script's user and lets
 * one script run alone, as SDM's set-up, which compiles its own drivers, leaves the tools in
 * memory. Then it starts a number of scripts at once, waits until all have ended, notes the round,
 * and starts the next, at once or after a rest. Throughput is scripts per hour of a round, as SPEC
 * SDM reports it.
 */
import type { Engine } from '../engine/engine'
import { RandomStream } from '../engine/random'
import type { Inode } from '../kernel/fs/inode'
import type { Kernel } from '../kernel/kernel'
import type { Path, Task } from '../kernel/sched/task'
import { WaitQueue } from '../kernel/sched/wait-queue'
import { installTools } from './developer/tools'
import type { SdetPlan } from './sdet-plan'
import { sdetPlan } from './sdet-plan'
import type { SdetEnvironment } from './sdet-script'
import { SdetScript } from './sdet-script'

const kilobyte = 1024
/** Headers that a source of the time pulls in, KB each (assumed). */
const headerSizes = [3, 5, 8, 4, 12, 6]

/** What becomes of scripts and rounds. */
export interface SdetObserver {
  scriptEnded(seconds: number, failed: boolean): void
  roundEnded(startSeconds: number, seconds: number, scripts: number): void
  roundBegan(scripts: number): void
}

export class Sdet {
  private readonly environment: SdetEnvironment
  private readonly homes: { readonly home: Inode; readonly work: Inode }[] = []
  private readonly users: Inode

  constructor(
    private readonly engine: Engine,
    private readonly kernel: Kernel,
    private readonly scripts: () => number,
    private readonly demand: () => number,
    private readonly restNs: () => number,
    private readonly observer: SdetObserver,
    /** What each script does, as far as drawn: the same scripts run again after a reboot. */
    private readonly plans: SdetPlan[],
  ) {
    const { fs } = kernel
    const tools = installTools(kernel)
    const include = fs.installDirectory(fs.root, 'include', 6)
    const headers = headerSizes.map((size, index) => {
      fs.install(include, `header${index}.h`, size * kilobyte)
      return `header${index}.h`
    })
    const master = fs.installDirectory(fs.root, 'sdet', 7)
    for (let index = 0; index < 4; index++) fs.install(master, `source${index}.c`, 12 * kilobyte)
    for (let index = 0; index < 3; index++) fs.install(master, `document${index}`, 50 * kilobyte)
    fs.install(master, 'macros', 30 * kilobyte)
    fs.install(master, 'words', 400 * kilobyte)
    fs.install(master, 'libc.a', 1000 * kilobyte)
    this.users = fs.installDirectory(fs.root, 'users', 8)
    this.environment = { kernel, calls: kernel.calls, tools, headers, include, master }
  }

  private planOf(script: number): SdetPlan {
    const { seed } = this.engine
    // A stream of its own: after a reboot the scripts are the same ones.
    return (this.plans[script] ??= sdetPlan(new RandomStream(seed, `sdet script ${script}`)))
  }

  /** Makes the user's directories if they are not there yet. */
  private *homeOf(task: Task, script: number): Path<{ home: Inode; work: Inode }> {
    const known = this.homes[script]
    if (known) return known
    const { calls } = this.environment
    const home = yield* calls.mkdir(task, this.users, `user${script}`)
    const work = yield* calls.mkdir(task, home, 'work')
    return (this.homes[script] = { home, work })
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
    const { home, work } = yield* this.homeOf(task, index)
    return new SdetScript(this.environment, this.planOf(index), work, home, this.demand)
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
      observer.scriptEnded((kernel.engine.now - began) / 1e9, script.failed || !completed)
    }
  }
}
