/** What a kernel's structures look like at this instant, for the screens. Changes nothing. */
import type {
  HashChainsSnapshot,
  RunQueueSnapshot,
  StructureKind,
  StructureSnapshot,
} from '../observe/structures'
import { bufferSnapshot } from './fs/buffer-snapshot'
import type { Kernel } from './kernel'
import { pollSetSnapshot } from './poll-set-snapshot'

/**
 * Undefined for a structure that a workload brings.
 * @param scanMicroseconds what a walk of the run queue has taken lately
 */
export function kernelSnapshot(
  kernel: Kernel,
  kind: StructureKind,
  scanMicroseconds: number,
): StructureSnapshot | undefined {
  switch (kind) {
    case 'descriptor-table':
      return kernel.descriptors.snapshot(kernel.processes.all)
    case 'buffer-cache':
      return bufferSnapshot(kernel.buffers)
    case 'run-queue':
      return runQueueSnapshot(kernel, scanMicroseconds)
    case 'disk-queue':
      return kernel.disk.snapshot()
    case 'hash-chains':
      return hashChains(kernel)
    case 'poll-set':
      return pollSetSnapshot(kernel)
    case 'wait-queue':
    case 'listen-backlog':
      return undefined
  }
}

export function runQueueSnapshot(kernel: Kernel, scanMicroseconds: number): RunQueueSnapshot {
  const { scheduler, cpus } = kernel.dispatcher
  return {
    kind: 'run-queue',
    cpus: cpus.length,
    priorities: scheduler.priorities,
    scanMicroseconds,
    entries: scheduler.queue().map((task) => ({
      pid: task.pid,
      command: task.command,
      goodness: scheduler.goodness(task, task.processor, cpus[task.processor].space),
      counter: scheduler.counterOf(task),
      runningOn: scheduler.hasCpu(task) ? task.processor : -1,
      warm: task.footprint < 0 ? 0 : kernel.cache.warm(task.processor, task.footprint),
    })),
  }
}

/** Entries of the longest chain that are named. */
const namedMax = 40

function hashChains({ buffers }: Kernel): HashChainsSnapshot {
  const lengths = buffers.chainLengths()
  let longestBucket = 0
  lengths.forEach((length, bucket) => {
    if (length > lengths[longestBucket]) longestBucket = bucket
  })
  const chain = buffers.chain(longestBucket).slice(0, namedMax)
  const longest = chain.map((block) => `block ${block}`)
  return { kind: 'hash-chains', table: 'buffer', lengths, longestBucket, longest }
}
