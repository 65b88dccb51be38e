/** A workload: programs on a server and the load that is put on them each time the server boots. */
import type { Engine } from '../engine/engine'
import type { Kernel } from '../kernel/kernel'
import type { CounterKind } from '../observe/counters'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import type { WorkObserver } from '../observe/work-observer'
import type { Parameter } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'

export interface WorkloadContext {
  readonly engine: Engine
  readonly settings: Settings
  /** What a kernel switch stands at: a fix wins over a fault, a fault over the setting. */
  readonly switchOf: (path: string) => string
  /** How strong a fault is now, 0-1. */
  readonly intensityOf: (fault: string) => number
  readonly work: WorkObserver
}

/** A workload on one server, across reboots. */
export interface WorkloadRun {
  /** Puts the load on a machine that has just started. */
  boot(kernel: Kernel): void
  /** The machine is about to be switched off. */
  halt?(): void
  /** A setting, a fault or a fix has changed. */
  applySettings?(): void
  /**
   * A structure that belongs to the load's own part of the kernel; undefined when it has none of
   * that kind.
   */
  snapshot?(kind: StructureKind): StructureSnapshot | undefined
}

/**
 * A counter that only this workload has. Read from the run, since its last boot: what earlier boots
 * came to is kept for it.
 */
export interface WorkloadCounter<Run extends WorkloadRun> {
  readonly id: string
  readonly unit: string
  readonly kind: CounterKind
  readonly help: string
  /** Of the machine: of several workloads with it the first one has it. */
  readonly shared?: boolean
  read(run: Run): number
}

export interface Workload<Run extends WorkloadRun = WorkloadRun> {
  readonly id: string
  readonly parameters: readonly Parameter[]
  /** Path of the number that says how much of it there is; 0: it is not there. */
  readonly presence: string
  /** Path of the port that it listens on, if it listens on one. */
  readonly port?: string
  /** What of Linux it needs that no other kernel has, as people know it. */
  readonly onlyLinux?: string
  /** What is counted as work: `scripts`, `requests`. */
  readonly unit: string
  /** Whether work comes in rounds. */
  readonly hasRounds: boolean
  /** The kernel's structures that this load is about, in the order in which they are drawn. */
  readonly structures: readonly StructureKind[]
  readonly counters: readonly WorkloadCounter<Run>[]
  /** Why values that are each in their range do not go together; undefined when they do. */
  refuse?(settings: Settings): string | undefined
  /** Why the kernel cannot do what it would need; undefined when it can. */
  beyondKernel?(settings: Settings): string | undefined
  /** Memory that nothing can take from it, and the parameters that it comes from. */
  keeps?(settings: Settings): { readonly bytes: number; readonly of: string }
  /** How much of it there is, in words: `128 scripts`. */
  amount(settings: Settings): string
  start(context: WorkloadContext): Run
}

/** `1 script`, `128 scripts`. */
export const counted = (count: number, one: string): string =>
  `${count} ${one}${count === 1 ? '' : 's'}`
