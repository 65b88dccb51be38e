/**
 * Squid 1.1: one process, one event loop (fd-table.ts), a state for each connection. A request is
 * answered from memory, from the disk store, whose files are read through the same loop, or from an
 * origin server; who asks for what is being fetched waits for the same fetch. What is fetched is
 * written to the disk store, and three logs are kept. When the loop fails the process ends, and the
 * script RunCache starts it again after a pause.
 * Facts: src/comm.c, http.c, disk.c, store.c of February 1997, between 1.1.6 and 1.1.8.
 * Left out: DNS look-ups, access lists, ICP, redirectors, quick_abort (off by default), headers.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { DescriptorError } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import { TcpError } from '../../kernel/net/tcp/errors'
import type { Path, Task } from '../../kernel/sched/task'
import { WaitQueue } from '../../kernel/sched/wait-queue'
import type { ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { EventSource } from '../events/event-source'
import { DocumentStore } from './document-store'
import { FdTable, loopProcedures } from './fd-table'
import type { Document, Proxy, ProxySettings } from './proxy'
import { fileName, ioBytes, logLineBytes, noCounts, originRequestBytes } from './proxy'

/**
 * Text and data pages that a run touches, its working set, and its C library (assumed: a static
 * index of some thousand documents).
 */
const program = {
  name: 'squid',
  image: 'squid',
  textPages: 80,
  libraryPages: 40,
  dataPages: 600,
  workingSetKB: 256,
}
const minute = 60e9
/** client_lifetime, read_timeout and connect_timeout, as they come: 200, 15 and 2 minutes. */
const lifetimeNs = 200 * minute
const readTimeoutNs = 15 * minute
const connectTimeoutNs = 2 * minute
/** SM_PAGE_SIZE: what of a document is given to write at a time; SQUID_TCP_SO_RCVBUF. */
const writeBytes = 4096
const replyBytes = 16_384
/**
 * First-level directories of the disk store; below each 16 others, of 256 that there are (assumed).
 */
const firstLevel = 16
const secondLevel = 16
/** RunCache waits so long before it starts Squid again. */
const restartNs = 10e9
/** What of a request's computing is done when it is read, when its reply begins, at its end. */
const readShare = 0.4
const replyShare = 0.4
const endShare = 0.2

interface Client {
  readonly descriptor: Descriptor
  document: Document | undefined
  /** Bytes of the reply that there are, that were written, and whether more will come. */
  available: number
  written: number
  writing: boolean
}

/** A document on its way from an origin server. */
interface Fetch {
  readonly document: Document
  readonly clients: Set<Client>
  got: number
}

const procedureNames = [
  'asciiHandleConn',
  'clientReadRequest',
  'icpSendMoreData',
  'httpReadReply',
  'storeSwapIn',
  'storeSwapOut',
  'diskHandleWrite',
] as const

export class Squid implements Proxy {
  readonly counts = noCounts()
  private readonly store = new DocumentStore()
  private readonly directories: Inode[] = []
  private readonly logs: Inode
  private readonly procedures: Readonly<Record<(typeof procedureNames)[number], ProcedureId>>
  private table: FdTable | undefined
  private listening: Descriptor = DescriptorError.badDescriptor
  private readonly open = new Map<Descriptor, Client>()
  private readonly fetching = new Map<number, Fetch>()
  /** Lines that wait to be written, by the log's descriptor. */
  private readonly lines = new Map<Descriptor, number>()
  private logDescriptors: { access: Descriptor; store: Descriptor; swap: Descriptor } | undefined

  constructor(
    private readonly kernel: Kernel,
    private readonly settings: ProxySettings,
    /** What the process waits with. */
    private readonly makeEvents: (kernel: Kernel) => EventSource,
    /** What it looks at the accept socket alone with. */
    private readonly makeAcceptEvents: (kernel: Kernel) => EventSource,
    /** Called when it is about to wait for the first time. */
    private readonly onReady: () => void,
  ) {
    const { fs, tree } = kernel
    const home = fs.installDirectory(fs.root, 'squid', 1)
    this.logs = fs.installDirectory(home, 'logs', 2)
    const cache = fs.installDirectory(home, 'cache', 3)
    for (let first = 0; first < firstLevel; first++) {
      const directory = fs.installDirectory(cache, `${first}`, 4 + first)
      for (let second = 0; second < secondLevel; second++) {
        this.directories.push(fs.installDirectory(directory, `${second}`, 4 + first))
      }
    }
    for (const document of settings.stores() ? settings.stored : []) {
      fs.install(this.directoryOf(document), fileName(document), document.bytes)
      this.store.keepOnDisk(document, Infinity)
    }
    const entries = procedureNames.map(
      (name) => [name, tree.declare(program.image, name, Mode.user)] as const,
    )
    this.procedures = Object.fromEntries(entries) as typeof this.procedures
    // Before the machine has booted, so that they are counted.
    for (const name of loopProcedures) tree.declare(program.image, name, Mode.user)
  }

