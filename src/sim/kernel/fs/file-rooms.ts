/** What a file system is built on. */
import type { FilePages } from '../mm/file-pages'
import type { PageCache } from '../mm/page-cache'
import type { PageIo } from '../mm/page-io'
import type { KernelBase } from '../sched/base'
import type { Timer } from '../sched/timer'
import type { BufferCache } from './buffer-cache'
import type { BufferIo } from './buffer-io'
import type { DentryCache } from './dentry-cache'
import type { InodeCache } from './inode-cache'

export interface FileRooms {
  readonly base: KernelBase
  readonly timer: Timer
  readonly pages: PageCache
  readonly pageIo: PageIo
  readonly filePages: FilePages
  readonly buffers: BufferCache
  readonly io: BufferIo
  readonly dentries: DentryCache
  readonly inodeCache: InodeCache
}
