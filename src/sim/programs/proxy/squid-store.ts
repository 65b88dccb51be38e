/**
 * Squid's disk store: files of documents in 256 directories, read and written through the event
 * loop, 8 KB at a time (storeSwapIn, storeSwapOut).
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { DocumentStore } from './document-store'
import type { Document } from './proxy'
import { fileName, ioBytes } from './proxy'
import type { SquidLogs } from './squid-logs'
import type { Receiver, SquidProcess } from './squid-process'

/**
 * First-level directories of the disk store; below each 16 others, of 256 that there are (assumed).
 */
const firstLevel = 16
const secondLevel = 16

/** The directories as they are on the disk, whichever process runs. */
export class StoreDirectories {
  private readonly all: Inode[] = []

  constructor({ fs }: Kernel, home: Inode) {
    const cache = fs.installDirectory(home, 'cache', 3)
    for (let first = 0; first < firstLevel; first++) {
      const directory = fs.installDirectory(cache, `${first}`, 4 + first)
      for (let second = 0; second < secondLevel; second++) {
        this.all.push(fs.installDirectory(directory, `${second}`, 4 + first))
      }
    }
  }

  of({ id }: Document): Inode {
    return this.all[id % this.all.length]
  }
}

export class SquidStore {
  constructor(
    private readonly process: SquidProcess,
    private readonly directories: StoreDirectories,
    private readonly documents: DocumentStore,
    private readonly logs: SquidLogs,
  ) {}

  /** Reads a document for who waits for it. Returns whether its file could be opened. */
  swapIn(task: Task, document: Document, receiver: Receiver): Path<boolean> {
    return this.process.in(task, 'storeSwapIn', this.beginReading(task, document, receiver))
  }

  private *beginReading(task: Task, document: Document, receiver: Receiver): Path<boolean> {
    const { calls } = this.process.kernel
    const directory = this.directories.of(document)
    const file = yield* calls.open(task, directory, fileName(document), 'read')
    if (file < 0) return false
    this.process.fds.add(file)
    this.readsOn(file, document, receiver)
    return true
  }

  private readsOn(file: Descriptor, document: Document, receiver: Receiver): void {
    const { process } = this
    process.fds.onReadable(file, (task) =>
      process.in(task, 'storeSwapIn', this.read(task, file, document, receiver)),
    )
  }

  private *read(task: Task, file: Descriptor, document: Document, receiver: Receiver): Path {
    const { kernel, fds } = this.process
    const bytes = yield* kernel.calls.read(task, file, ioBytes)
    if (bytes === ioBytes) {
      this.readsOn(file, document, receiver)
      return
    }
    yield* fds.close(task, file)
    this.documents.keepInMemory(document)
    if (receiver.isOpen) receiver.reply(document.bytes)
  }

  /** Keeps a document that has been fetched, in memory and in a file. */
  keep(task: Task, document: Document): Path {
    this.documents.keepInMemory(document)
    return this.process.in(task, 'storeSwapOut', this.beginWriting(task, document))
  }

  private *beginWriting(task: Task, document: Document): Path {
    const { calls } = this.process.kernel
    const directory = this.directories.of(document)
    const file = yield* calls.open(task, directory, fileName(document), 'truncate')
    if (file < 0) return
    this.process.fds.add(file)
    this.writesOn(file, document, 0)
  }

  private writesOn(file: Descriptor, document: Document, written: number): void {
    const { process } = this
    process.fds.onWritable(file, (task) =>
      process.in(task, 'storeSwapOut', this.write(task, file, document, written)),
    )
  }

  private *write(task: Task, file: Descriptor, document: Document, written: number): Path {
    const { kernel, fds, settings } = this.process
    const part = Math.min(ioBytes, document.bytes - written)
    yield* kernel.calls.write(task, file, part)
    if (written + part < document.bytes) {
      this.writesOn(file, document, written + part)
      return
    }
    yield* fds.close(task, file)
    for (const gone of this.documents.keepOnDisk(document, settings.storeBytes())) {
      yield* kernel.calls.unlink(task, this.directories.of(gone), fileName(gone))
    }
    this.logs.store.line()
    this.logs.swap.line()
  }
}