  get clients(): number {
    return this.open.size
  }

  get processes(): number {
    return this.table ? 1 : 0
  }

  private directoryOf({ id }: Document): Inode {
    return this.directories[id % this.directories.length]
  }

  boot(): void {
    const { kernel } = this
    const { fs, tree } = kernel
    const bin = fs.installDirectory(fs.root, 'squid-bin', 1)
    const file = fs.install(bin, 'squid', Math.ceil(program.textPages * 1.5) * 4096)
    const library = fs.install(bin, 'libc.so', 700 * 1024)
    const main = tree.declare(program.image, 'main', Mode.user)
    const executable = { program, main, file, library }
    kernel.processes.boot('RunCache', (task) => this.runCache(task, executable))
  }

  private *runCache(task: Task, executable: Parameters<Kernel['processes']['exec']>[1]): Path {
    const { kernel } = this
    const nobody = new WaitQueue()
    const self = this
    for (;;) {
      const child = yield* kernel.processes.fork(task, function* (squid) {
        yield* kernel.processes.exec(squid, executable)
        yield* self.main(squid)
      })
      if (child) yield* kernel.processes.wait(task)
      yield* kernel.timer.sleepUntilWoken(task, nobody, restartNs)
    }
  }

  private *main(task: Task): Path {
    const { kernel, settings } = this
    const { calls } = kernel
    const table = new FdTable(
      kernel,
      program.image,
      this.makeEvents(kernel),
      this.makeAcceptEvents(kernel),
      this.counts,
    )
    try {
      const access = yield* calls.open(task, this.logs, 'access.log', 'create')
      const store = yield* calls.open(task, this.logs, 'store.log', 'create')
      const swap = yield* calls.open(task, this.logs, 'log', 'create')
      const { sockets } = kernel.net
      this.listening = yield* sockets.listen(task, settings.port, settings.backlog())
      if (access < 0 || store < 0 || swap < 0 || this.listening < 0) return
      this.logDescriptors = { access, store, swap }
      for (const log of [access, store, swap]) table.add(log)
      yield* sockets.setNonBlocking(task, this.listening)
      yield* table.listen(task, this.listening, () => this.accept(task))
      this.table = table
      this.onReady()
      yield* table.run(task)
    } finally {
      table.end()
      this.table = undefined
      this.open.clear()
      this.fetching.clear()
      this.lines.clear()
    }
  }

  /** Runs user code of a procedure: the stack is its own for as long as it goes on. */
  private *in(task: Task, name: (typeof procedureNames)[number], body: Path): Path {
    const { node } = task
    task.node = this.kernel.tree.call(node, this.procedures[name])
    yield* body
    task.node = node
  }

  private compute(task: Task, share: number): Path {
    return this.kernel.processes.compute(task, Math.round(this.settings.requestCycles() * share))
  }

  private get fds(): FdTable {
    if (!this.table) throw new Error('squid has no fd_table before it runs')
    return this.table
  }

  // Clients.

  /** asciiHandleConn(): one connection. */
  private accept(task: Task): Path {
    return this.in(task, 'asciiHandleConn', this.acceptOne(task))
  }

  private *acceptOne(task: Task): Path {
    const { sockets } = this.kernel.net
    const descriptor = yield* sockets.accept(task, this.listening)
    if (descriptor < 0) return
    yield* sockets.setNonBlocking(task, descriptor)
    const client: Client = {
      descriptor,
      document: undefined,
      available: 0,
      written: 0,
      writing: false,
    }
    this.open.set(descriptor, client)
    this.fds.add(descriptor)
    this.fds.onTimeout(descriptor, lifetimeNs, (by) => this.closeClient(by, client))
    this.readsRequest(client)
  }

  private readsRequest(client: Client): void {
    this.fds.onReadable(client.descriptor, (task) =>
      this.in(task, 'clientReadRequest', this.readRequest(task, client)),
    )
  }

