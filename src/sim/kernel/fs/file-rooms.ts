/** What a file system stands on. */
import type { PageCache } from '../mm/page-cache'
import type { PageFrames } from '../mm/page-frames'
import type { PageIo } from '../mm/page-io'
import type { Reclaim } from '../mm/reclaim'
import type { KernelBase } from '../sched/base'
import type { Timer } from '../sched/timer'
import type { BufferCache } from './buffer-cache'
import type { BufferIo } from './buffer-io'

export interface FileRooms {
  readonly base: KernelBase
  readonly timer: Timer
  readonly frames: PageFrames
  readonly pages: PageCache
  readonly pageIo: PageIo
  readonly reclaim: Reclaim
  readonly buffers: BufferCache
  readonly io: BufferIo
}
