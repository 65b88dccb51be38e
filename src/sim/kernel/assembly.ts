/**
 * Puts a kernel together from the rooms that all kernels of the model share, and from what a kernel
 * says is its own. The file systems, memory, processes and TCP are those of Linux 2.2, whatever the
 * kernel (assumed of Digital UNIX, whose own no public copy tells), but for its cache of metadata.
 */
import type { Engine } from '../engine/engine'
import { DiskDrive } from '../machine/disk'
import type { CallTree } from '../observe/call-tree'
import { BlockLayer, sectorBytes } from './block/block-layer'
import { Bdflush } from './fs/bdflush'
import { BufferCache } from './fs/buffer-cache'
import { BufferIo } from './fs/buffer-io'
import { DentryCache } from './fs/dentry-cache'
import { Descriptors } from './fs/descriptors'
import { Ext2 } from './fs/ext2/ext2'
import { FileCalls } from './fs/file-calls'
import { InodeCache } from './fs/inode-cache'
import { Names } from './fs/names'
import { Pipes } from './fs/pipe'
import { PollCalls } from './fs/poll/poll-calls'
import { PollCounts } from './fs/poll/poll-counts'
import { SelectCalls } from './fs/poll/select-calls'
import type { SelectPath } from './fs/poll/select-path'
import type { Kernel, KernelOptions } from './kernel'
import { Ipc } from './ipc/ipc'
import { RtSignals } from './ipc/rt-signals'
import { Faults } from './mm/faults'
import { FilePages } from './mm/file-pages'
import { kswapd } from './mm/kswapd'
import { Memory } from './mm/memory'
import { MemoryCalls } from './mm/memory-calls'
import { PageCache } from './mm/page-cache'
import { FrameUse, PageFrames, pageBytes } from './mm/page-frames'
import { PageIo } from './mm/page-io'
import { Reclaim } from './mm/reclaim'
import { Swap } from './mm/swap'
import { Network } from './net/network'
import { ProcFiles } from './process/proc-files'
import { Processes } from './process/processes'
import { KernelBase } from './sched/base'
import type { KernelKind } from './sched/kernel-kind'
import { Timer } from './sched/timer'

/** Kernel image, mem_map, page tables at boot and start-up processes that are not modelled. */
const residentKernelBytes = 14 * 1024 * 1024

/** A kernel with its own file system. */
export interface AssembledKernel extends Kernel {
  readonly fs: Ext2
}

/** What a kernel brings to its assembly. */
export interface KernelParts {
  /** For people. */
  readonly name: string
  readonly kind: KernelKind
  /** How its select goes through descriptors. */
  selectPath(base: KernelBase): SelectPath
  /** Share of memory that is wired at boot for a cache of metadata. */
  readonly metadataShare: number
  /** Whether its descriptors can queue real-time signals. */
  readonly signalsDescriptors: boolean
}

/** Boots it. @throws Error when the machine has no disk */
export function assemble(
  engine: Engine,
  tree: CallTree,
  options: KernelOptions,
  parts: KernelParts,
): AssembledKernel {
  const { machine, swapBytes } = options
  if (!machine.disk) throw new Error(`machine ${machine.id} has no disk`)
  const base = new KernelBase(engine, tree, machine, parts.kind)
  const { cost, cache, procedures, dispatcher } = base

  const drive = new DiskDrive(machine.disk)
  const disk = new BlockLayer(base, drive)
  const diskBytes = drive.sectors * sectorBytes - swapBytes

  const frames = new PageFrames(
    (machine.memoryMB * 1024 * 1024) / pageBytes,
    engine.stream('free pairs of pages'),
  )
  for (let left = residentKernelBytes / pageBytes; left > 0; left--) frames.take(FrameUse.kernel)
  const pages = new PageCache(base, frames)
  const pageIo = new PageIo(base, frames, disk)
  const swap = new Swap(base, swapBytes / pageBytes, diskBytes / sectorBytes, frames, pageIo, disk)
  const reclaim = new Reclaim(base, frames, pages, swap)
  const filePages = new FilePages(base, frames, pages, pageIo, reclaim)
  const faults = new Faults(base, frames, pages, pageIo, reclaim, swap, filePages)
  const memory = new Memory(base, frames, reclaim, swap, faults)

  const timer = new Timer(base)
  const buffers = new BufferCache(base, frames)
  buffers.wire(Math.floor(frames.frames * parts.metadataShare))
  const io = new BufferIo(base, buffers, disk, reclaim)
  const inodeCache = new InodeCache(base)
  const dentries = new DentryCache(base, inodeCache)
  const fs = new Ext2(
    { base, timer, pages, pageIo, filePages, buffers, io, dentries, inodeCache },
    diskBytes,
  )
  const descriptors = new Descriptors(base)
  const pipes = new Pipes(base, frames, reclaim)
  const calls = new FileCalls(base, new Names(base, dentries), descriptors, faults, pipes)
  const pollCounts = new PollCounts()
  const net = new Network(base, frames, descriptors)
  const processes = new Processes(base, { frames, reclaim, memory, descriptors })

  reclaim.buffers = buffers
  reclaim.shrinkers.push((task, priority) => dentries.shrink(task, priority))
  reclaim.wakeKswapd = () => timer.wakeFromAnywhere(reclaim.kswapdWait)
  const rtSignals = parts.signalsDescriptors ? new RtSignals(base, timer, descriptors) : undefined
  dispatcher.onEnd = (task) => {
    rtSignals?.ended(task)
    processes.ended(task)
  }

  const daemons = new Bdflush(base, timer, buffers, io)
  io.bdflush = processes.daemon('bdflush', (task) => daemons.bdflush(task))
  processes.daemon('kupdate', (task) => daemons.kupdate(task, (by) => fs.syncInodes(by)))
  processes.daemon('kswapd', (task) => kswapd(task, { dispatcher, timer, frames, reclaim }))

  return {
    name: parts.name,
    engine,
    tree,
    machine,
    base,
    cost,
    cache,
    procedures,
    dispatcher,
    timer,
    drive,
    disk,
    frames,
    pages,
    pageIo,
    swap,
    reclaim,
    memory,
    memoryCalls: new MemoryCalls(base, memory),
    buffers,
    io,
    filePages,
    inodeCache,
    dentries,
    fs,
    descriptors,
    calls,
    pipes,
    polls: new PollCalls(base, timer, descriptors, pollCounts),
    selects: new SelectCalls(base, timer, descriptors, parts.selectPath(base), pollCounts),
    pollCounts,
    net,
    ipc: new Ipc(base, descriptors),
    rtSignals,
    processes,
    proc: new ProcFiles(base, processes.all),
    halt: () => {
      dispatcher.settle()
      timer.halt()
      dispatcher.halt()
      disk.halt()
      net.halt()
    },
  }
}
