/**
 * The kernel `digital-unix-4.0`: its scheduler, its select path, its clock of 1,024 ticks a second,
 * and its names. A process has no more descriptors in a select than FD_SETSIZE, and no big kernel
 * lock is held. Beside these it is put together from the rooms that Linux has too.
 */
import type { Engine } from '../engine/engine'
import type { CallTree } from '../observe/call-tree'
import type { AssembledKernel } from './assembly'
import { assemble } from './assembly'
import { DigitalUnixSelectPath } from './fs/poll/select-path-digital-unix'
import type { KernelOptions } from './kernel'
import { digitalUnixKind } from './sched/scheduler-digital-unix'

/** bufcache: 3 % of memory is wired for metadata (its Technical Overview; sys_attrs_vfs). */
const metadataShare = 0.03

/** Boots it. @throws Error when the machine has no disk */
export function digitalUnix40(
  engine: Engine,
  tree: CallTree,
  options: KernelOptions,
): AssembledKernel {
  return assemble(engine, tree, options, {
    name: 'Digital UNIX 4.0',
    kind: digitalUnixKind,
    selectPath: (base) => new DigitalUnixSelectPath(base),
    metadataShare,
    signalsDescriptors: false,
  })
}
