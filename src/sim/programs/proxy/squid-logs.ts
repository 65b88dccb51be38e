/** Squid's three logs: a line is written when the event loop comes to it (file_write). */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { DescriptorError } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Path, Task } from '../../kernel/sched/task'
import { FileQueue } from './file-queue'
import { logLineBytes } from './proxy'
import type { SquidProcess } from './squid-process'

class Log {
  private descriptor: Descriptor = DescriptorError.badDescriptor
  private queue: FileQueue | undefined

  constructor(
    private readonly process: SquidProcess,
    private readonly name: string,
  ) {}

  /** Returns whether it is open. */
  *open(task: Task, directory: Inode): Path<boolean> {
    const { calls } = this.process.kernel
    this.descriptor = yield* calls.open(task, directory, this.name, 'create')
    return this.descriptor >= 0
  }

  joinLoop(): void {
    this.queue = new FileQueue(this.process, this.descriptor)
  }

  line(): void {
    this.queue?.put(logLineBytes)
  }
}

export class SquidLogs {
  readonly access: Log
  readonly store: Log
  readonly swap: Log

  constructor(process: SquidProcess) {
    this.access = new Log(process, 'access.log')
    this.store = new Log(process, 'store.log')
    this.swap = new Log(process, 'log')
  }

  private get all(): readonly Log[] {
    return [this.access, this.store, this.swap]
  }

  /** Returns whether all are open. */
  *open(task: Task, directory: Inode): Path<boolean> {
    let opened = true
    for (const log of this.all) opened = (yield* log.open(task, directory)) && opened
    return opened
  }

  /** The event loop knows them from now on. */
  joinLoop(): void {
    for (const log of this.all) log.joinLoop()
  }
}
