/** The kernels there are, by id: how each is booted, what it calls its procedures, its limits. */
import type { Engine } from '../engine/engine'
import type { CallTree, KernelNames } from '../observe/call-tree'
import { linuxNames } from '../observe/call-tree'
import { digitalUnix40 } from './digital-unix-4.0'
import { digitalUnixNames } from './digital-unix-names'
import type { AssembledKernel } from './assembly'
import type { KernelOptions } from './kernel'
import { linux22 } from './linux-2.2'

export const kernelIds = ['linux-2.2', 'digital-unix-4.0'] as const
export type KernelId = (typeof kernelIds)[number]

/** FD_SETSIZE of Digital UNIX: descriptors that a select may be about. */
const digitalUnixSetSize = 4096

export interface KernelChoice {
  readonly names: KernelNames
  /** What programs on it may wait for descriptors with. */
  readonly waitsWith: readonly string[]
  /** Most descriptors that a select may be about; undefined where a parameter says it. */
  readonly setSize: number | undefined
  boot(engine: Engine, tree: CallTree, options: KernelOptions): AssembledKernel
}

export const kernels: Readonly<Record<KernelId, KernelChoice>> = {
  'linux-2.2': {
    names: linuxNames,
    waitsWith: ['select', 'poll', 'rt-signals'],
    setSize: undefined,
    boot: linux22,
  },
  'digital-unix-4.0': {
    names: digitalUnixNames,
    waitsWith: ['select'],
    setSize: digitalUnixSetSize,
    boot: digitalUnix40,
  },
}
