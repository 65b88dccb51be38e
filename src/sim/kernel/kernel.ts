/**
 * The kernel `linux-2.2`: its subsystems put together, and the paths between them: getblk and bread, waiting for
 * buffers and pages, the timer interrupt, and the daemons bdflush, kupdate and kswapd.
 */
import type { Engine } from '../engine/engine'
import { CacheResidency } from '../machine/cache'
import { DiskDrive } from '../machine/disk'
import type { MachinePreset } from '../machine/presets'
import type { CallTree, ProcedureId, StackNode } from '../observe/call-tree'
import { Mode } from '../observe/call-tree'
import type { RunQueueSnapshot } from '../observe/structures'
import { milliseconds, seconds } from '../units/time'
import { BlockLayer } from './block/block-layer'
import { BufferBit, BufferCache, BufferList, noBuffer } from './fs/buffer-cache'
import { cost } from './costs'
import { Descriptors } from './fs/descriptors'
import { Dispatcher } from './sched/dispatcher'
import { Ext2 } from './fs/ext2/ext2'
import { FrameUse, noFrame, PageFrames, pageBytes } from './mm/page-frames'
import { PageCache } from './mm/page-cache'
import type { Procedures } from './procedures'
import { declareProcedures } from './procedures'
import { Processes } from './process/processes'
import { Reclaim } from './mm/reclaim'
import { Swap } from './mm/swap'
import type { Path, Task } from './sched/task'
import { Op, TaskState } from './sched/task'
import { WaitQueue } from './sched/wait-queue'

/** bdflush parameters of 2.2: nfract 40 %, ndirty 500 buffers a pass. */
const dirtyShare = 0.4
const buffersPerPass = 500
const kupdateInterval = seconds(5)
const kswapdInterval = seconds(1)
/** HZ = 100. */
export const tickInterval = milliseconds(10)
/** Kernel image, mem_map, page tables at boot and start-up processes that are not modelled. */
const residentKernelBytes = 14 * 1024 * 1024
const sectorBytes = 512
export const bufferBytes = 1024
const sectorsPerBuffer = bufferBytes / sectorBytes
const taskStructBytes = 64

export interface KernelOptions {
  readonly machine: MachinePreset
  /** Swap partition, bytes. */
  readonly swapBytes: number
}

export class Kernel {
  readonly cache: CacheResidency
  readonly missCycles: number
  readonly dispatcher: Dispatcher
  readonly frames: PageFrames
  readonly buffers: BufferCache
  readonly pages: PageCache
  readonly drive: DiskDrive
  readonly disk: BlockLayer
  readonly swap: Swap
  readonly reclaim: Reclaim
  readonly fs: Ext2
  readonly descriptors: Descriptors
  readonly processes: Processes
  readonly procedures: Procedures
  /** Jiffies by mode as the timer interrupt counts them, all CPUs. */
  userJiffies = 0
  systemJiffies = 0
  jiffies = 0
  interrupts = 0
  private readonly bdflushWait = new WaitQueue()
  private readonly bdflushDone = new WaitQueue()
  private readonly sleepers = new Map<number, Task>()
  private readonly pendingBlocks: Uint8Array
  private readonly timerStack: StackNode
  private readonly localTimerStack: StackNode
  private readonly wakeHandler
  private readonly tickHandler
  private readonly runQueueFootprint: number
  private readonly lineBytes: number
  /** Set at the end of this kernel's life, so that events that are still queued do nothing. */
  private halted = false
  private bdflush: Task | undefined

