/**
 * select of Digital UNIX 4.0 (Banga & Mogul, USENIX 1998): do_scan calls selscan, which finds the
 * bits of each word and calls soo_select for each; a socket that is not ready gets the thread's
 * record on its select queue, whatever else is ready (select_enqueue(9r)). undo_scan goes the same
 * way and calls each again, which then takes the record off (select_dequeue(9r)): after a wake-up,
 * before the set is scanned again, and when the call ends. As in 4.3BSD a socket has a queue for
 * reading and one for writing.
 */
import type { ProcedureId, StackNode } from '../../../observe/call-tree'
import { Mode } from '../../../observe/call-tree'
import type { Cycles } from '../../../units/cycles'
import type { KernelBase } from '../../sched/base'
import type { Task } from '../../sched/task'
import type { SelectPath } from './select-path'
import type { WatchSet } from './watch-set'
import type { Watch } from './watchers'

/** Bits of a word on Alpha. */
const wordBits = 64
/**
 * What asking a socket for reading goes through, in lines of 64 bytes: its struct file, and two
 * lines of its struct socket, one with state, queue and error, one with the receive buffer and
 * its select queue (4.4BSD of 1992 with pointers of 8 bytes); and of lines that are shared the
 * thread's record, 32 bytes, and its entry of the array of files (assumed).
 */
const bytesPerSocket = (1 + 2) * 64 + 32 + 8

export class DigitalUnixSelectPath implements SelectPath {
  readonly everyScanQueues = true
  private readonly doScan: ProcedureId
  private readonly selscan: ProcedureId
  private readonly sooSelect: ProcedureId
  private readonly undoScan: ProcedureId

  constructor(private readonly base: KernelBase) {
    const { tree } = base
    this.doScan = tree.declareKernel('do_scan', Mode.system)
    this.selscan = tree.declareKernel('selscan', Mode.system)
    this.sooSelect = tree.declareKernel('soo_select', Mode.system)
    this.undoScan = tree.declareKernel('undo_scan', Mode.system)
  }

  wakes({ file, interest }: Watch): boolean {
    return (file.poll() & interest) !== 0
  }

  /** Of what a scan goes through, the board cache has what nothing else has taken the place of. */
  missesOfAll(task: Task, set: WatchSet): Cycles {
    const { cache, missCycles } = this.base
    return cache.use(task.processor, set.footprintIn(cache, bytesPerSocket)) * missCycles
  }

  look(task: Task, bits: number, selected: number, misses: Cycles): void {
    const { tree } = this.base
    const { node } = task
    this.ask(task, tree.call(node, this.doScan), bits, selected, misses)
    task.node = node
  }

  /** Each selected socket is called, from one of the two scans. Leaves the task in soo_select. */
  private ask(task: Task, scan: StackNode, bits: number, selected: number, misses: Cycles): void {
    const { tree, cost } = this.base
    task.node = tree.call(scan, this.selscan)
    task.charge(Math.ceil(bits / wordBits) * cost.bitmapWord + selected * cost.selectBit)
    task.node = tree.call(task.node, this.sooSelect)
    task.charge(selected * cost.pollDescriptor + Math.round(misses))
  }

  register(task: Task, set: WatchSet, entries: number): void {
    const { tree, cost } = this.base
    const { node } = task
    const scan = tree.call(tree.call(node, this.doScan), this.selscan)
    task.node = tree.call(scan, this.sooSelect)
    task.charge(entries * cost.selectQueue)
    task.node = node
    set.registered += entries
  }

  woken(task: Task, set: WatchSet): void {
    const { tree, cost } = this.base
    const { node } = task
    this.ask(task, tree.call(node, this.undoScan), set.width, set.size, this.missesOfAll(task, set))
    task.charge(set.registered * cost.selectUnqueue)
    set.registered = 0
    set.registeredBelow = 0
    task.node = node
  }

  leave(task: Task, set: WatchSet): void {
    if (set.registered > 0) this.woken(task, set)
  }
}