  private *readRequest(task: Task, client: Client): Path {
    const { kernel, settings, counts, store } = this
    const { descriptor } = client
    const bytes = yield* kernel.calls.read(task, descriptor, ioBytes)
    if (bytes === TcpError.again) {
      this.readsRequest(client)
      return
    }
    if (bytes <= 0) {
      yield* this.closeClient(task, client)
      return
    }
    yield* this.compute(task, readShare)
    const document = settings.asked(kernel.net.sockets.peerOf(task, descriptor))
    client.document = document
    counts.requests++
    // icpDetectClientClose.
    this.fds.onReadable(descriptor, (by) => this.detectClose(by, client))
    if (settings.stores() && store.inMemory(document)) {
      counts.memoryHits++
      this.reply(client, document.bytes)
    } else if (settings.stores() && store.onDisk(document)) {
      counts.diskHits++
      yield* this.in(task, 'storeSwapIn', this.swapIn(task, client, document))
    } else {
      counts.misses++
      yield* this.fetch(task, client, document)
    }
  }

  private *detectClose(task: Task, client: Client): Path {
    const bytes = yield* this.kernel.calls.read(task, client.descriptor, ioBytes)
    if (bytes === TcpError.again || bytes > 0) {
      this.fds.onReadable(client.descriptor, (by) => this.detectClose(by, client))
    } else yield* this.closeClient(task, client)
  }

  private isOpen(client: Client): boolean {
    return this.open.get(client.descriptor) === client
  }

  private *closeClient(task: Task, client: Client): Path {
    if (!this.isOpen(client)) return
    this.open.delete(client.descriptor)
    yield* this.fds.close(task, client.descriptor)
  }

  /** comm_write(): there is so much of the reply now; it leaves when the socket has room. */
  private reply(client: Client, available: number): void {
    client.available = available
    if (client.writing || client.written >= available) return
    client.writing = true
    this.fds.onWritable(client.descriptor, (task) =>
      this.in(task, 'icpSendMoreData', this.write(task, client)),
    )
  }

  private *write(task: Task, client: Client): Path {
    const { descriptor, document } = client
    client.writing = false
    if (client.written === 0) yield* this.compute(task, replyShare)
    const part = Math.min(writeBytes, client.available - client.written)
    const took = yield* this.kernel.calls.write(task, descriptor, part)
    if (took === 0 || !document) {
      yield* this.closeClient(task, client)
      return
    }
    if (took > 0) client.written += took
    if (client.written < document.bytes) {
      this.reply(client, client.available)
      return
    }
    yield* this.compute(task, endShare)
    if (this.logDescriptors) this.log(this.logDescriptors.access)
    yield* this.closeClient(task, client)
  }

  // The disk store.

  private *swapIn(task: Task, client: Client, document: Document): Path {
    const { kernel } = this
    const file = yield* kernel.calls.open(
      task,
      this.directoryOf(document),
      fileName(document),
      'read',
    )
    if (file < 0) {
      yield* this.fetch(task, client, document)
      return
    }
    this.fds.add(file)
    this.readsFile(file, client, document)
  }

  private readsFile(file: Descriptor, client: Client, document: Document): void {
    this.fds.onReadable(file, (task) =>
      this.in(task, 'storeSwapIn', this.readFile(task, file, client, document)),
    )
  }

  private *readFile(task: Task, file: Descriptor, client: Client, document: Document): Path {
    const bytes = yield* this.kernel.calls.read(task, file, ioBytes)
    if (bytes === ioBytes) {
      this.readsFile(file, client, document)
      return
    }
    yield* this.fds.close(task, file)
    this.store.keepInMemory(document)
    if (this.isOpen(client)) this.reply(client, document.bytes)
  }

  private *swapOut(task: Task, document: Document): Path {
    const { calls } = this.kernel
    const directory = this.directoryOf(document)
    const file = yield* calls.open(task, directory, fileName(document), 'truncate')
    if (file < 0) return
    this.fds.add(file)
    this.writesFile(file, document, 0)
  }

  private writesFile(file: Descriptor, document: Document, written: number): void {
    this.fds.onWritable(file, (task) =>
      this.in(task, 'storeSwapOut', this.writeFile(task, file, document, written)),
    )
  }