  constructor(
    readonly engine: Engine,
    readonly tree: CallTree,
    readonly options: KernelOptions,
  ) {
    const { machine } = options
    this.lineBytes = machine.lineBytes
    this.missCycles = (machine.memoryMissNs * machine.clockMHz) / 1000
    this.cache = new CacheResidency(
      machine.cpus,
      machine.cacheKB * 1024,
      machine.lineBytes,
      machine.memoryMissNs,
    )
    this.runQueueFootprint = this.cache.create(taskStructBytes)
    this.dispatcher = new Dispatcher(
      engine,
      tree,
      machine.cpus,
      machine.clockMHz,
      (task, cpu) =>
        task.footprint < 0 ? 0 : this.cache.use(cpu, task.footprint) * this.missCycles,
      (cpu, tasks) => {
        this.cache.resize(this.runQueueFootprint, Math.max(1, tasks) * taskStructBytes)
        const lines = (tasks * taskStructBytes) / this.lineBytes
        return this.cache.touch(cpu, this.runQueueFootprint, lines) * this.missCycles
      },
    )
    this.procedures = declareProcedures(tree)
    this.frames = new PageFrames((machine.memoryMB * 1024 * 1024) / pageBytes)
    this.pendingBlocks = new Uint8Array(this.frames.frames)
    for (let left = residentKernelBytes / pageBytes; left > 0; left--) {
      this.frames.take(FrameUse.kernel)
    }
    this.buffers = new BufferCache(
      this.frames,
      bufferBytes,
      this.cache,
      this.missCycles,
      (times) => this.wakeBdflush(times),
      dirtyShare,
    )
    this.pages = new PageCache(this.frames, this.cache, this.missCycles)
    if (!machine.disk) throw new Error(`machine ${machine.id} has no disk`)
    this.drive = new DiskDrive(machine.disk)
    this.disk = new BlockLayer(engine, this.dispatcher, this.drive, () => this.interrupts++)
    const diskSectors = this.drive.sectors
    const swapSectors = options.swapBytes / sectorBytes
    this.swap = new Swap(
      options.swapBytes / pageBytes,
      diskSectors - swapSectors,
      this.frames,
      this.pages,
      this.disk,
      this.dispatcher,
      engine,
    )
    this.descriptors = new Descriptors(this)
    this.processes = new Processes(this)
    this.reclaim = new Reclaim(this.frames, this.buffers, this.pages, this.swap, {
      spaces: () => this.processes.spaces(),
      processes: () => this.processes.spaceCount,
      shrinkDentries: (task, priority) => {
        const node = task.node
        task.node = this.call(task, this.procedures.shrink_dcache_memory)
        this.fs.pruneDentries(task, Math.floor(this.fs.dentriesCached / (priority + 1)))
        task.node = node
      },
      charged: (task, procedure) => this.call(task, this.procedures[procedure]),
      prepareToSleep: (task, state) => this.dispatcher.prepareToSleep(task, state),
    })
    this.fs = new Ext2(this, (diskSectors - swapSectors) * sectorBytes)
    const interruptStack = (name: string): StackNode =>
      tree.call(0, tree.declare('vmlinux', name, Mode.interrupt))
    this.timerStack = interruptStack('timer_interrupt')
    this.localTimerStack = interruptStack('smp_apic_timer_interrupt')
    this.wakeHandler = engine.handler('timer wake-up', (id) => this.onTimer(id))
    this.tickHandler = engine.handler('tick', () => this.onTick())
    this.dispatcher.onEnd = (task) => this.processes.ended(task)
    engine.at(engine.now, this.tickHandler, 0)
    this.reclaim.wakeKswapd = () => this.wakeFromAnywhere(this.reclaim.kswapdWait)
    this.bdflush = this.daemon('bdflush', (task) => this.runBdflush(task))
    this.daemon('kupdate', (task) => this.runKupdate(task))
    this.daemon('kswapd', (task) => this.runKswapd(task))
  }

  get now(): number {
    return this.engine.now
  }

  /** The stack in which the task calls a procedure. */
  call(task: Task, procedure: ProcedureId): StackNode {
    return this.tree.call(task.node, procedure)
  }

  /** The machine is switched off: nothing of this kernel runs any more. */
  halt(): void {
    this.dispatcher.settle()
    this.halted = true
    this.dispatcher.halt()
    this.disk.halt()
  }

  private daemon(name: string, body: (task: Task) => Path): Task {
    const task = this.processes.makeTask(undefined, name, `vmlinux`, name)
    task.code = body(task)
    this.dispatcher.start(task)
    return task
  }

