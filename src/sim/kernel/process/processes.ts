/**
 * fork, exec, exit, wait4 and page faults as in Linux 2.2. A process's text is mapped from the page cache in
 * clusters of 64 KB (TR 99-4), its data is anonymous memory, copied at the first write after a fork.
 * A process for which there is no memory is killed, as do_page_fault of the time did ("VM: killing process").
 * Left out: vfork, threads, signals, separate stacks, page tables as pages.
 */
import { AddressSpace, swapSlotOf, untouched } from '../mm/address-space'
import { cost } from '../costs'
import type { Inode } from '../fs/ext2/inode'
import type { Kernel } from '../kernel'
import type { ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import { FrameUse, noFrame, pageBytes } from '../mm/page-frames'
import type { Path } from '../sched/task'
import { Op, Task, TaskState } from '../sched/task'

/** An executable: what of it gets touched when it runs. */
export interface Program {
  /** Name of the process and of its image in the profile. */
  readonly name: string
  readonly image: string
  /** Pages of its text, and of the C library, that a run touches. */
  readonly textPages: number
  readonly libraryPages: number
  /** Anonymous pages after start-up: data, bss, stack, first heap. */
  readonly dataPages: number
  /** What it keeps going back to: its working set in the cache, KB. */
  readonly workingSetKB: number
}

/** A program as installed: its file and the library's. */
export interface Executable {
  readonly program: Program
  /** Its main() in the profile. */
  readonly main: ProcedureId
  readonly file: Inode
  readonly library: Inode
}

/** Thrown at the return to user mode of a process that the kernel has killed. */
export class Killed extends Error {}

/** A burst in user mode is cut at this length, so that its memory is touched again: 50 ms at 450 MHz. */
const longestBurst = 22_500_000
/** Pages of mmap's read cluster: 64 KB (TR 99-4). */
const clusterPages = 16
/** Pages that parent and child write to between fork and exec (assumed: stack, libc data, environment). */
const childCopies = 6
const parentCopies = 3
/** Frames of a task structure with its kernel stack: two pages on i386. */
const taskFrames = 2
/** Process id of the first process. */
const firstPid = 1

export class Processes {
  private nextPid = firstPid
  private nextSpace = 0
  readonly all = new Set<Task>()
  private readonly memory = new Set<AddressSpace>()
  forks = 0
  kills = 0
  faults = 0
  majorFaults = 0

  constructor(private readonly kernel: Kernel) {
    const { cache, dispatcher, missCycles } = kernel
    const { cacheWays } = kernel.options.machine
    const places = cache.placesAligned(taskFrames * pageBytes)
    dispatcher.scheduler.placeTasks(places, cacheWays, missCycles)
  }

  spaces(): Iterable<AddressSpace> {
    return this.memory
  }

  get spaceCount(): number {
    return this.memory.size
  }

  makeTask(parent: Task | undefined, command: string, image: string, procedure: string): Task {
    const { tree } = this.kernel
    const mode = image === 'vmlinux' ? Mode.system : Mode.user
    const node = tree.call(0, tree.declare(image, procedure, mode))
    const task = new Task(this.nextPid++, parent, command, node)
    this.all.add(task)
    this.kernel.dispatcher.scheduler.enrol(task)
    return task
  }

  /** The first process of a program, made at boot by no other. */
  boot(name: string, body: (task: Task) => Path): Task {
    const task = this.makeTask(undefined, name, name, 'main')
    task.mm = new AddressSpace(this.nextSpace++)
    this.memory.add(task.mm)
    this.kernel.dispatcher.scheduler.setSpace(task)
    task.footprint = this.kernel.cache.create(16 * 1024)
    task.superuser = true
    this.kernel.descriptors.begin(task)
    task.code = this.life(task, body)
    this.kernel.dispatcher.start(task)
    return task
  }

  /** A process from its first instruction to do_exit, killed or not. */
  private *life(task: Task, body: (task: Task) => Path): Path {
    try {
      yield* body(task)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      task.exitStatus = 9
      task.user = false
    }
    yield* this.exit(task)
  }

  /** Computes in user mode, touching the process's memory first. @param cycles CPU cycles */
  *compute(task: Task, cycles: number): Path {
    let left = cycles
    while (left > 0) {
      if (task.mm && task.mm.missing > 0) yield* this.touchAgain(task)
      if (task.killed) throw new Killed()
      const burst = left > longestBurst ? longestBurst : left
      left -= burst
      if (task.mm) this.kernel.reclaim.markUsed(task.mm)
      task.user = true
      task.charge(burst + this.kernel.dispatcher.refill(task, task.processor))
      yield Op.run
      task.user = false
      if (task.mm) this.kernel.reclaim.markUsed(task.mm)
    }
  }

  /** sys_fork(). Undefined when there is no memory for another task. */
  *fork(task: Task, body: (child: Task) => Path): Path<Task | undefined> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_fork)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fork)
    const pages: number[] = []
    while (pages.length < taskFrames) {
      const frame = yield* kernel.reclaim.take(task, FrameUse.kernel, true)
      if (frame === noFrame) break
      pages.push(frame)
    }
    if (pages.length < taskFrames) {
      for (const frame of pages) kernel.frames.drop(frame)
      task.node = node
      if (--task.lockDepth === 0) yield Op.unlock
      return undefined
    }
    const child = new Task(this.nextPid++, task, task.command, node)
    child.frames = pages
    child.superuser = task.superuser
    this.forks++
    this.all.add(child)
    kernel.dispatcher.scheduler.enrol(child)
    kernel.dispatcher.scheduler.setProcessor(child, task.processor)
    kernel.descriptors.inherit(task, child)
    if (task.mm) child.mm = this.copySpace(task, task.mm)
    kernel.dispatcher.scheduler.setSpace(child)
    child.footprint = kernel.cache.create(16 * 1024)
    child.code = this.life(child, body)
    task.children.push(child)
    kernel.dispatcher.scheduler.shareQuantum(task, child)
    kernel.dispatcher.start(child)
    task.charge(cost.wakeUp)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    // Copy on write: both go on writing to pages that they now share.
    task.charge(parentCopies * (cost.pageFault + pageBytes * cost.copyPerByte))
    return child
  }

  /** copy_page_range(): the child shares every page that is present. */
  private copySpace(task: Task, from: AddressSpace): AddressSpace {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.copy_page_range)
    const entries = from.entries.slice()
    const space = new AddressSpace(this.nextSpace++, entries)
    for (let at = 0; at < entries.length; at++) {
      if (entries[at] >= 0) {
        kernel.frames.share(entries[at])
        space.resident++
      } else {
        // What is in swap stays the parent's; the child has it read when it needs it, which before exec it does not.
        entries[at] = untouched
      }
    }
    for (const mapping of from.mappings) {
      space.mappings.push(mapping)
      mapping.inode.users++
    }
    space.filePages = from.filePages
    kernel.reclaim.markUsed(space)
    this.memory.add(space)
    task.charge(from.entries.length * cost.pageTableEntry)
    task.node = node
    return space
  }

  /** The pages that a child writes to before it calls exec. */
  *copyOnWrite(task: Task): Path {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.do_wp_page)
    const space = task.mm
    if (space) {
      let copies = 0
      for (let at = space.entries.length - 1; at >= space.filePages && copies < childCopies; at--) {
        const shared = space.entries[at]
        if (shared < 0) continue
        copies++
        let frame = kernel.reclaim.takeNow(task, FrameUse.anonymous)
        if (frame === noFrame) frame = yield* kernel.reclaim.take(task, FrameUse.anonymous, true)
        task.charge(cost.pageFault + pageBytes * cost.copyPerByte)
        this.faults++
        if (frame === noFrame) {
          this.kill(task)
          break
        }
        space.entries[at] = frame
        kernel.reclaim.markYoung(frame)
        kernel.frames.drop(shared)
      }
    }
    task.node = node
    if (task.killed) throw new Killed()
  }

  /** sys_execve(): a new address space; the program's text is faulted in, its data allocated. */
  *exec(task: Task, executable: Executable): Path {
    const { kernel } = this
    const { program } = executable
    task.node = kernel.call(task, kernel.procedures.sys_execve)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.exec + 3 * cost.pathComponent)
    yield* kernel.fs.read(task, executable.file, 0, pageBytes)
    yield* this.release(task)
    const space = new AddressSpace(this.nextSpace++)
    this.memory.add(space)
    task.mm = space
    kernel.dispatcher.scheduler.setSpace(task)
    space.map(executable.file, program.textPages)
    space.map(executable.library, program.libraryPages)
    executable.file.users++
    executable.library.users++
    kernel.reclaim.markUsed(space)
    kernel.cache.release(task.footprint)
    task.footprint = kernel.cache.create(program.workingSetKB * 1024)
    task.command = program.name
    // From here on its user stack is the new program's.
    const main = kernel.tree.call(0, executable.main)
    task.node = kernel.tree.call(main, kernel.procedures.do_page_fault)
    for (const { inode, first, pages } of space.mappings) {
      for (let index = 0; index < pages; index++) {
        if (!this.faultFileNow(task, space, first + index, inode, index)) {
          yield* this.faultFile(task, space, first + index, inode, index)
        }
      }
    }
    if (--task.lockDepth === 0) yield Op.unlock
    task.node = main
    if (task.killed) throw new Killed()
    yield* this.grow(task, program.dataPages)
    yield* this.compute(task, cost.dynamicLink)
  }

  /** do_anonymous_page(): that many new pages, cleared. */
  *grow(task: Task, pages: number): Path {
    const { kernel } = this
    const space = task.mm
    if (!space) return
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.do_anonymous_page)
    for (let count = 0; count < pages; count++) {
      let frame = kernel.reclaim.takeNow(task, FrameUse.anonymous)
      if (frame === noFrame) frame = yield* kernel.reclaim.take(task, FrameUse.anonymous, true)
      task.charge(cost.pageFault + pageBytes * cost.clearPerByte)
      this.faults++
      if (frame === noFrame) {
        this.kill(task)
        break
      }
      space.entries.push(frame)
      kernel.reclaim.markYoung(frame)
      space.resident++
    }
    task.node = node
    if (task.killed) throw new Killed()
  }

  /** filemap_nopage() of a page that is in the page cache: maps it. False when it has to be waited for. */
  private faultFileNow(
    task: Task,
    space: AddressSpace,
    entry: number,
    inode: Inode,
    index: number,
  ): boolean {
    const { pages, frames } = this.kernel
    const frame = pages.find(inode, index, task)
    if (frame === noFrame || frames.isLocked(frame)) return false
    task.charge(cost.pageFault)
    this.faults++
    frames.share(frame)
    this.kernel.reclaim.markYoung(frame)
    space.entries[entry] = frame
    space.resident++
    return true
  }

  /** filemap_nopage(): maps one page of a file, reading its cluster if need be. */
  private *faultFile(
    task: Task,
    space: AddressSpace,
    entry: number,
    inode: Inode,
    index: number,
  ): Path {
    const { kernel } = this
    task.charge(cost.pageFault)
    this.faults++
    let major = false
    for (;;) {
      const frame = kernel.pages.find(inode, index, task)
      if (frame !== noFrame && !kernel.frames.isLocked(frame)) {
        kernel.frames.share(frame)
        if (space.entries[entry] < 0) {
          kernel.reclaim.markYoung(frame)
          space.entries[entry] = frame
          space.resident++
        } else {
          kernel.frames.drop(frame)
        }
        break
      }
      if (frame !== noFrame) {
        yield* kernel.waitOnPage(task, frame)
        continue
      }
      major = true
      const first = index - (index % clusterPages)
      yield* kernel.fs.readPages(task, inode, first, clusterPages)
      if (kernel.pages.find(inode, index, task) === noFrame) {
        const alone = yield* kernel.fs.readPages(task, inode, index, 1)
        if (!alone) {
          this.kill(task)
          return
        }
      }
    }
    if (major) this.majorFaults++
  }

  /** Brings back what was taken from the process while it did not run. */
  private *touchAgain(task: Task): Path {
    const { kernel } = this
    const space = task.mm as AddressSpace
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.do_page_fault)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    for (let at = 0; at < space.entries.length && space.missing > 0 && !task.killed; at++) {
      const entry = space.entries[at]
      if (entry >= 0) continue
      if (at < space.filePages) {
        const mapped = space.fileOf(at)
        if (!mapped) throw new Error(`page ${at} is not mapped from a file`)
        const { inode, index } = mapped
        if (!this.faultFileNow(task, space, at, inode, index)) {
          yield* this.faultFile(task, space, at, inode, index)
        }
        space.missing--
      } else if (entry !== untouched) {
        task.charge(cost.pageFault)
        this.faults++
        this.majorFaults++
        task.node = kernel.call(task, kernel.procedures.do_swap_page)
        const frame = yield* kernel.swap.readIn(task, swapSlotOf(entry), this.takeForSwap)
        task.node = kernel.tree.parent[task.node]
        if (frame === noFrame) {
          this.kill(task)
          break
        }
        space.entries[at] = frame
        kernel.reclaim.markYoung(frame)
        space.resident++
        space.missing--
      }
    }
    if (--task.lockDepth === 0) yield Op.unlock
    task.node = node
  }

  private readonly takeForSwap = (task: Task): Path<number> =>
    this.kernel.reclaim.take(task, FrameUse.swapCache, true)

  /** kill(): the process ends where it next looks for signals: at its return to user mode, or in accept. */
  signal(task: Task, by: Task): void {
    task.killed = true
    by.charge(cost.systemCall + cost.wakeUp)
    if (task.state === TaskState.interruptible) this.kernel.dispatcher.wake(task)
  }

  private kill(task: Task): void {
    task.killed = true
    this.kills++
    this.kernel.reclaim.outOfMemory++
  }

  /** exit_mmap(): gives every page back. */
  private *release(task: Task): Path {
    const { kernel } = this
    const space = task.mm
    if (!space) return
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.zap_page_range)
    task.charge(space.entries.length * cost.pageTableEntry)
    for (const entry of space.entries) {
      if (entry >= 0) {
        if (kernel.frames.drop(entry)) task.charge(cost.freePage)
      } else if (entry !== untouched) kernel.swap.freeSlot(swapSlotOf(entry))
    }
    this.memory.delete(space)
    task.mm = undefined
    kernel.dispatcher.scheduler.setSpace(task)
    for (const mapping of space.mappings) yield* kernel.fs.put(task, mapping.inode)
    task.node = node
  }

  /** do_exit(): memory and files go, the parent is told. */
  private *exit(task: Task): Path {
    const { kernel } = this
    task.node = kernel.call(task, kernel.procedures.sys_exit)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.exit)
    yield* this.release(task)
    yield* kernel.descriptors.exit(task)
    if (task.footprint >= 0) kernel.cache.release(task.footprint)
    task.footprint = -1
    const { parent } = task
    if (parent) {
      kernel.dispatcher.scheduler.returnQuantum(parent, task)
      kernel.dispatcher.wakeAll(parent.childExit, task)
    }
    task.state = TaskState.zombie
    task.lockDepth = 0
    yield Op.unlock
  }

  /** Called when a task's code has ended. */
  ended(task: Task): void {
    this.kernel.dispatcher.scheduler.dismiss(task)
    if (!task.parent) this.all.delete(task)
  }

  /**
   * sys_wait4(): waits for a child to end. Returns its exit status, undefined without children; unless it `hangs`
   * (WNOHANG), also when none has ended.
   */
  *wait(task: Task, hangs = true): Path<number | undefined> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_wait4)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    let status: number | undefined
    task.charge(cost.systemCall)
    while (task.children.length > 0) {
      task.charge(cost.wait4)
      const at = task.children.findIndex((child) => child.state === TaskState.zombie)
      if (at >= 0) {
        const [child] = task.children.splice(at, 1)
        status = child.exitStatus
        this.reap(child)
        break
      }
      if (!hangs) break
      task.childExit.add(task)
      kernel.dispatcher.prepareToSleep(task, TaskState.interruptible)
      yield Op.sleep
      task.childExit.remove(task)
    }
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return status
  }

  private reap(child: Task): void {
    this.all.delete(child)
    for (const frame of child.frames) this.kernel.frames.drop(frame)
  }

  /** Runnable processes that have no page in memory: `w` of vmstat. */
  get swappedOut(): number {
    let count = 0
    for (const task of this.all) {
      if (task.mm?.resident === 0 && task.mm.missing > 0 && task.state === TaskState.running)
        count++
    }
    return count
  }
}
