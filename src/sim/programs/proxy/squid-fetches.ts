/**
 * Squid's misses: a document comes from its origin server, and whoever asks for it meanwhile waits
 * for the same fetch (httpStart, httpReadReply). What has come whole is kept.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { TcpError } from '../../kernel/net/tcp/errors'
import type { Path, Task } from '../../kernel/sched/task'
import type { Document } from './proxy'
import { originRequestBytes } from './proxy'
import type { Receiver, SquidProcess } from './squid-process'
import { replyShare } from './squid-process'
import type { SquidStore } from './squid-store'

const minute = 60e9
/** read_timeout and connect_timeout, as they come. */
const readTimeoutNs = 15 * minute
const connectTimeoutNs = 2 * minute
/** SQUID_TCP_SO_RCVBUF. */
const replyBytes = 16_384

/** A document on its way from an origin server. */
interface Fetch {
  readonly document: Document
  readonly receivers: Set<Receiver>
  got: number
}

export class SquidFetches {
  private readonly underWay = new Map<number, Fetch>()

  constructor(
    private readonly process: SquidProcess,
    private readonly store: SquidStore,
  ) {}

  *fetch(task: Task, document: Document, receiver: Receiver): Path {
    const { kernel, settings, fds } = this.process
    const same = this.underWay.get(document.id)
    if (same) {
      same.receivers.add(receiver)
      receiver.reply(same.got)
      return
    }
    const { remoteHost, remotePort } = settings.originOf(document)
    const { sockets } = kernel.net
    const descriptor = yield* sockets.beginConnect(task, remoteHost, remotePort)
    if (descriptor < 0) {
      yield* receiver.close(task)
      return
    }
    const fetch: Fetch = { document, receivers: new Set([receiver]), got: 0 }
    this.underWay.set(document.id, fetch)
    settings.asks(sockets.peerOf(task, descriptor), document)
    fds.add(descriptor)
    fds.onTimeout(descriptor, connectTimeoutNs, (by) => this.end(by, descriptor, fetch))
    fds.onWritable(descriptor, (by) => this.connected(by, descriptor, fetch))
  }

  private *connected(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    const { process } = this
    const { fds } = process
    const error = yield* process.kernel.net.sockets.connectError(task, descriptor)
    if (error !== 0) {
      yield* this.end(task, descriptor, fetch)
      return
    }
    this.expectReply(descriptor, fetch)
    // httpSendRequest is called when the socket is writable, and has comm_write wait for it again.
    const send = (by: Task): Path => this.sendRequest(by, descriptor, fetch)
    fds.onWritable(descriptor, function* () {
      yield* process.compute(task, replyShare / 2)
      fds.onWritable(descriptor, send)
    })
  }

  private *sendRequest(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    yield* this.process.kernel.calls.write(task, descriptor, originRequestBytes)
    this.readsOn(descriptor, fetch)
  }

  /** The origin server has so much time from now on to send more. */
  private expectReply(descriptor: Descriptor, fetch: Fetch): void {
    const { fds } = this.process
    fds.onTimeout(descriptor, readTimeoutNs, (by) => this.end(by, descriptor, fetch))
  }

  private readsOn(descriptor: Descriptor, fetch: Fetch): void {
    const { process } = this
    process.fds.onReadable(descriptor, (task) =>
      process.in(task, 'httpReadReply', this.readReply(task, descriptor, fetch)),
    )
  }

  /** httpReadReply(): what has come is appended, and whoever waits for it may go on. */
  private *readReply(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    const { kernel, settings } = this.process
    const { document, receivers } = fetch
    const bytes = yield* kernel.calls.read(task, descriptor, replyBytes)
    if (bytes > 0) {
      fetch.got += bytes
      yield* this.process.compute(task, replyShare / 2)
      for (const receiver of receivers) if (receiver.isOpen) receiver.reply(fetch.got)
    }
    if (bytes > 0 || bytes === TcpError.again) {
      this.expectReply(descriptor, fetch)
      this.readsOn(descriptor, fetch)
      return
    }
    yield* this.end(task, descriptor, fetch)
    if (fetch.got < document.bytes || !settings.stores()) return
    yield* this.store.keep(task, document)
  }

  /** The connection is closed; whose reply is not whole is closed too. */
  private *end(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    this.underWay.delete(fetch.document.id)
    yield* this.process.fds.close(task, descriptor)
    if (fetch.got >= fetch.document.bytes) return
    for (const receiver of fetch.receivers) yield* receiver.close(task)
  }
}
