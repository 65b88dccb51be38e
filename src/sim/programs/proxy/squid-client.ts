/**
 * A client's connection to Squid, from its request to the end of the reply: what it asks for is in
 * memory, in the disk store, or at an origin server (client_side.c, icpSendMoreData).
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { TcpError } from '../../kernel/net/tcp/errors'
import type { Path, Task } from '../../kernel/sched/task'
import type { DocumentStore } from './document-store'
import type { Document } from './proxy'
import { ioBytes } from './proxy'
import type { SquidFetches } from './squid-fetches'
import type { SquidLogs } from './squid-logs'
import type { Receiver, SquidProcess } from './squid-process'
import { endShare, readShare, replyShare } from './squid-process'
import type { SquidStore } from './squid-store'
import type { SwapFiles } from './swap-files'

/** client_lifetime, as it comes: 200 minutes. */
const lifetimeNs = 200 * 60e9
/** SM_PAGE_SIZE: what of a document is given to write at a time. */
const writeBytes = 4096

/** What serves a client. */
export interface ClientParts {
  readonly process: SquidProcess
  /** What is in memory, and what on the disk. */
  readonly documents: DocumentStore
  readonly swap: SwapFiles
  readonly store: SquidStore
  readonly fetches: SquidFetches
  readonly logs: SquidLogs
  /** The clients whose connections are open. */
  readonly open: Set<SquidClient>
}

export class SquidClient implements Receiver {
  private document: Document | undefined
  /** Bytes of the reply that there are, that were written, and whether more will come. */
  private available = 0
  private written = 0
  private writing = false

  constructor(
    private readonly parts: ClientParts,
    private readonly descriptor: Descriptor,
  ) {
    const { fds } = parts.process
    parts.open.add(this)
    fds.add(descriptor)
    fds.onTimeout(descriptor, lifetimeNs, (task) => this.close(task))
    this.readsRequest()
  }

  get isOpen(): boolean {
    return this.parts.open.has(this)
  }

  *close(task: Task): Path {
    if (!this.parts.open.delete(this)) return
    yield* this.parts.process.fds.close(task, this.descriptor)
  }

  private readsRequest(): void {
    const { process } = this.parts
    process.fds.onReadable(this.descriptor, (task) =>
      process.in(task, 'clientReadRequest', this.readRequest(task)),
    )
  }

  private *readRequest(task: Task): Path {
    const { process } = this.parts
    const { kernel, settings, counts } = process
    const bytes = yield* kernel.calls.read(task, this.descriptor, ioBytes)
    if (bytes === TcpError.again) {
      this.readsRequest()
      return
    }
    if (bytes <= 0) {
      yield* this.close(task)
      return
    }
    yield* process.compute(task, readShare)
    const document = settings.asked(kernel.net.sockets.peerOf(task, this.descriptor))
    this.document = document
    counts.requests++
    this.watchesClose()
    yield* this.answer(task, document)
  }

  private *answer(task: Task, document: Document): Path {
    const { process, documents, swap, store, fetches } = this.parts
    const { counts } = process
    const stores = process.settings.stores()
    if (stores && documents.inMemory(document)) {
      counts.memoryHits++
      swap.use(document)
      this.reply(document.bytes)
      return
    }
    if (stores && swap.has(document)) {
      counts.diskHits++
      if (yield* store.swapIn(task, document, this)) return
    } else counts.misses++
    yield* fetches.fetch(task, document, this)
  }

  /** icpDetectClientClose. */
  private watchesClose(): void {
    this.parts.process.fds.onReadable(this.descriptor, (task) => this.detectClose(task))
  }

  private *detectClose(task: Task): Path {
    const { kernel } = this.parts.process
    const bytes = yield* kernel.calls.read(task, this.descriptor, ioBytes)
    if (bytes === TcpError.again || bytes > 0) this.watchesClose()
    else yield* this.close(task)
  }

  /** comm_write(): what there is of the reply leaves when the socket has room. */
  reply(available: number): void {
    const { process } = this.parts
    this.available = available
    if (this.writing || this.written >= available) return
    this.writing = true
    process.fds.onWritable(this.descriptor, (task) =>
      process.in(task, 'icpSendMoreData', this.write(task)),
    )
  }

  private *write(task: Task): Path {
    const { process, logs } = this.parts
    const { document } = this
    this.writing = false
    if (this.written === 0) yield* process.compute(task, replyShare)
    const part = Math.min(writeBytes, this.available - this.written)
    const took = yield* process.kernel.calls.write(task, this.descriptor, part)
    if (took === 0 || !document) {
      yield* this.close(task)
      return
    }
    if (took > 0) this.written += took
    if (this.written < document.bytes) {
      this.reply(this.available)
      return
    }
    yield* process.compute(task, endShare)
    logs.access.line()
    yield* this.close(task)
  }
}