  private *writeFile(task: Task, file: Descriptor, document: Document, written: number): Path {
    const { calls } = this.kernel
    const part = Math.min(ioBytes, document.bytes - written)
    yield* calls.write(task, file, part)
    if (written + part < document.bytes) {
      this.writesFile(file, document, written + part)
      return
    }
    yield* this.fds.close(task, file)
    for (const gone of this.store.keepOnDisk(document, this.settings.storeBytes())) {
      yield* calls.unlink(task, this.directoryOf(gone), fileName(gone))
    }
    if (!this.logDescriptors) return
    this.log(this.logDescriptors.store)
    this.log(this.logDescriptors.swap)
  }

  /** file_write() of a line: it is written when the loop comes to it. */
  private log(descriptor: Descriptor): void {
    const waiting = this.lines.get(descriptor) ?? 0
    this.lines.set(descriptor, waiting + 1)
    if (waiting > 0) return
    this.fds.onWritable(descriptor, (task) =>
      this.in(task, 'diskHandleWrite', this.writeLines(task, descriptor)),
    )
  }

  private *writeLines(task: Task, descriptor: Descriptor): Path {
    for (let left = this.lines.get(descriptor) ?? 0; left > 0; left--) {
      yield* this.kernel.calls.write(task, descriptor, logLineBytes)
    }
    this.lines.delete(descriptor)
  }

  // Origin servers.

  private *fetch(task: Task, client: Client, document: Document): Path {
    const under = this.fetching.get(document.id)
    if (under) {
      under.clients.add(client)
      this.reply(client, under.got)
      return
    }
    const { remoteHost, remotePort } = this.settings.originOf(document)
    const { sockets } = this.kernel.net
    const descriptor = yield* sockets.beginConnect(task, remoteHost, remotePort)
    if (descriptor < 0) {
      yield* this.closeClient(task, client)
      return
    }
    const fetch: Fetch = { document, clients: new Set([client]), got: 0 }
    this.fetching.set(document.id, fetch)
    this.settings.asks(sockets.peerOf(task, descriptor), document)
    this.fds.add(descriptor)
    this.fds.onTimeout(descriptor, connectTimeoutNs, (by) => this.endFetch(by, descriptor, fetch))
    this.fds.onWritable(descriptor, (by) => this.connected(by, descriptor, fetch))
  }

  private *connected(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    const error = yield* this.kernel.net.sockets.connectError(task, descriptor)
    if (error !== 0) {
      yield* this.endFetch(task, descriptor, fetch)
      return
    }
    this.fds.onTimeout(descriptor, readTimeoutNs, (by) => this.endFetch(by, descriptor, fetch))
    // httpSendRequest is called when the socket is writable, and has comm_write wait for it again.
    const { fds } = this
    const self = this
    fds.onWritable(descriptor, function* () {
      yield* self.compute(task, replyShare / 2)
      fds.onWritable(descriptor, (by) => self.sendRequest(by, descriptor, fetch))
    })
  }

  private *sendRequest(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    yield* this.kernel.calls.write(task, descriptor, originRequestBytes)
    this.readsReply(descriptor, fetch)
  }

  private readsReply(descriptor: Descriptor, fetch: Fetch): void {
    this.fds.onReadable(descriptor, (task) =>
      this.in(task, 'httpReadReply', this.readReply(task, descriptor, fetch)),
    )
  }

  /** httpReadReply(): what has come is appended, and whoever waits for it may go on. */
  private *readReply(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    const { document } = fetch
    const bytes = yield* this.kernel.calls.read(task, descriptor, replyBytes)
    if (bytes > 0) {
      fetch.got += bytes
      yield* this.compute(task, replyShare / 2)
      for (const client of fetch.clients) if (this.isOpen(client)) this.reply(client, fetch.got)
    }
    if (bytes > 0 || bytes === TcpError.again) {
      this.fds.onTimeout(descriptor, readTimeoutNs, (by) => this.endFetch(by, descriptor, fetch))
      this.readsReply(descriptor, fetch)
      return
    }
    yield* this.endFetch(task, descriptor, fetch)
    if (fetch.got < document.bytes || !this.settings.stores()) return
    this.store.keepInMemory(document)
    yield* this.in(task, 'storeSwapOut', this.swapOut(task, document))
  }

  /** The connection is closed; whose reply is not whole is closed too. */
  private *endFetch(task: Task, descriptor: Descriptor, fetch: Fetch): Path {
    this.fetching.delete(fetch.document.id)
    yield* this.fds.close(task, descriptor)
    if (fetch.got >= fetch.document.bytes) return
    for (const client of fetch.clients) yield* this.closeClient(task, client)
  }
}
