/**
 * CERN httpd 3.0 as a proxy: the parent accepts, and forks a process for each connection, which
 * reads the request, looks for the document's file, sends it, or fetches it from an origin server,
 * sends it on as it comes and keeps it; logs, and ends. Each process waits in the kernel for its
 * own connection, so that many that say nothing cost nothing but memory.
 * Left out: the cache index and its garbage collector, configuration, lock files of the cache.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { DescriptorError } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { LinkedProgram } from '../loader'
import { Loader } from '../loader'
import type { Document, Proxy, ProxySettings } from './proxy'
import { fileName, ioBytes, logLineBytes, noCounts, originRequestBytes } from './proxy'

/** Pages that a run touches, its working set, its heap, text of its C library (assumed). */
const program = {
  name: 'cern',
  image: 'cern',
  textPages: 60,
  dataPages: 12,
  bssPages: 8,
  workingSetKB: 64,
}
const heapPages = 40
const libraryPages = 40
/** What a child writes to after fork: its stack, its request, its buffers (assumed). */
const ownPages = 10
const directories = 64

export class Cern implements Proxy {
  readonly counts = noCounts()
  private readonly cache: Inode[] = []
  private readonly logs: Inode
  /** Documents that have files. */
  private readonly files = new Set<number>()
  private listening: Descriptor = DescriptorError.badDescriptor
  private accessLog: Descriptor = DescriptorError.badDescriptor
  clients = 0
  /** Processes that serve a connection, and the parent. */
  processes = 0

  constructor(
    private readonly kernel: Kernel,
    private readonly settings: ProxySettings,
    /** Called when it is about to accept for the first time. */
    private readonly onReady: () => void,
  ) {
    const { fs } = kernel
    const home = fs.installDirectory(fs.root, 'cern', 1)
    this.logs = fs.installDirectory(home, 'logs', 2)
    for (let index = 0; index < directories; index++) {
      this.cache.push(fs.installDirectory(home, `${index}`, 4 + (index % 16)))
    }
    for (const document of settings.stores() ? settings.stored : []) {
      fs.install(this.directoryOf(document), fileName(document), document.bytes)
      this.files.add(document.id)
    }
  }

  private directoryOf({ id }: Document): Inode {
    return this.cache[id % this.cache.length]
  }

  boot(): void {
    const { kernel } = this
    const bin = kernel.fs.installDirectory(kernel.fs.root, 'cern-bin', 1)
    const loader = new Loader(kernel, bin, bin)
    const httpd = loader.install(bin, program, heapPages, libraryPages)
    kernel.processes.boot('init', (task) => this.parent(task, loader, httpd))
  }

  private *parent(task: Task, loader: Loader, httpd: LinkedProgram): Path {
    const { kernel, settings } = this
    const { processes, net, calls } = kernel
    const isLinked = yield* loader.run(task, httpd)
    if (!isLinked) return
    this.listening = yield* net.sockets.listen(task, settings.port, settings.backlog())
    this.accessLog = yield* calls.open(task, this.logs, 'access_log', 'create')
    if (this.listening < 0 || this.accessLog < 0) return
    this.processes = 1
    this.onReady()
    for (;;) {
      const connection = yield* net.sockets.accept(task, this.listening)
      // Those that have ended are reaped here, as its handler of SIGCHLD would.
      while (task.children.length > 0 && (yield* processes.wait(task, false)) !== undefined);
      if (connection < 0) continue
      this.clients++
      const child = yield* processes.fork(task, (by) => this.child(by, connection))
      if (!child) this.clients--
      yield* calls.close(task, connection)
    }
  }

  private *child(task: Task, connection: Descriptor): Path {
    const { kernel } = this
    this.processes++
    try {
      task.superuser = false
      kernel.processes.workOn(task, program.workingSetKB * 1024)
      yield* kernel.memory.copyOnWrite(task)
      yield* kernel.memory.grow(task, ownPages)
      yield* kernel.calls.close(task, this.listening)
      yield* this.serve(task, connection)
    } finally {
      this.processes--
      this.clients--
    }
  }

  private compute(task: Task, share: number): Path {
    return this.kernel.processes.compute(task, Math.round(this.settings.requestCycles() * share))
  }

  private *serve(task: Task, connection: Descriptor): Path {
    const { kernel, settings, counts } = this
    const { calls, net } = kernel
    const bytes = yield* calls.read(task, connection, ioBytes)
    if (bytes <= 0) return
    yield* this.compute(task, 0.5)
    const document = settings.asked(net.sockets.peerOf(task, connection))
    counts.requests++
    const directory = this.directoryOf(document)
    const isKept = settings.stores() && this.files.has(document.id)
    if (isKept) yield* calls.stat(task, directory, fileName(document))
    const file = isKept ? yield* calls.open(task, directory, fileName(document), 'read') : -1
    if (file >= 0) {
      counts.diskHits++
      yield* this.send(task, connection, file)
    } else {
      counts.misses++
      yield* this.fetch(task, connection, document)
    }
    yield* this.compute(task, 0.5)
    yield* calls.write(task, this.accessLog, logLineBytes)
    // The client's end closes after this one: no data of it is left unread.
    yield* calls.close(task, connection)
  }

  private *send(task: Task, connection: Descriptor, file: Descriptor): Path {
    const { calls } = this.kernel
    for (;;) {
      const got = yield* calls.read(task, file, ioBytes)
      if (got <= 0) break
      const sent = yield* calls.write(task, connection, got)
      if (sent < got || got < ioBytes) break
    }
    yield* calls.close(task, file)
  }

  private *fetch(task: Task, connection: Descriptor, document: Document): Path {
    const { kernel, settings } = this
    const { calls, net } = kernel
    const { remoteHost, remotePort } = settings.originOf(document)
    const origin = yield* net.sockets.connect(task, remoteHost, remotePort)
    if (origin < 0) return
    settings.asks(net.sockets.peerOf(task, origin), document)
    yield* calls.write(task, origin, originRequestBytes)
    const directory = this.directoryOf(document)
    const file = settings.stores()
      ? yield* calls.open(task, directory, fileName(document), 'truncate')
      : -1
    let bytes = 0
    for (;;) {
      const got = yield* calls.read(task, origin, ioBytes)
      if (got <= 0) break
      bytes += got
      yield* calls.write(task, connection, got)
      if (file >= 0) yield* calls.write(task, file, got)
    }
    yield* calls.close(task, origin)
    if (file < 0) return
    yield* calls.close(task, file)
    if (bytes === document.bytes) this.files.add(document.id)
  }
}
