/**
 * Squid's disk store: files of documents in 256 directories, read and written through the
 * event loop, 8 KB at a time (storeSwapIn, storeSwapOut). Once a second it makes room, and what is
 * not written over goes to unlinkd.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { DocumentStore } from './document-store'
import type { Document } from './proxy'
import { ioBytes } from './proxy'
import type { SquidLogs } from './squid-logs'
import type { Receiver, SquidProcess } from './squid-process'
import type { SwapFiles } from './swap-files'
import type { Unlinkd } from './unlinkd'

/**
 * Levels of directories: a file's number, and what is left of it, choose one of each. Below each of
 * the first are 16 others, of 256 that there are (assumed).
 */
const firstLevel = 16
const secondLevel = 16
/**
 * An entry that is scanned, a line that comes from memory apart; a comparison of qsort with its
 * call, cycles (assumed: instructions, one a cycle in order).
 */
const scanStep = 40
const compareStep = 25

const nameOf = (file: number): string => `${file}`

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

  /** storeSwapFullPath(). */
  of(file: number): Inode {
    const second = Math.floor(file / firstLevel) % secondLevel
    return this.all[(file % firstLevel) * secondLevel + second]
  }
}

/** A document's file is there when the machine boots. */
export function installDocument(
  { fs }: Kernel,
  directories: StoreDirectories,
  swap: SwapFiles,
  document: Document,
): void {
  const file = swap.take()
  fs.install(directories.of(file), nameOf(file), document.bytes)
  swap.add(document, file)
}

/** What is there of the store whichever process runs. */
export interface StoreParts {
  readonly directories: StoreDirectories
  /** What is in memory. */
  readonly documents: DocumentStore
  readonly swap: SwapFiles
}

export class SquidStore {
  constructor(
    private readonly process: SquidProcess,
    private readonly parts: StoreParts,
    private readonly logs: SquidLogs,
    private readonly unlinkd: Unlinkd,
  ) {
    process.fds.everySecond((task) => process.in(task, 'storeGetSwapSpace', this.makeRoom(task)))
  }

  /** Reads a document for who waits for it. Returns whether its file could be opened. */
  swapIn(task: Task, document: Document, receiver: Receiver): Path<boolean> {
    return this.process.in(task, 'storeSwapIn', this.beginReading(task, document, receiver))
  }

  private *beginReading(task: Task, document: Document, receiver: Receiver): Path<boolean> {
    const { calls } = this.process.kernel
    const { directories, swap } = this.parts
    const number = swap.use(document)
    if (number === undefined) return false
    const file = yield* calls.open(task, directories.of(number), nameOf(number), 'read')
    if (file < 0) {
      // swapInError.
      this.release(document)
      return false
    }
    swap.lock(document, 1)
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
    this.parts.swap.lock(document, -1)
    this.parts.documents.keepInMemory(document)
    if (receiver.isOpen) receiver.reply(document.bytes)
  }

  /** Keeps a document that has been fetched, in memory and in a file. */
  keep(task: Task, document: Document): Path {
    this.parts.documents.keepInMemory(document)
    return this.process.in(task, 'storeSwapOut', this.beginWriting(task, document))
  }

  private *beginWriting(task: Task, document: Document): Path {
    const { calls } = this.process.kernel
    const { directories, swap } = this.parts
    const number = swap.take()
    const file = yield* calls.open(task, directories.of(number), nameOf(number), 'truncate')
    if (file < 0) {
      swap.put(number)
      return
    }
    this.process.fds.add(file)
    this.writesOn(file, document, { number, written: 0 })
  }

  private writesOn(file: Descriptor, document: Document, output: Output): void {
    const { process } = this
    process.fds.onWritable(file, (task) =>
      process.in(task, 'storeSwapOut', this.write(task, file, document, output)),
    )
  }

  private *write(task: Task, file: Descriptor, document: Document, output: Output): Path {
    const { kernel, fds } = this.process
    const part = Math.min(ioBytes, document.bytes - output.written)
    yield* kernel.calls.write(task, file, part)
    output.written += part
    if (output.written < document.bytes) {
      this.writesOn(file, document, output)
      return
    }
    yield* fds.close(task, file)
    // It may have been fetched anew because its file could not be opened.
    if (this.parts.swap.has(document)) this.release(document)
    this.parts.swap.add(document, output.number)
    this.logs.store.line()
    this.logs.swap.line()
  }

  /** storeRelease() of one that is not needed for room. */
  private release(document: Document): void {
    const file = this.parts.swap.release(document)
    if (file !== undefined) this.unlink(file)
  }

  private unlink(file: number): void {
    this.unlinkd.unlink(this.parts.directories.of(file), nameOf(file))
  }

  /** storeMaintainSwapSpace(), once a second. */
  private *makeRoom(task: Task): Path {
    const { kernel, settings } = this.process
    const { swap, documents } = this.parts
    if (!settings.stores()) return
    const { scanned, compared, released, unlinked } = swap.reclaim(settings.storeBytes())
    if (scanned === 0) return
    const cycles = scanned * (scanStep + kernel.base.missCycles) + compared * compareStep
    yield* kernel.processes.goThrough(task, Math.round(cycles))
    for (const document of released) documents.dropFromMemory(document)
    for (const file of unlinked) this.unlink(file)
  }
}

/** A document on its way to its file. */
interface Output {
  readonly number: number
  written: number
}
