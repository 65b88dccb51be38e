/**
 * Block layer of Linux 2.2 (ll_rw_blk.c): one queue of at most 64 requests, writes may take two
 * thirds of them; neighbours are merged up to 122 KB; the elevator sorts one way, and reads go
 * before writes. The queue is plugged until the code that fills it has run, so that what is asked
 * for together is merged. One request at a time is at the drive: tagged queueing is left out.
 */
import type { HandlerId } from '../../engine/engine'
import type { DiskDrive } from '../../machine/disk'
import { Mode } from '../../observe/call-tree'
import type { DiskQueueSnapshot, DiskRequest } from '../../observe/structures'
import type { Cycles } from '../../units/cycles'
import { nanoseconds } from '../../units/time'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import { Edges } from './edges'

/** NR_REQUEST and MAX_SECTORS of 2.2. */
const requests = 64
const requestsForWrites = Math.floor((requests * 2) / 3)
const maxSectors = 244

/** What is told when the sectors of a request have been transferred: a buffer or a page. */
export type Completion = (item: number) => Cycles

interface Request {
  write: boolean
  sector: number
  sectors: number
  queuedAt: number
  /**
   * Items and what to call for each, in order: returns the cycles that it took in the interrupt.
   */
  items: number[]
  completions: Completion[]
}

/** Bytes of a sector, in which the drive counts. */
export const sectorBytes = 512

export class BlockLayer {
  private readonly queue: Request[] = []
  /** First sector of each, and the one behind its last: what the elevator compares. */
  private readonly begins = new Int32Array(requests)
  private readonly ends = new Int32Array(requests)
  private readonly edges = new Edges()
  /** The place of the request that something has joined last, or that was made last. */
  private recent = -1
  private inService: Request | undefined
  private readonly slotWaiters = new WaitQueue()
  private plugged = false
  private readonly unplug: HandlerId
  private readonly done: HandlerId
  private readonly interruptStack: number
  reads = 0
  writes = 0
  /** Sectors of 512 bytes. */
  sectorsRead = 0
  sectorsWritten = 0
  private servedNs = 0
  private serviceBegan = NaN
  private halted = false

  constructor(
    private readonly base: KernelBase,
    readonly drive: DiskDrive,
  ) {
    const { engine, tree } = base
    this.unplug = engine.handler('unplug disk queue', () => this.onUnplug())
    this.done = engine.handler('disk done', () => this.onDone())
    this.interruptStack = tree.call(0, tree.declareKernel('aic7xxx_isr', Mode.interrupt))
  }

  /**
   * make_request() where a request is free or the item joins a neighbour: queues it. False, nothing
   * done, when the task has to wait for a request. `sector` and `sectors` in units of 512 bytes.
   */
  private submitNow(
    task: Task,
    write: boolean,
    sector: number,
    sectors: number,
    item: number,
    completion: Completion,
  ): boolean {
    const { queue, begins, ends } = this
    const { cost } = this.base
    const { length } = queue
    const end = sector + sectors
    for (let at = this.firstPlace(sector, end); at < length; at++) {
      if (ends[at] !== sector && begins[at] !== end) continue
      const request = queue[at]
      if (request.write !== write || request.sectors + sectors > maxSectors) continue
      if (ends[at] === sector) {
        request.items.push(item)
        request.completions.push(completion)
      } else {
        request.items.unshift(item)
        request.completions.unshift(completion)
        request.sector = sector
      }
      request.sectors += sectors
      this.edges.remove(begins[at], ends[at])
      this.place(at, request)
      task.charge(cost.makeRequest + (at + 1) * cost.elevatorStep)
      return true
    }
    if (this.isFull(write)) return false
    task.charge(cost.makeRequest + queue.length * cost.elevatorStep)
    this.insert({
      write,
      sector,
      sectors,
      queuedAt: this.base.engine.now,
      items: [item],
      completions: [completion],
    })
    if (!this.inService && !this.plugged) {
      this.plugged = true
      this.base.engine.at(this.base.engine.now, this.unplug, 0)
    }
    return true
  }

  /** The first place at which a neighbour can be; the queue's length when there is none. */
  private firstPlace(sector: number, end: number): number {
    const { begins, ends, recent } = this
    const neighbours = this.edges.neighbours(sector, end)
    if (neighbours === 0) return this.queue.length
    const isRecent = recent >= 0 && (ends[recent] === sector || begins[recent] === end)
    return isRecent && neighbours === 1 ? recent : 0
  }

