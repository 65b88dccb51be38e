/** The kernel `linux-2.2`: what of it is its own. */
import type { Engine } from '../engine/engine'
import type { CallTree } from '../observe/call-tree'
import type { AssembledKernel } from './assembly'
import { assemble } from './assembly'
import { LinuxSelectPath } from './fs/poll/select-path-linux-2.2'
import type { KernelOptions } from './kernel'
import { linuxKind } from './sched/scheduler-linux-2.2'

export type Linux22 = AssembledKernel

/** Boots it. @throws Error when the machine has no disk */
export function linux22(engine: Engine, tree: CallTree, options: KernelOptions): Linux22 {
  return assemble(engine, tree, options, {
    name: 'Linux 2.2',
    kind: linuxKind,
    selectPath: (base) => new LinuxSelectPath(base),
    metadataShare: 0,
    signalsDescriptors: true,
  })
}
