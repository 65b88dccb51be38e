/**
 * The lock of the run queue. CPUs that find it taken spin and read its line. When it is dropped
 * each of them reads the line anew, finds it free, and tries, which takes the line from the one
 * before: two transfers for each that spins (spin_lock_string, asm-i386/spinlock.h of 2.2.1). There
 * are two locks in one line, runqueue_lock within scheduler_lock: who has got the one wants the
 * other at once, so it waits until all have tried (assumed); its further locked instructions find
 * the line with those that spin. CPUs get it in the order in which they come.
 */
import type { Costs } from '../../machine/core'
import type { StackNode } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import { TraceLock } from '../../observe/trace'
import type { Cycles } from '../../units/cycles'
import type { Cpu } from './cpu'
import type { CpuAccounts } from './cpu-accounts'

/** Locking and unlocking scheduler_lock and runqueue_lock. */
const lockedInstructions = 4
/** Transfers of the line for each CPU that spins: reading it, and trying. */
const transfersEach = 2

export class RunQueueLock {
  /** When it is free again, in cycles. */
  private freeAt: Cycles = 0
  private heldLast = -1
  /** When who has it got it, in cycles, and what it had waited for it before. */
  private takenAt: Cycles = 0
  private waited: Cycles = 0
  /** By CPU: until when it spins for the lock or has it. */
  private readonly busyUntil: Float64Array
  private readonly spinProcedure: number

  constructor(
    private readonly accounts: Pick<CpuAccounts, 'tree' | 'chargeCpu'>,
    cpus: number,
    private readonly cost: Pick<Costs, 'spinLock' | 'lineTransfer'>,
  ) {
    this.busyUntil = new Float64Array(cpus)
    this.spinProcedure = accounts.tree.declareKernel('schedule.text.lock', Mode.spin)
  }

  /**
   * The CPU spins until it has the lock. Returns the cycles of locking and unlocking, which the
   * caller charges while it has it.
   */
  take(cpu: Cpu, stack: StackNode): Cycles {
    const { accounts, cost, busyUntil } = this
    const began = cpu.clock
    let spinning = 0
    for (let other = 0; other < busyUntil.length; other++) if (busyUntil[other] > began) spinning++
    if (this.freeAt > began) {
      const spin = accounts.tree.call(stack, this.spinProcedure)
      accounts.chargeCpu(cpu, spin, this.freeAt - began)
    }
    this.takenAt = cpu.clock
    this.waited = cpu.clock - began
    const transfers =
      (this.heldLast === cpu.id ? 0 : 1) +
      (spinning > 0 ? transfersEach * spinning + lockedInstructions - 1 : 0)
    this.heldLast = cpu.id
    return lockedInstructions * cost.spinLock + transfers * cost.lineTransfer
  }

  /** The CPU has worked off what it had the lock for. */
  drop(cpu: Cpu): void {
    if (this.accounts.tree.trace !== undefined) this.traceHold(cpu)
    this.freeAt = cpu.clock
    this.busyUntil[cpu.id] = cpu.clock
  }

  private traceHold(cpu: Cpu): void {
    const { takenAt, waited } = this
    const pid = cpu.current?.pid ?? -1
    const { trace } = this.accounts.tree
    trace?.held(cpu.id, takenAt, cpu.clock - takenAt, TraceLock.runQueue, pid, waited)
  }

  /** wake_up_process() takes and drops runqueue_lock, which no walk holds. Cycles for its line. */
  touch(cpu: number): Cycles {
    const isElsewhere = this.heldLast !== cpu
    this.heldLast = cpu
    return isElsewhere ? this.cost.lineTransfer : 0
  }
}