  /** make_request(): as `submitNow`, sleeping while all requests are taken. */
  *submit(
    task: Task,
    write: boolean,
    sector: number,
    sectors: number,
    item: number,
    completion: Completion,
  ): Path {
    while (!this.submitNow(task, write, sector, sectors, item, completion)) {
      task.charge(this.queue.length * this.base.cost.elevatorStep)
      yield* this.base.driven(task, this.waitForRequest(task, write))
    }
  }

  /** Everyone who waits is woken whenever a request has become free; the first to run takes it. */
  private *waitForRequest(task: Task, write: boolean): Path {
    do {
      yield* this.base.dispatcher.sleepOn(task, this.slotWaiters, TaskState.uninterruptible)
      task.charge(this.base.cost.getRequest)
    } while (this.isFull(write))
  }

  private isFull(write: boolean): boolean {
    return this.queue.length >= (write ? requestsForWrites : requests)
  }

  /**
   * add_request(): between two that it fits, or where the elevator turns back if it fits either end
   * there.
   */
  private insert(request: Request): void {
    const { queue } = this
    let before: Request | undefined = this.inService
    let at = 0
    for (; at < queue.length; at++) {
      const following = queue[at]
      const afterCurrent = before === undefined || inOrder(before, request)
      const beforeNext = inOrder(request, following)
      const turnsBack = before !== undefined && !inOrder(before, following)
      if (turnsBack ? afterCurrent || beforeNext : afterCurrent && beforeNext) break
      before = following
    }
    queue.splice(at, 0, request)
    this.begins.copyWithin(at + 1, at, requests)
    this.ends.copyWithin(at + 1, at, requests)
    this.place(at, request)
  }

  private place(at: number, request: Request): void {
    const end = request.sector + request.sectors
    this.begins[at] = request.sector
    this.ends[at] = end
    this.edges.add(request.sector, end)
    this.recent = at
  }

  private onUnplug(): void {
    this.plugged = false
    if (!this.inService && !this.halted) this.serve()
  }

  private serve(): void {
    const request = this.queue.shift()
    this.inService = request
    if (!request) return
    this.edges.remove(this.begins[0], this.ends[0])
    this.begins.copyWithin(0, 1)
    this.ends.copyWithin(0, 1)
    this.recent--
    const { now } = this.base.engine
    const { totalNs } = this.drive.service(now, request.write, request.sector, request.sectors)
    this.serviceBegan = now
    this.base.tree.trace?.disk(now, totalNs, request.write, request.sector, request.sectors)
    this.base.engine.after(nanoseconds(totalNs), this.done, 0)
  }

  /** The machine is switched off: what was queued is lost. */
  halt(): void {
    this.halted = true
  }

  private onDone(): void {
    if (this.halted) return
    const request = this.inService
    if (!request) throw new Error('the disk finished nothing')
    this.inService = undefined
    this.servedNs += this.base.engine.now - this.serviceBegan
    if (request.write) {
      this.writes++
      this.sectorsWritten += request.sectors
    } else {
      this.reads++
      this.sectorsRead += request.sectors
    }
    const { cost, dispatcher } = this.base
    const cpu = dispatcher.interrupt(this.interruptStack, cost.diskInterrupt)
    let cycles: Cycles = 0
    for (let index = 0; index < request.items.length; index++) {
      cycles += cost.endBuffer + request.completions[index](request.items[index])
    }
    cycles += dispatcher.wakeUp(this.slotWaiters)
    this.base.interrupts++
    dispatcher.interruptCpu(cpu, this.interruptStack, cycles)
    this.serve()
  }

  /** Time with a request in service, the one under way counted up to now. */
  get busyNs(): number {
    return this.servedNs + (this.inService ? this.base.engine.now - this.serviceBegan : 0)
  }

  /** Requests waiting or in service. */
  get queued(): number {
    return this.queue.length + (this.inService ? 1 : 0)
  }

  snapshot(): DiskQueueSnapshot {
    const { now } = this.base.engine
    const drawn = (request: Request): DiskRequest => ({
      operation: request.write ? 'write' : 'read',
      sector: request.sector,
      sectors: request.sectors,
      cylinder: this.drive.cylinderOf(request.sector),
      waitedMs: (now - request.queuedAt) / 1e6,
    })
    return {
      kind: 'disk-queue',
      cylinders: this.drive.geometry.cylinders,
      headCylinder: this.drive.headCylinderAt(now),
      phase: this.inService ? this.drive.phaseAt(now) : 'idle',
      inService: this.inService && drawn(this.inService),
      queue: this.queue.map(drawn),
    }
  }
}

/** IN_ORDER of 2.2: reads before writes, then by sector. */
function inOrder(first: Request, second: Request): boolean {
  if (first.write !== second.write) return !first.write
  return first.sector < second.sector
}
