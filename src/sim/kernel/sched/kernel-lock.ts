/**
 * The big kernel lock: one spin lock over most of the kernel, held through system calls and dropped
 * while its holder sleeps. A CPU that finds it taken spins, and its cycles go to `stext_lock`,
 * where profilers of the time showed them. Spinning CPUs get it in the order in which they came
 * (real ones race).
 */
import { Fifo } from '../../engine/fifo'
import type { Costs } from '../../machine/core'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import { TraceLock } from '../../observe/trace'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { CpuAccounts } from './cpu-accounts'
import type { Task } from './task'

/** What the lock sees of the dispatcher. */
interface LockCpus extends Pick<CpuAccounts, 'tree'> {
  /** The lock goes to a CPU that was spinning for it. */
  grant(cpu: Cpu): void
}

export class KernelLock {
  holder: Cpu | undefined
  private lastHolder: Cpu | undefined
  private readonly waiters = new Fifo<Cpu>()
  private readonly spinProcedure: number
  acquisitions = 0
  contended = 0
  /** When the holder got it, in cycles, and what it had waited for it before. */
  private takenAt: Cycles = 0
  private waited: Cycles = 0

  constructor(
    private readonly dispatcher: LockCpus,
    private readonly cost: Costs,
  ) {
    this.spinProcedure = dispatcher.tree.declareKernel('stext_lock', Mode.spin)
  }

  /** Takes the lock for the CPU's task; false when the CPU has to spin for it. */
  acquire(cpu: Cpu, task: Task): boolean {
    this.acquisitions++
    if (this.holder === undefined) {
      const { cost } = this
      task.charge(this.lastHolder === cpu ? cost.spinLock : cost.spinLock + cost.lineTransfer)
      this.holder = cpu
      this.takenAt = cpu.clock
      this.waited = 0
      return true
    }
    this.contended++
    this.waiters.push(cpu)
    cpu.spinsFrom = cpu.clock
    cpu.spinning = true
    return false
  }

  release(cpu: Cpu): void {
    if (this.holder !== cpu) throw new Error(`CPU ${cpu.id} drops a lock that it does not hold`)
    if (this.dispatcher.tree.trace !== undefined) this.traceHold(cpu)
    this.lastHolder = cpu
    this.holder = undefined
    const next = this.waiters.shift()
    if (next === undefined) return
    this.holder = next
    this.dispatcher.grant(next)
    this.takenAt = next.clock
    this.waited = next.clock - next.spinsFrom
  }

  private traceHold(cpu: Cpu): void {
    const { trace } = this.dispatcher.tree
    const { takenAt, waited } = this
    const pid = cpu.current?.pid ?? -1
    trace?.held(cpu.id, takenAt, cpu.clock - takenAt, TraceLock.kernel, pid, waited)
  }

  /** Stack of a CPU that spins: below whatever called lock_kernel(). */
  spinStack(cpu: Cpu): StackNode {
    return this.dispatcher.tree.call(cpu.current?.node ?? 0, this.spinProcedure)
  }
}

/** Of a kernel that has no such lock: taking it is no work, and nobody waits. */
export class NoKernelLock extends KernelLock {
  override acquire(): boolean {
    return true
  }

  override release(): void {}
}
