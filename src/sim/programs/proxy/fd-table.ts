/**
 * Squid's event loop (src/comm.c of February 1997, between 1.1.6 and 1.1.8; the text has 1.1.11).
 * comm_select goes through fd_table for who waits, asks the kernel, and calls the handlers of what
 * is ready, each of which is off before it is called. The accept socket is asked by itself before
 * and after each handler (comm_select_incoming). Timeouts are looked at once a second. While fewer
 * than 64 descriptors are free nobody is accepted.
 * Left out: ICP sockets, signals, stall_until.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { Readiness } from '../../kernel/fs/files'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import { cyclesOf } from '../../machine/core'
import type { ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { EventSource } from '../events/event-source'

/** RESERVED_FD. */
const reservedDescriptors = 64
/** poll_time: a second. */
const waitNs = 1e9
/**
 * One entry of fd_table in the loop that makes the sets: its address thrice (232 is no power of
 * two, and a store through a pointer has the table's loaded again), three fields and the clock
 * compared, FD_SET, the count: 29 instructions, of which five loads are waited for. One in the
 * loops of checkTimeouts and checkLifetimes together; calling a handler, with its debug() calls;
 * comm_select_incoming around its call. Cycles (assumed: instructions, one a cycle in order).
 */
const gatherStep = 34
const timeoutStep = 12
const callHandler = 150
const incoming = 80
/**
 * An entry has 232 bytes with pointers of 8; the loop that makes the sets reads two lines of it,
 * the same ones each time, and the timeouts one of them.
 */
const gatheredLines = 2

export type Handler = (task: Task, descriptor: Descriptor) => Path

class Entry {
  reads: Handler | undefined
  writes: Handler | undefined
  /** When `timedOut` is called, ns. */
  expires = Infinity
  timedOut: Handler | undefined
  /** What the event source has been told. */
  told = 0
  isDirty = false
}

/** What the loop is doing, as the profiler names it. */
export const loopProcedures = ['comm_select', 'comm_select_incoming', 'checkTimeouts'] as const

export class FdTable {
  private readonly entries: (Entry | undefined)[] = []
  private readonly dirty: Descriptor[] = []
  private readonly procedures: Readonly<Record<(typeof loopProcedures)[number], ProcedureId>>
  private readonly footprint: number
  /** Cycles until a line of the table comes from the last level of cache. */
  private readonly lineCycles: number
  private listening: Descriptor = -1
  private accepts: Handler | undefined
  private lastSecond = 0
  private eachSecond: ((task: Task) => Path) | undefined
  private ended = false
  open = 0
  private biggest = -1

  constructor(
    private readonly kernel: Kernel,
    image: string,
    private readonly events: EventSource,
    /** The accept socket alone. */
    private readonly incomingEvents: EventSource,
    private readonly counts: { loops: number; events: number },
  ) {
    const { tree, machine, cache } = kernel
    const entries = loopProcedures.map(
      (name) => [name, tree.declare(image, name, Mode.user)] as const,
    )
    this.procedures = Object.fromEntries(entries) as typeof this.procedures
    this.footprint = cache.create(0)
    // Between two walks the kernel goes through more than the levels nearer to the core hold.
    this.lineCycles = cyclesOf(machine.l2HitNs, machine.clockMHz)
  }

  /** Descriptors that the process may have. */
  private get limit(): number {
    return this.kernel.descriptors.tables.perProcess
  }

  private get hasFree(): boolean {
    return this.limit - this.open - 3 >= reservedDescriptors
  }

  /** A descriptor that has been opened. */
  add(descriptor: Descriptor): void {
    this.entries[descriptor] = new Entry()
    this.open++
    if (descriptor > this.biggest) {
      this.biggest = descriptor
      this.resize()
    }
  }

  private resize(): void {
    const { cache } = this.kernel
    cache.resize(this.footprint, (this.biggest + 1) * gatheredLines * cache.lineBytes)
  }

  has(descriptor: Descriptor): boolean {
    return this.entries[descriptor] !== undefined
  }

  /** The socket whose readiness is a connection to accept. */
  *listen(task: Task, descriptor: Descriptor, accepts: Handler): Path {
    this.add(descriptor)
    this.listening = descriptor
    this.accepts = accepts
    const rest = this.incomingEvents.add(task, descriptor, Readiness.readable)
    if (rest) yield* rest
  }

  onReadable(descriptor: Descriptor, handler: Handler | undefined): void {
    this.change(descriptor, (entry) => (entry.reads = handler))
  }

  onWritable(descriptor: Descriptor, handler: Handler | undefined): void {
    this.change(descriptor, (entry) => (entry.writes = handler))
  }

  /** Calls the handler when so much time has passed, ns, unless this is called again. */
  onTimeout(descriptor: Descriptor, ns: number, handler: Handler): void {
    const entry = this.entries[descriptor]
    if (!entry) return
    entry.expires = this.kernel.base.now + ns
    entry.timedOut = handler
  }

  /** What is to be done once a second (eventAdd). */
  everySecond(handler: (task: Task) => Path): void {
    this.eachSecond = handler
  }

  private change(descriptor: Descriptor, set: (entry: Entry) => void): void {
    const entry = this.entries[descriptor]
    if (!entry) return
    set(entry)
    if (entry.isDirty) return
    entry.isDirty = true
    this.dirty.push(descriptor)
  }

