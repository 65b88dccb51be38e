/**
 * Processes and threads as in Linux 2.2: fork, exec, exit and wait4 (kernel/fork.c, exit.c,
 * fs/exec.c), and computing in user mode. What a process holds in memory and of files is the
 * business of those rooms.
 * Left out: vfork, sessions.
 */
import type { ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import { Spends } from '../../observe/stack-times'
import { TraceNote } from '../../observe/trace'
import type { Cycles } from '../../units/cycles'
import type { Descriptors } from '../fs/descriptors'
import { spaceOf } from '../mm/address-space'
import type { Memory } from '../mm/memory'
import type { PageFrames } from '../mm/page-frames'
import { FrameUse, noFrame } from '../mm/page-frames'
import type { Reclaim } from '../mm/reclaim'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { Path } from '../sched/task'
import { finish, Op, Rest, Task, TaskState } from '../sched/task'
import { traceNote } from '../sched/trace-hooks'
import type { Executable, Image } from './program'
import { UserMode } from './user-mode'

/** Pages that a parent writes to after fork (assumed). */
const parentCopies = 3
/** What exec reads of a file to know what it is: linux_binprm's buffer. */
const headerBytes = 128
/** Pages of the stack that a run touches: arguments and environment, and its frames (assumed). */
const stackPages = 2
/** Frames of a task structure with its kernel stack: two pages on i386. */
const taskFrames = 2
/**
 * What a process keeps going back to before it is a program: its working set in the cache
 * (assumed).
 */
const firstWorkingSetBytes = 16 * 1024
/** Process id of the first process. */
const firstPid = 1

/** The rooms that a process has something of. */
interface Rooms {
  readonly frames: PageFrames
  readonly reclaim: Reclaim
  readonly memory: Memory
  readonly descriptors: Descriptors
}

export class Processes {
  private nextPid = firstPid
  readonly all = new Set<Task>()
  forks = 0
  execs = 0

  constructor(
    private readonly base: KernelBase,
    private readonly rooms: Rooms,
  ) {}

  /** @param image undefined for a task of the kernel itself */
  private makeTask(parent: Task | undefined, image: string | undefined, procedure: string): Task {
    const { tree } = this.base
    const isKernel = image === undefined
    const declared = isKernel
      ? tree.declareKernel(procedure, Mode.system)
      : tree.declare(image, procedure, Mode.user)
    const node = tree.call(0, declared)
    const command = image ?? procedure
    const task = new Task(this.nextPid++, parent, command, node)
    const first = this.rooms.frames.takePair(FrameUse.kernel)
    if (first !== noFrame) task.frames = [first, first + 1]
    return this.enrol(task)
  }

  private enrol(task: Task): Task {
    this.all.add(task)
    this.base.dispatcher.scheduler.enrol(task)
    return task
  }

  /** A daemon of the kernel, made at boot. */
  daemon(name: string, body: (task: Task) => Path): Task {
    const task = this.makeTask(undefined, undefined, name)
    task.code = body(task)
    this.base.dispatcher.start(task)
    return task
  }

  /** The first process of a program, made at boot by no other. */
  boot(name: string, body: (task: Task) => Path): Task {
    const task = this.makeTask(undefined, name, 'main')
    this.rooms.memory.begin(task)
    task.footprint = this.base.cache.create(firstWorkingSetBytes)
    task.superuser = true
    this.rooms.descriptors.begin(task)
    task.code = this.life(task, body)
    this.base.dispatcher.start(task)
    return task
  }

  /** A process from its first instruction to do_exit, killed or not. */
  private *life(task: Task, body: (task: Task) => Path): Path {
    try {
      yield* this.base.driven(task, body(task))
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      task.exitStatus = 9
      task.user = false
    }
    yield* this.exit(task)
  }

  /** From here on the program keeps going back to so many bytes: its working set in the cache. */
  workOn(task: Task, bytes: number): void {
    const { cache } = this.base
    if (task.footprint >= 0) cache.release(task.footprint)
    task.footprint = cache.create(bytes)
  }

  /** Computes in user mode, touching the process's memory first, and its working set. */
  compute(task: Task, cycles: Cycles): Path {
    return this.inUserMode(task, cycles, true)
  }

  /**
   * Goes through a table in user mode: what of it is in no cache is among the cycles, and the
   * working set is left alone.
   */
  goThrough(task: Task, cycles: Cycles): Path {
    return this.inUserMode(task, cycles, false)
  }

  private inUserMode(task: Task, cycles: Cycles, refills: boolean): Path {
    const userMode = (task.userMode ??= new UserMode({ base: this.base, ...this.rooms }, task))
    return userMode.begin(cycles, refills)
  }

  /** sys_fork(). Undefined when there is no memory for another task. */
  *fork(task: Task, body: (child: Task) => Path): Path<Task | undefined> {
    const { base } = this
    const { sys_fork } = base.procedures
    const { node } = task
    const child = yield* base.systemCall(
      task,
      sys_fork,
      () => new Rest(this.doFork(task, node, body, false)),
    )
    // Both go on writing to pages that they now share.
    if (child) yield* this.rooms.memory.copyOnWrite(task, parentCopies)
    return child
  }

  /**
   * sys_clone() with CLONE_VM and CLONE_FILES: one more thread of the process, with the memory and
   * the descriptors of the one that calls it. Undefined when there is no memory for another task.
   */
  clone(task: Task, body: (thread: Task) => Path): Path<Task | undefined> {
    const { sys_clone } = this.base.procedures
    const { node } = task
    return this.base.systemCall(
      task,
      sys_clone,
      () => new Rest(this.doFork(task, node, body, true)),
    )
  }

  /**
   * do_fork().
   * @param caller the stack in which the child goes on
   * @param shares a thread: it has what the task has, not a copy
   */
  private *doFork(
    task: Task,
    caller: number,
    body: (child: Task) => Path,
    shares: boolean,
  ): Path<Task | undefined> {
    const { base, rooms } = this
    const { scheduler } = base.dispatcher
    task.charge(base.cost.systemCall + base.cost.fork)
    // Where no two lie together, two single ones do: 2.2 frees pages until there are two.
    const pair = rooms.reclaim.takePairNow(task, FrameUse.kernel)
    const pages: number[] = pair === noFrame ? [] : [pair, pair + 1]
    while (pages.length < taskFrames) {
      const frame = yield* rooms.reclaim.take(task, FrameUse.kernel, true)
      if (frame === noFrame) break
      pages.push(frame)
    }
    if (pages.length < taskFrames) {
      for (const frame of pages) rooms.frames.drop(frame)
      return undefined
    }
    const child = new Task(this.nextPid++, task, task.command, caller)
    child.frames = pages
    this.enrol(child)
    child.superuser = task.superuser
    this.forks++
    scheduler.setProcessor(child, task.processor)
    if (shares) {
      rooms.descriptors.share(task, child)
      rooms.memory.share(task, child)
    } else {
      rooms.descriptors.inherit(task, child)
      rooms.memory.inherit(task, child)
    }
    child.footprint = base.cache.create(firstWorkingSetBytes)
    child.code = this.life(child, body)
    task.children.push(child)
    scheduler.shareQuantum(task, child)
    base.dispatcher.start(child)
    traceNote(base.dispatcher, TraceNote.forked, task, child.pid)
    task.charge(base.cost.wakeUp)
    return child
  }

  /**
   * sys_execve(): a new address space, in which the program, its stack and its interpreter are
   * mapped (load_elf_binary). Nothing of them is there until the program touches it.
   */
  *exec(task: Task, { program, file, interpreter, main }: Executable): Path<Image> {
    const { base } = this
    const { memory, reclaim } = this.rooms
    const { cost, procedures, tree } = base
    this.execs++
    yield* this.enter(task, procedures.sys_execve)
    task.charge(cost.systemCall + cost.exec + 3 * cost.pathComponent)
    yield* finish(file.operations.read(task, file, 0, headerBytes))
    if (interpreter) {
      // Its name is read from the program, and its header from itself.
      task.charge(2 * cost.pathComponent)
      yield* finish(interpreter.file.operations.read(task, interpreter.file, 0, headerBytes))
    }
    yield* memory.release(task)
    const space = memory.begin(task)
    const behindText = program.textPages
    const image: Image = {
      text: memory.map(space, file, program.textPages),
      data: memory.map(space, file, program.dataPages, behindText),
      bss: space.map(program.bssPages),
      stack: space.map(stackPages),
      interpreterText: interpreter && memory.map(space, interpreter.file, interpreter.textPages),
      interpreterData:
        interpreter &&
        memory.map(space, interpreter.file, interpreter.dataPages, interpreter.textPages),
    }
    reclaim.markUsed(space)
    this.workOn(task, program.workingSetKB * 1024)
    task.command = program.name
    traceNote(base.dispatcher, TraceNote.executed, task)
    if (--task.lockDepth === 0) yield Op.unlock
    // From here on its user stack is the new program's.
    base.dispatcher.times.becomes(task, Spends.running)
    task.node = tree.call(0, main)
    if (task.killed) throw new Killed()
    return image
  }

  /** Into a system call that does not go back to who made it, with the kernel lock. */
  private *enter(task: Task, procedure: ProcedureId): Path {
    const { base } = this
    base.systemCalls++
    task.node = base.call(task, procedure)
    if (task.lockDepth++ === 0) yield Op.lock
  }

  /** do_exit(): memory and files go, the parent is told. */
  private *exit(task: Task): Path {
    const { base, rooms } = this
    const { dispatcher, cost, cache } = base
    yield* this.enter(task, base.procedures.sys_exit)
    task.charge(cost.systemCall + cost.exit)
    traceNote(dispatcher, TraceNote.ended, task)
    yield* rooms.memory.release(task)
    yield* rooms.descriptors.exit(task)
    for (const holding of [...(task.onExit ?? [])]) holding.release(task)
    if (task.footprint >= 0) cache.release(task.footprint)
    task.footprint = -1
    const { parent } = task
    if (parent) {
      dispatcher.scheduler.returnQuantum(parent, task)
      dispatcher.wakeAll(parent.childExit, task)
    }
    task.state = TaskState.zombie
    task.lockDepth = 0
    yield Op.unlock
  }

  /** Called when a task's code has ended. */
  ended(task: Task): void {
    this.base.dispatcher.scheduler.dismiss(task)
    if (!task.parent) this.reap(task)
  }

  /**
   * sys_wait4(): waits for a child to end. Returns its exit status, undefined without children;
   * unless it `hangs` (WNOHANG), also when none has ended.
   */
  wait(task: Task, hangs = true): Path<number | undefined> {
    const { sys_wait4 } = this.base.procedures
    return this.base.systemCall(task, sys_wait4, () => new Rest(this.doWait(task, hangs)))
  }

  private *doWait(task: Task, hangs: boolean): Path<number | undefined> {
    const { cost, dispatcher } = this.base
    task.charge(cost.systemCall)
    while (task.children.length > 0) {
      task.charge(cost.wait4)
      const at = task.children.findIndex((child) => child.state === TaskState.zombie)
      if (at >= 0) {
        const [child] = task.children.splice(at, 1)
        this.reap(child)
        return child.exitStatus
      }
      if (!hangs) break
      yield* dispatcher.sleepOn(task, task.childExit, TaskState.interruptible)
    }
    return undefined
  }

  private reap(child: Task): void {
    this.all.delete(child)
    for (const frame of child.frames) this.rooms.frames.drop(frame)
  }

  /** Runnable processes that have no page in memory: `w` of vmstat. */
  get swappedOut(): number {
    let count = 0
    for (const task of this.all) {
      if (task.state !== TaskState.running) continue
      const space = spaceOf(task)
      if (space?.resident === 0 && space.missing > 0) count++
    }
    return count
  }
}