  // Timer interrupts: the board's on one CPU, which counts; the local one on every CPU, which charges a jiffy.
  private onTick(): void {
    if (this.halted) return
    this.engine.after(tickInterval, this.tickHandler, 0)
    this.jiffies++
    this.interrupts++
    const { dispatcher } = this
    dispatcher.interrupt(this.timerStack, cost.timerInterrupt)
    for (const cpu of dispatcher.cpus) {
      const mode = dispatcher.modeNow(cpu)
      if (mode === Mode.user) this.userJiffies++
      else if (mode !== Mode.idle) this.systemJiffies++
      dispatcher.interruptCpu(cpu, this.localTimerStack, cost.localTimer)
      dispatcher.scheduler.tick(cpu)
      if (cpu.needResched && cpu.current) dispatcher.preemptNow(cpu)
    }
  }

  /** Sleeps until woken or until the time is over (interruptible_sleep_on_timeout). */
  *sleepUntilWoken(task: Task, queue: WaitQueue, nanoseconds: number): Path {
    const timer = this.engine.after(nanoseconds as never, this.wakeHandler, task.pid)
    this.sleepers.set(task.pid, task)
    queue.add(task)
    this.dispatcher.prepareToSleep(task, TaskState.interruptible)
    yield Op.sleep
    queue.remove(task)
    this.engine.cancel(timer)
    this.sleepers.delete(task.pid)
  }

  private onTimer(pid: number): void {
    const task = this.sleepers.get(pid)
    if (this.halted || !task) return
    this.dispatcher.interrupt(this.timerStack, cost.wakeUp)
    this.dispatcher.wake(task)
  }

  /** So many wake-ups at one instant: whoever the first has woken is awake for the others. */
  private wakeFromAnywhere(queue: WaitQueue, times = 1): void {
    if (queue.length === 0) return
    const cycles = this.dispatcher.wakeAllFromInterrupt(queue)
    this.dispatcher.interrupt(this.timerStack, cycles)
    if (times === 1) return
    this.dispatcher.interrupts(this.timerStack, queue.length * cost.waitQueueStep, times - 1)
  }

  // Buffers.

  /**
   * getblk() where it need not wait: the buffer of a block, in use by the caller; its content may not be up to
   * date. `noBuffer` when there is no free buffer and memory is short: `getblk` then waits.
   */
  getblkNow(task: Task, block: number): number {
    const { buffers } = this
    const node = task.node
    task.node = this.tree.call(node, this.procedures.getblk)
    let buffer = buffers.find(block, task)
    if (buffer !== noBuffer) buffers.hold(buffer)
    else {
      buffer = buffers.takeFree(block, task)
      if (buffer === noBuffer) {
        const frame = this.reclaim.takeNow(task, FrameUse.buffers)
        if (frame !== noFrame) {
          buffers.addPage(frame, task)
          buffer = buffers.takeFree(block, task)
        }
      }
    }
    task.node = node
    return buffer
  }

  /** getblk(): as `getblkNow`, waiting for a buffer where there is none. */
  *getblk(task: Task, block: number): Path<number> {
    let buffer = this.getblkNow(task, block)
    while (buffer === noBuffer) {
      yield* this.refillFreelist(task)
      buffer = this.getblkNow(task, block)
    }
    return buffer
  }

  /** refill_freelist(): one page more, or wait until bdflush has written something. */
  private *refillFreelist(task: Task): Path {
    const node = task.node
    task.node = this.call(task, this.procedures.refill_freelist)
    const frame = yield* this.reclaim.take(task, FrameUse.buffers, false)
    if (frame !== noFrame) this.buffers.addPage(frame, task)
    else {
      this.wakeBdflush()
      if (task !== this.bdflush) {
        this.bdflushDone.add(task)
        this.dispatcher.prepareToSleep(task, TaskState.uninterruptible)
        yield Op.sleep
        this.bdflushDone.remove(task)
      }
    }
    task.node = node
  }

