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
import type { DisturbanceSpec } from './disturbance'

export type { DisturbanceSpec } from './disturbance'

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
