/** The catalogue of faults and fixes: one file each beside this one. */
import { bforgetRecycles } from './bforget-recycles'
import { orphanedBuffers } from './orphaned-buffers'
import { connectionFlood } from './connection-flood'
import { descriptorExhaustion } from './descriptor-exhaustion'
import { packetLoss } from './packet-loss'
import { slowClients } from './slow-clients'
import { slowDisk } from './slow-disk'
import { taskExclusive } from './task-exclusive'
import { thunderingHerd } from './thundering-herd'
import { twoBitmaps } from './two-bitmaps'
import { wakeOne } from './wake-one'

export interface DisturbanceSpec {
  readonly id: string
  readonly kind: 'fault' | 'fix'
  readonly title: string
  /** What it does, one sentence. */
  readonly does: string
  /** What to watch for, and where. */
  readonly watch: string
  readonly watchColumns: readonly string[]
  readonly source: string
  /** Meaning of intensity 1 for a fault with a scale; undefined for a switch. */
  readonly intensity: { readonly unit: string; readonly atFull: number } | undefined
  /** Ids of the workloads that it concerns: it can be used in a run that has one of them. */
  readonly workloads: readonly string[]
  /** The kernel switch that it sets while it is active, if it is one. */
  readonly sets:
    | { readonly path: string; readonly value: string; readonly otherwise: string | undefined }
    | undefined
}

export const disturbances: readonly DisturbanceSpec[] = [
  orphanedBuffers,
  thunderingHerd,
  slowClients,
  packetLoss,
  connectionFlood,
  slowDisk,
  descriptorExhaustion,
  bforgetRecycles,
  wakeOne,
  taskExclusive,
  twoBitmaps,
]