  /**
   * bread() where it need not wait. When it must, the result is not a buffer: hand it to `breadRest`, which goes
   * on from there.
   */
  breadNow(task: Task, block: number): number {
    const buffer = this.getblkNow(task, block)
    if (buffer === noBuffer || this.buffers.has(buffer, BufferBit.uptodate)) return buffer
    return -2 - buffer
  }

  /** The rest of a bread() that `breadNow` could not finish. */
  *breadRest(task: Task, block: number, unfinished: number): Path<number> {
    const buffer = unfinished === noBuffer ? yield* this.getblk(task, block) : -2 - unfinished
    if (!this.buffers.has(buffer, BufferBit.uptodate)) yield* this.readBuffer(task, buffer)
    return buffer
  }

  /** bread(): the buffer of a block, read from disk unless it is up to date. */
  *bread(task: Task, block: number): Path<number> {
    const buffer = this.breadNow(task, block)
    return buffer >= 0 ? buffer : yield* this.breadRest(task, block, buffer)
  }

  /** ll_rw_block(READ) and wait. */
  *readBuffer(task: Task, buffer: number): Path {
    const node = task.node
    task.node = this.call(task, this.procedures.bread)
    const { buffers } = this
    if (!buffers.has(buffer, BufferBit.locked)) {
      buffers.lock(buffer, task)
      if (!this.submitBufferNow(task, buffer, false)) yield* this.submitBuffer(task, buffer, false)
    }
    yield* this.waitOnBuffer(task, buffer)
    task.node = node
  }

  private submitBufferNow(task: Task, buffer: number, write: boolean): boolean {
    const sector = this.buffers.blockOf(buffer) * sectorsPerBuffer
    return this.disk.submitNow(task, write, sector, sectorsPerBuffer, buffer, this.bufferDone)
  }

  private submitBuffer(task: Task, buffer: number, write: boolean): Path {
    const sector = this.buffers.blockOf(buffer) * sectorsPerBuffer
    return this.disk.submit(task, write, sector, sectorsPerBuffer, buffer, this.bufferDone)
  }

  private readonly bufferDone = (buffer: number): number => {
    this.buffers.unlock(buffer)
    const waiters = this.buffers.takeWaiters(buffer)
    return waiters ? this.dispatcher.wakeAllFromInterrupt(waiters) : 0
  };

  *waitOnBuffer(task: Task, buffer: number): Path {
    while (this.buffers.has(buffer, BufferBit.locked)) {
      const queue = this.buffers.waitersOf(buffer)
      queue.add(task)
      this.dispatcher.prepareToSleep(task, TaskState.uninterruptible)
      yield Op.sleep
      queue.remove(task)
    }
  }

  // Pages.

  beginPage(frame: number): void {
    this.frames.lock(frame)
    this.pendingBlocks[frame] = 1
  }

  /** One block of a locked page is read. */
  *submitPageBlock(task: Task, frame: number, block: number): Path {
    this.pendingBlocks[frame]++
    const sector = block * sectorsPerBuffer
    yield* this.disk.submit(task, false, sector, sectorsPerBuffer, frame, this.pageBlockDone)
  }

  private readonly pageBlockDone = (frame: number): number => this.endPage(frame)

  /** One block less to wait for; the last one unlocks the page. Returns cycles for wake-ups. */
  endPage(frame: number): number {
    if (--this.pendingBlocks[frame] > 0) return 0
    this.frames.unlock(frame)
    const waiters = this.pages.takeWaiters(frame)
    return waiters ? this.dispatcher.wakeAllFromInterrupt(waiters) : 0
  }

  *waitOnPage(task: Task, frame: number): Path {
    while (this.frames.isLocked(frame)) {
      const queue = this.pages.waitersOf(frame)
      queue.add(task)
      this.dispatcher.prepareToSleep(task, TaskState.uninterruptible)
      yield Op.sleep
      queue.remove(task)
    }
  }

  // Daemons.

  private wakeBdflush(times = 1): void {
    this.wakeFromAnywhere(this.bdflushWait, times)
  }

