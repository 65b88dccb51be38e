/**
 * A kernel that has booted: its rooms, by name. What puts one together is a file of its own for
 * each kernel (linux-2.2.ts); who uses a kernel asks its rooms.
 */
import type { Engine } from '../engine/engine'
import type { Residency } from '../machine/residency'
import type { Costs } from '../machine/core'
import type { DiskDrive } from '../machine/disk'
import type { MachinePreset } from '../machine/presets'
import type { CallTree } from '../observe/call-tree'
import type { BlockLayer } from './block/block-layer'
import type { BufferCache } from './fs/buffer-cache'
import type { BufferIo } from './fs/buffer-io'
import type { DentryCache } from './fs/dentry-cache'
import type { Descriptors } from './fs/descriptors'
import type { FileCalls } from './fs/file-calls'
import type { PollCalls } from './fs/poll/poll-calls'
import type { PollCounts } from './fs/poll/poll-counts'
import type { SelectCalls } from './fs/poll/select-calls'
import type { FileSystem } from './fs/file-system'
import type { InodeCache } from './fs/inode-cache'
import type { Pipes } from './fs/pipe'
import type { FilePages } from './mm/file-pages'
import type { Ipc } from './ipc/ipc'
import type { RtSignals } from './ipc/rt-signals'
import type { Memory } from './mm/memory'
import type { MemoryCalls } from './mm/memory-calls'
import type { PageCache } from './mm/page-cache'
import type { PageFrames } from './mm/page-frames'
import type { PageIo } from './mm/page-io'
import type { Reclaim } from './mm/reclaim'
import type { Swap } from './mm/swap'
import type { Network } from './net/network'
import type { ProcFiles } from './process/proc-files'
import type { Processes } from './process/processes'
import type { KernelBase } from './sched/base'
import type { Dispatcher } from './sched/dispatcher'
import type { Procedures } from './sched/procedures'
import type { Timer } from './sched/timer'

export interface KernelOptions {
  readonly machine: MachinePreset
  /** Swap partition, bytes. */
  readonly swapBytes: number
}

export interface Kernel {
  /** For people: `Linux 2.2`. */
  readonly name: string
  readonly engine: Engine
  readonly tree: CallTree
  readonly machine: MachinePreset
  readonly base: KernelBase
  readonly cost: Costs
  readonly cache: Residency
  readonly procedures: Procedures
  readonly dispatcher: Dispatcher
  readonly timer: Timer
  readonly drive: DiskDrive
  readonly disk: BlockLayer
  readonly frames: PageFrames
  readonly pages: PageCache
  readonly pageIo: PageIo
  readonly swap: Swap
  readonly reclaim: Reclaim
  readonly memory: Memory
  /** The system calls on memory. */
  readonly memoryCalls: MemoryCalls
  readonly buffers: BufferCache
  readonly io: BufferIo
  readonly filePages: FilePages
  readonly inodeCache: InodeCache
  readonly dentries: DentryCache
  readonly fs: FileSystem
  readonly descriptors: Descriptors
  /** The system calls on files. */
  readonly calls: FileCalls
  readonly pipes: Pipes
  /** poll() and select(), and what they have done. */
  readonly polls: PollCalls
  readonly selects: SelectCalls
  readonly pollCounts: PollCounts
  readonly net: Network
  /** File locks, semaphores, signals. */
  readonly ipc: Ipc
  /** Real-time signals for descriptors; undefined on a kernel that has none. */
  readonly rtSignals: RtSignals | undefined
  readonly processes: Processes
  readonly proc: ProcFiles
  /** The machine is switched off: nothing of this kernel runs any more. */
  halt(): void
}
