/**
 * Squid 1.1: one process, one event loop (fd-table.ts), a state for each connection. A request is
 * answered from memory, from the disk store (squid-store.ts) or from an origin server
 * (squid-fetches.ts); what is fetched is kept, and three logs are written. When the loop fails the
 * process ends, and the script RunCache starts it again after a pause.
 * Facts: src/comm.c, http.c, disk.c, store.c of February 1997, between 1.1.6 and 1.1.8; what is in
 * the disk store, and unlinkd, of April 1997, 1.1.10 merged.
 * Left out: DNS look-ups, access lists, ICP, redirectors, quick_abort (off by default), headers.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import { WaitQueue } from '../../kernel/sched/wait-queue'
import { Mode } from '../../observe/call-tree'
import type { EventSource } from '../events/event-source'
import type { LinkedProgram } from '../loader'
import { Loader } from '../loader'
import { DocumentStore } from './document-store'
import { FdTable, loopProcedures } from './fd-table'
import type { Proxy, ProxySettings } from './proxy'
import { noCounts } from './proxy'
import type { ClientParts } from './squid-client'
import { SquidClient } from './squid-client'
import { SquidFetches } from './squid-fetches'
import { SquidLogs } from './squid-logs'
import type { SquidProcedures } from './squid-process'
import { declareProcedures, heapPages, libraryPages, program, SquidProcess } from './squid-process'
import type { StoreParts } from './squid-store'
import { installDocument, SquidStore, StoreDirectories } from './squid-store'
import { SwapFiles } from './swap-files'
import { installUnlinkd, Unlinkd } from './unlinkd'

/** RunCache waits so long before it starts Squid again. */
const restartNs = 10e9

export class Squid implements Proxy {
  readonly counts = noCounts()
  private readonly stored: StoreParts
  private readonly logs: Inode
  private readonly procedures: SquidProcedures
  /** The clients of the process that runs, where one does. */
  private open: Set<SquidClient> | undefined

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
    const directories = new StoreDirectories(kernel, home)
    const swap = new SwapFiles()
    this.stored = { directories, documents: new DocumentStore(), swap }
    for (const document of settings.stores() ? settings.stored : []) {
      installDocument(kernel, directories, swap, document)
    }
    this.procedures = declareProcedures(tree)
    // Before the machine has booted, so that they are counted.
    for (const name of loopProcedures) tree.declare(program.image, name, Mode.user)
  }

  get clients(): number {
    return this.open?.size ?? 0
  }

  get processes(): number {
    return this.open ? 1 : 0
  }

  boot(): void {
    const { kernel } = this
    const bin = kernel.fs.installDirectory(kernel.fs.root, 'squid-bin', 1)
    const loader = new Loader(kernel, bin, bin)
    const executable = loader.install(bin, program, heapPages, libraryPages)
    const unlinker = installUnlinkd(loader, bin)
    kernel.processes.boot('RunCache', (task) => this.runCache(task, loader, executable, unlinker))
  }

  private *runCache(
    task: Task,
    loader: Loader,
    executable: LinkedProgram,
    unlinker: LinkedProgram,
  ): Path {
    const { kernel } = this
    const nobody = new WaitQueue()
    const self = this
    for (;;) {
      const child = yield* kernel.processes.fork(task, function* (squid) {
        const isLinked = yield* loader.run(squid, executable)
        if (isLinked) yield* self.main(squid, new Unlinkd(kernel, loader, unlinker))
      })
      if (child) yield* kernel.processes.wait(task)
      yield* kernel.timer.sleepUntilWoken(task, nobody, restartNs)
    }
  }

  private *main(task: Task, unlinkd: Unlinkd): Path {
    const { kernel, settings, counts } = this
    const events = this.makeEvents(kernel)
    const fds = new FdTable(kernel, program.image, events, this.makeAcceptEvents(kernel), counts)
    const process = new SquidProcess(kernel, settings, counts, fds, this.procedures)
    try {
      const logs = new SquidLogs(process)
      const opened = (yield* unlinkd.start(task)) && (yield* logs.open(task, this.logs))
      const { sockets } = kernel.net
      const listening = yield* sockets.listen(task, settings.port, settings.backlog())
      if (!opened || listening < 0) return
      // cache_effective_user: it goes on as nobody, and has no part in what is kept for root.
      task.superuser = false
      logs.joinLoop()
      unlinkd.joinLoop(process)
      const client = this.partsFor(process, logs, unlinkd)
      yield* sockets.setNonBlocking(task, listening)
      yield* fds.listen(task, listening, () =>
        process.in(task, 'asciiHandleConn', this.accept(task, listening, client)),
      )
      this.open = client.open
      this.onReady()
      yield* fds.run(task)
    } finally {
      fds.end()
      this.open = undefined
    }
  }

  private partsFor(process: SquidProcess, logs: SquidLogs, unlinkd: Unlinkd): ClientParts {
    const { documents, swap } = this.stored
    const store = new SquidStore(process, this.stored, logs, unlinkd)
    const fetches = new SquidFetches(process, store)
    return { process, documents, swap, store, fetches, logs, open: new Set() }
  }

  /** asciiHandleConn(): one connection. */
  private *accept(task: Task, listening: Descriptor, parts: ClientParts): Path {
    const { sockets } = this.kernel.net
    const descriptor = yield* sockets.accept(task, listening)
    if (descriptor < 0) return
    yield* sockets.setNonBlocking(task, descriptor)
    new SquidClient(parts, descriptor)
  }
}