  /** bdflush: writes up to 500 dirty buffers when woken, again while too many are dirty. */
  private *runBdflush(task: Task): Path {
    const { buffers } = this
    for (;;) {
      task.lockDepth = 1
      yield Op.lock
      const written = yield* this.flush(task, buffersPerPass, Infinity)
      task.lockDepth = 0
      yield Op.unlock
      this.dispatcher.wakeAll(this.bdflushDone, task)
      const tooMany = buffers.length[BufferList.dirty] > buffers.buffers * dirtyShare
      if (tooMany && written > 0) continue
      yield* this.sleepUntilWoken(task, this.bdflushWait, kupdateInterval)
    }
  }

  /** Writes dirty buffers that are due at `due` jiffies, at most `most`. Returns how many. */
  private *flush(task: Task, most: number, due: number): Path<number> {
    const { buffers } = this
    let written = 0
    let left = buffers.length[BufferList.dirty]
    let buffer = buffers.head[BufferList.dirty]
    while (buffer !== noBuffer && left-- > 0 && written < most) {
      task.charge(cost.bufferStep)
      const next = buffers.after(buffer)
      if (buffers.has(buffer, BufferBit.dirty) && !buffers.has(buffer, BufferBit.locked)) {
        if (buffers.dueOf(buffer) <= due) {
          written++
          // The use keeps the buffer while this task waits for a request.
          buffers.hold(buffer)
          buffers.beginWrite(buffer, task)
          if (!this.submitBufferNow(task, buffer, true))
            yield* this.submitBuffer(task, buffer, true)
          buffers.unhold(buffer)
        }
      }
      // The list may have changed while this task slept.
      buffer =
        next !== noBuffer && buffers.listOf(next) !== BufferList.dirty
          ? buffers.head[BufferList.dirty]
          : next
    }
    return written
  }

  /** kupdate: every 5 s, writes inodes to their blocks and the buffers that have become old enough. */
  private *runKupdate(task: Task): Path {
    const queue = new WaitQueue()
    for (;;) {
      yield* this.sleepUntilWoken(task, queue, kupdateInterval)
      task.lockDepth = 1
      yield Op.lock
      const node = task.node
      task.node = this.call(task, this.procedures.sync_inodes)
      for (const inode of [...this.fs.dirtyInodes]) {
        if (inode.dirty && inode.links > 0) yield* this.fs.writeInode(task, inode)
      }
      task.node = this.call(task, this.procedures.sync_old_buffers)
      yield* this.flush(task, Infinity, this.jiffies)
      task.node = node
      task.lockDepth = 0
      yield Op.unlock
    }
  }

  /** kswapd: once a second, or when a page was asked for and few were left, frees until there are enough. */
  private *runKswapd(task: Task): Path {
    const { frames, reclaim } = this
    task.freeing = true
    for (;;) {
      yield* this.sleepUntilWoken(task, reclaim.kswapdWait, kswapdInterval)
      if (frames.free >= frames.low) continue
      task.lockDepth = 1
      yield Op.lock
      while (frames.free < frames.high) {
        const freed = yield* reclaim.tryToFreePages(task, true)
        if (!freed) break
        // need_resched: the daemon lets others run between its turns, without the lock.
        task.lockDepth = 0
        yield Op.unlock
        yield Op.yield
        task.lockDepth = 1
        yield Op.lock
      }
      task.lockDepth = 0
      yield Op.unlock
    }
  }

  runQueueSnapshot(scanMicroseconds: number): RunQueueSnapshot {
    const { scheduler, cpus } = this.dispatcher
    return {
      kind: 'run-queue',
      cpus: cpus.length,
      scanMicroseconds,
      entries: scheduler.queue().map((task) => ({
        pid: task.pid,
        command: task.command,
        goodness: scheduler.goodness(task, task.processor, cpus[task.processor].space),
        counter: scheduler.counterOf(task),
        runningOn: scheduler.hasCpu(task) ? task.processor : -1,
        warm: task.footprint < 0 ? 0 : this.cache.warm(task.processor, task.footprint),
      })),
    }
  }
}
