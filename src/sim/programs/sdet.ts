/**
 * The SDET harness: starts a number of scripts at once, waits until all have ended, notes the round, and starts
 * the next. Throughput is scripts per hour of a round, as SPEC SDM reports it.
 */
import type { Engine } from '../engine/engine'
import type { Inode } from '../kernel/ext2-inode'
import type { Kernel } from '../kernel/kernel'
import { SystemCalls } from '../kernel/system-calls'
import type { Path, Task } from '../kernel/task'
import { installTools } from './developer-tools'
import type { SdetGround, SdetPlan } from './sdet-script'
import { SdetScript, sdetPlan } from './sdet-script'

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
  private readonly ground: SdetGround
  private readonly plans: SdetPlan[] = []
  private readonly homes: Inode[] = []
  private readonly users: Inode

  constructor(
    private readonly engine: Engine,
    private readonly kernel: Kernel,
    private readonly scripts: () => number,
    private readonly demand: () => number,
    private readonly observer: SdetObserver,
  ) {
    const { fs } = kernel
    const tools = installTools(kernel)
    const include = fs.installDirectory(fs.root, 'include', 5)
    const headers = headerSizes.map((size, index) => {
      fs.install(include, `header${index}.h`, size * kilobyte)
      return `header${index}.h`
    })
    const master = fs.installDirectory(fs.root, 'sdet', 6)
    for (let index = 0; index < 6; index++) fs.install(master, `source${index}.c`, 12 * kilobyte)
    for (let index = 0; index < 4; index++) fs.install(master, `document${index}`, 40 * kilobyte)
    fs.install(master, 'macros', 30 * kilobyte)
    fs.install(master, 'words', 400 * kilobyte)
    fs.install(master, 'libc.a', 1000 * kilobyte)
    this.users = fs.installDirectory(fs.root, 'users', 7)
    this.ground = { kernel, calls: new SystemCalls(kernel), tools, headers, include, master }
  }

  private planOf(script: number): SdetPlan {
    return (this.plans[script] ??= sdetPlan(this.engine.stream(`sdet script ${script}`)))
  }

  private homeOf(script: number): Inode {
    return (this.homes[script] ??= this.kernel.fs.installDirectory(
      this.users,
      `user${script}`,
      8 + script,
    ))
  }

  /** Starts the harness as the machine's first process. */
  boot(): void {
    this.kernel.processes.boot('sdet', (task) => this.main(task))
  }

  private *main(task: Task): Path {
    const { processes } = this.kernel
    for (;;) {
      const count = this.scripts()
      const began = this.kernel.now
      this.observer.roundBegan(count)
      for (let index = 0; index < count; index++) {
        const script = new SdetScript(
          this.ground,
          this.planOf(index),
          this.homeOf(index),
          this.demand,
        )
        const child = yield* processes.fork(task, this.life(script))
        if (!child) this.observer.scriptEnded(0, true)
      }
      while ((yield* processes.wait(task)) !== undefined);
      this.observer.roundEnded(began / 1e9, (this.kernel.now - began) / 1e9, count)
    }
  }

  private life(script: SdetScript): (shell: Task) => Path {
    const { kernel, observer } = this
    return function* (shell): Path {
      const began = kernel.now
      let completed = false
      try {
        yield* script.run(shell)
        completed = true
      } finally {
        observer.scriptEnded((kernel.now - began) / 1e9, script.failed || !completed)
      }
    }
  }
}
