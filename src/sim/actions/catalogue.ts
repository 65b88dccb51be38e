/** The catalogue of faults and fixes: one file each beside this one. */
import { bforgetRecycles } from './bforget-recycles'
import { orphanedBuffers } from './orphaned-buffers'
import { coldConnections } from './cold-connections'
import { connectionFlood } from './connection-flood'
import { descriptorExhaustion } from './descriptor-exhaustion'
import { packetLoss } from './packet-loss'
import { rtSignalOverflow } from './rt-signal-overflow'
import { slowClients } from './slow-clients'
import { slowDisk } from './slow-disk'
import { taskExclusive } from './task-exclusive'
import { thunderingHerd } from './thundering-herd'
import { twoBitmaps } from './two-bitmaps'
import { wakeOne } from './wake-one'
import { wanDelay } from './wan-delay'
import { pollHints } from './poll-hints'
import { scalableSelect } from './scalable-select'
import { twoLevelUfalloc } from './two-level-ufalloc'
import type { DisturbanceSpec } from './disturbance'

export type { DisturbanceSpec } from './disturbance'

export const disturbances: readonly DisturbanceSpec[] = [
  orphanedBuffers,
  thunderingHerd,
  coldConnections,
  wanDelay,
  rtSignalOverflow,
  slowClients,
  packetLoss,
  connectionFlood,
  slowDisk,
  descriptorExhaustion,
  bforgetRecycles,
  wakeOne,
  taskExclusive,
  scalableSelect,
  pollHints,
  twoLevelUfalloc,
  twoBitmaps,
]
