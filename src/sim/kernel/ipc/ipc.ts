/** What processes tell each other by: locks of files, semaphores, signals. */
import type { Descriptors } from '../fs/descriptors'
import type { KernelBase } from '../sched/base'
import { FileLocks } from './file-lock'
import { Semaphores } from './semaphore'
import { Signals } from './signals'

export class Ipc {
  readonly fileLocks: FileLocks
  readonly semaphores: Semaphores
  readonly signals: Signals

  constructor(base: KernelBase, descriptors: Descriptors) {
    this.fileLocks = new FileLocks(base, descriptors)
    this.semaphores = new Semaphores(base)
    this.signals = new Signals(base)
  }
}
