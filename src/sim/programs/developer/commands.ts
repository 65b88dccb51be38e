/**
 * How a shell, cc or make runs commands: fork, redirections, execve and the dynamic linker, the
 * command's own work, exit, wait4. A pipeline is forked from left to right and waited for at its
 * end (as sh of the time does it).
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { PipeEnds } from '../../kernel/fs/file-calls'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { Cycles } from '../../units/cycles'
import type { ToolName, Tools } from './tools'

/** 1 ms at 450 MHz, in cycles. */
const millisecond = 450_000
/** The shell's own work for a command, ms before `demand` (assumed): a line parsed and expanded. */
const shellPerCommand = 0.5
/**
 * Calls of rt_sigprocmask and rt_sigaction that a shell makes around a command, and its child
 * before it calls exec (assumed).
 */
const signalCalls = { before: 4, child: 6, after: 2 } as const

/** What a command does once it runs. */
export type Work = (task: Task) => Path

/** Where standard output goes: a file that is made or emptied. */
export interface Output {
  readonly directory: Inode
  readonly name: string
}

export interface Command {
  readonly tool: ToolName
  readonly work: Work
  /** Standard output goes there instead of to the console. */
  readonly output?: Output
  /** Standard input comes from there. */
  readonly input?: Output
}

const standardInput = 0
const standardOutput = 1
/** Status of a command that could not be started. */
const notStarted = 127

export class Commands {
  /** Told of every tool that is started. */
  onStart: (tool: ToolName) => void = () => undefined

  constructor(
    readonly kernel: Kernel,
    private readonly tools: Tools,
    private readonly demand: () => number,
  ) {}

  /** Of computing in user mode, from ms at 450 MHz before `demand`. */
  private cyclesOf(milliseconds: number): Cycles {
    return Math.round(milliseconds * this.demand() * millisecond)
  }

  /** One command, waited for. A status that is not 0 becomes that of the parent. */
  *run(parent: Task, command: Command): Path {
    yield* this.prepare(parent)
    const child = yield* this.fork(parent, command, undefined, undefined)
    if (child) yield* this.wait(parent)
    this.signals(parent, 'sys_rt_sigprocmask', signalCalls.after)
  }

  /** Commands with a pipe between each and the next. */
  *pipeline(parent: Task, commands: readonly Command[]): Path {
    const { calls } = this.kernel
    yield* this.prepare(parent)
    let input: Descriptor | undefined
    let running = 0
    for (let index = 0; index < commands.length; index++) {
      const isLast = index === commands.length - 1
      const ends = isLast ? undefined : yield* calls.pipe(parent)
      if (typeof ends === 'number') {
        parent.exitStatus = 1
        break
      }
      const child = yield* this.fork(parent, commands[index], input, ends)
      if (child) running++
      if (input !== undefined) yield* calls.close(parent, input)
      if (ends) yield* calls.close(parent, ends.writes)
      input = ends?.reads
    }
    if (input !== undefined) yield* calls.close(parent, input)
    for (; running > 0; running--) yield* this.wait(parent)
    this.signals(parent, 'sys_rt_sigprocmask', signalCalls.after)
  }

  /**
   * exec without fork: the task is that tool, and does this work, from now on. All of its computing
   * comes before the work.
   */
  *runAs(task: Task, name: ToolName, work: Work): Path {
    const { loader, tools } = this.tools
    const tool = tools[name]
    this.onStart(name)
    const isLinked = yield* loader.run(task, tool, this.cyclesOf(tool.milliseconds))
    if (isLinked) yield* work(task)
    else task.exitStatus = notStarted
  }

  private *prepare(parent: Task): Path {
    this.signals(parent, 'sys_rt_sigprocmask', signalCalls.before)
    yield* this.kernel.processes.compute(parent, this.cyclesOf(shellPerCommand))
  }

  private signals(task: Task, call: 'sys_sigaction' | 'sys_rt_sigprocmask', times: number): void {
    const { base, cost } = this.kernel
    const cycles = call === 'sys_sigaction' ? cost.signalInstall : cost.smallCall
    base.callNow(task, base.procedures[call], cycles, times)
  }

  private *wait(parent: Task): Path {
    const status = yield* this.kernel.processes.wait(parent)
    if (status !== 0) parent.exitStatus = 1
  }

  private *fork(
    parent: Task,
    command: Command,
    input: Descriptor | undefined,
    output: PipeEnds | undefined,
  ): Path<Task | undefined> {
    const child = yield* this.kernel.processes.fork(parent, (task) =>
      this.child(task, command, input, output),
    )
    if (!child) parent.exitStatus = 1
    return child
  }

  private *child(
    task: Task,
    command: Command,
    input: Descriptor | undefined,
    output: PipeEnds | undefined,
  ): Path {
    yield* this.kernel.memory.copyOnWrite(task)
    this.signals(task, 'sys_sigaction', signalCalls.child)
    const { tool, work } = command
    const isRedirected = input !== undefined || output || command.input || command.output
    if (isRedirected && !(yield* this.redirect(task, command, input, output))) {
      task.exitStatus = notStarted
      return
    }
    yield* this.runAs(task, tool, work)
  }

  /** False when a file could not be opened. */
  private *redirect(
    task: Task,
    command: Command,
    input: Descriptor | undefined,
    output: PipeEnds | undefined,
  ): Path<boolean> {
    const { calls } = this.kernel
    if (input !== undefined) yield* this.move(task, input, standardInput)
    if (output) {
      yield* this.move(task, output.writes, standardOutput)
      yield* calls.close(task, output.reads)
    }
    for (const [file, mode, standard] of [
      [command.input, 'read', standardInput],
      [command.output, 'truncate', standardOutput],
    ] as const) {
      if (!file) continue
      const descriptor = yield* calls.open(task, file.directory, file.name, mode)
      if (descriptor < 0) return false
      yield* this.move(task, descriptor, standard)
    }
    return true
  }

  private *move(task: Task, from: Descriptor, to: Descriptor): Path {
    const { calls } = this.kernel
    yield* calls.dup2(task, from, to)
    yield* calls.close(task, from)
  }
}