  /** comm_close() and file_close(). */
  *close(task: Task, descriptor: Descriptor): Path {
    const entry = this.entries[descriptor]
    if (!entry) return
    const rest = entry.told === 0 ? undefined : this.events.remove(task, descriptor)
    if (rest) yield* rest
    this.entries[descriptor] = undefined
    this.open--
    if (descriptor === this.biggest) {
      while (this.biggest >= 0 && !this.entries[this.biggest]) this.biggest--
      this.resize()
    }
    yield* this.kernel.calls.close(task, descriptor)
  }

  /** Goes round until the kernel refuses to wait. */
  *run(task: Task): Path {
    const { kernel, procedures, events } = this
    const { node } = task
    while (!this.ended) {
      task.node = kernel.tree.call(node, procedures.comm_select)
      kernel.timer.timeOfDay(task)
      yield* this.gather(task)
      const found = yield* events.ask(task, waitNs)
      const collecting = events.collect(task, found)
      if (collecting) yield* collecting
      const second = Math.floor(kernel.timer.timeOfDay(task) / 1e9)
      if (found < 0) break
      this.counts.loops++
      this.counts.events += found
      if (second > this.lastSecond) {
        this.lastSecond = second
        yield* this.checkTimeouts(task)
        if (this.eachSecond) yield* this.eachSecond(task)
      }
      if (found > 0) yield* this.callHandlers(task)
    }
    task.node = node
  }

  /** The sets of who waits for what. */
  private *gather(task: Task): Path {
    const { kernel, entries, dirty } = this
    const count = this.biggest + 1
    const perEntry = gatherStep + gatheredLines * this.lineCycles
    const misses = kernel.cache.use(task.processor, this.footprint) * kernel.base.missCycles
    yield* kernel.processes.goThrough(task, Math.round(count * perEntry + misses))
    for (const descriptor of dirty) {
      const entry = entries[descriptor]
      if (!entry) continue
      entry.isDirty = false
      const rest = this.tell(task, descriptor, entry)
      if (rest) yield* rest
    }
    while (dirty.length > 0) dirty.pop()
    const listening = entries[this.listening]
    if (!listening) return
    // Told by each call, as whether it is asked depends on how many are free.
    listening.reads = this.hasFree ? this.accepts : undefined
    const rest = this.tell(task, this.listening, listening)
    if (rest) yield* rest
  }

  private tell(task: Task, descriptor: Descriptor, entry: Entry): Path | undefined {
    const interest =
      (entry.reads ? Readiness.readable : 0) | (entry.writes ? Readiness.writable : 0)
    const { told } = entry
    if (interest === told) return undefined
    entry.told = interest
    const { events } = this
    if (interest === 0) return events.remove(task, descriptor)
    return told === 0
      ? events.add(task, descriptor, interest)
      : events.change(task, descriptor, interest)
  }

  private *callHandlers(task: Task): Path {
    const { kernel } = this
    for (const { descriptor, ready } of this.events.ready) {
      yield* this.selectIncoming(task)
      if (descriptor === this.listening) continue
      const reads = (ready & Readiness.readable) !== 0 && this.entries[descriptor]?.reads
      if (reads) {
        this.onReadable(descriptor, undefined)
        yield* kernel.processes.goThrough(task, callHandler)
        yield* reads(task, descriptor)
        yield* this.selectIncoming(task)
      }
      const writes = (ready & Readiness.writable) !== 0 && this.entries[descriptor]?.writes
      if (writes) {
        this.onWritable(descriptor, undefined)
        yield* kernel.processes.goThrough(task, callHandler)
        yield* writes(task, descriptor)
        yield* this.selectIncoming(task)
      }
    }
  }

  /** comm_select_incoming(). */
  private *selectIncoming(task: Task): Path {
    const { kernel, accepts, incomingEvents } = this
    if (!accepts || !this.hasFree) return
    const { node } = task
    task.node = kernel.tree.call(node, this.procedures.comm_select_incoming)
    yield* kernel.processes.goThrough(task, incoming)
    const found = yield* incomingEvents.ask(task, 0)
    const collecting = incomingEvents.collect(task, found)
    if (collecting) yield* collecting
    if (found > 0) {
      kernel.timer.timeOfDay(task)
      yield* accepts(task, this.listening)
    }
    task.node = node
  }

  /** checkTimeouts() and checkLifetimes(): every entry that the table has room for. */
  private *checkTimeouts(task: Task): Path {
    const { kernel, entries } = this
    const { node } = task
    task.node = kernel.tree.call(node, this.procedures.checkTimeouts)
    const perEntry = timeoutStep + this.lineCycles
    yield* kernel.processes.goThrough(task, Math.round(this.limit * perEntry))
    const { now } = kernel.base
    for (let descriptor = 0; descriptor < entries.length; descriptor++) {
      const entry = entries[descriptor]
      if (!entry || entry.expires > now) continue
      entry.expires = Infinity
      if (entry.timedOut) yield* entry.timedOut(task, descriptor)
    }
    task.node = node
  }

  /** The process ends. */
  end(): void {
    this.ended = true
    this.kernel.cache.release(this.footprint)
  }
}
