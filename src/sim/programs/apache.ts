/**
 * Apache 1.3, prefork. The parent, as root, opens the listening socket and the logs, which httpds
 * inherit, and keeps spare servers (perform_idle_server_maintenance). An httpd accepts, and does
 * what apache-request.ts says. When accept fails for want of a descriptor it logs that and exits
 * (child_main). Left out: configuration, keep-alive, MaxRequestsPerChild, the scoreboard file,
 * ap_slack, and a lock file: what is locked is the error log.
 */
import type { Descriptor } from '../kernel/fs/descriptor-table'
import { DescriptorError } from '../kernel/fs/descriptor-table'
import type { Inode } from '../kernel/fs/inode'
import type { Kernel } from '../kernel/kernel'
import type { SocketCalls } from '../kernel/net/socket-calls'
import type { FileCalls } from '../kernel/fs/file-calls'
import type { Path, Task } from '../kernel/sched/task'
import { WaitQueue } from '../kernel/sched/wait-queue'
import { Mode } from '../observe/call-tree'
import type { Site } from './apache-request'
import { ApacheRequest, errorLineBytes } from './apache-request'
import type { LinkedProgram } from './loader'
import { Loader } from './loader'
import type { InstalledPage, WebPage } from './web-pages'
import { installPages } from './web-pages'

/**
 * How httpds take turns at accept: not at all (the text's modified Apache), by a file lock whose
 * release wakes all waiters, or by a semaphore whose release wakes one.
 */
export type Serialize = 'none' | 'fcntl' | 'sysvsem'

/**
 * Pages of httpd that a run touches, its working set, its heap, and text of its C library (assumed:
 * Apache 1.3 of RH 5.2).
 */
const program = {
  name: 'httpd',
  image: '/usr/sbin/httpd',
  textPages: 60,
  dataPages: 12,
  bssPages: 8,
  workingSetKB: 96,
}
const heapPages = 40
const libraryPages = 40
/** What an httpd writes to itself after fork: its scoreboard slot, its pools (assumed). */
const ownPages = 12
/** SCOREBOARD_MAINTENANCE_INTERVAL and MAX_SPAWN_RATE of 1.3. */
const maintenanceNs = 1e9
const maxStarted = 32
/** Looking at one slot of the scoreboard, cycles (assumed). */
const scoreboardStep = 20

export interface ApacheSettings {
  /** Directories that it has on the disk: of its pages and logs, and of its program. */
  readonly home: string
  readonly bin: string
  /** Port, and ListenBacklog. */
  readonly port: number
  backlog(): number
  /** StartServers. */
  processes(): number
  /** MaxClients. */
  maxClients(): number
  /** MinSpareServers and MaxSpareServers. */
  minSpare(): number
  maxSpare(): number
  serialize(): Serialize
  /** What can be asked for, by number. */
  readonly pages: readonly WebPage[]
  /** Computing of a request in user mode, cycles. */
  requestCycles(): number
}

/** A slot of the scoreboard. */
interface Slot {
  /** The httpd serves a connection. */
  serves: boolean
}

export class Apache implements Site {
  private readonly calls: FileCalls
  private readonly sockets: SocketCalls
  private readonly pages: readonly InstalledPage[]
  private readonly logs: Inode
  /** Descriptors that the parent opens and every httpd inherits. */
  private listening: Descriptor = DescriptorError.badDescriptor
  errorLog: Descriptor = DescriptorError.badDescriptor
  accessLog: Descriptor = DescriptorError.badDescriptor
  /** Id of the set with the semaphore that serialises accept. */
  private readonly semaphore: number
  /** The scoreboard, in the order in which httpds were started. */
  private readonly httpds = new Map<Task, Slot>()
  /** httpds that serve a connection. */
  busy = 0
  private beforeFirstAccept = 0

  constructor(
    private readonly kernel: Kernel,
    private readonly settings: ApacheSettings,
    /** Called once, when every httpd is about to call accept for the first time. */
    private readonly onReady: () => void,
  ) {
    const { fs, tree } = kernel
    this.calls = kernel.calls
    this.sockets = kernel.net.sockets
    this.semaphore = kernel.ipc.semaphores.install(1, 1)
    const home = fs.installDirectory(fs.root, settings.home, 1)
    const documents = fs.installDirectory(home, 'htdocs', 2)
    this.logs = fs.installDirectory(home, 'logs', 3)
    this.pages = installPages(fs, documents, settings.pages)
    tree.declare(program.image, 'main', Mode.user)
  }

  boot(): void {
    const { kernel } = this
    const bin = kernel.fs.installDirectory(kernel.fs.root, this.settings.bin, 4)
    const loader = new Loader(kernel, bin, bin)
    const httpd = loader.install(bin, program, heapPages, libraryPages)
    kernel.processes.boot('init', (task) => this.parent(task, loader, httpd))
  }

  private *parent(task: Task, loader: Loader, httpd: LinkedProgram): Path {
    const isLinked = yield* loader.run(task, httpd)
    if (!isLinked) return
    this.listening = yield* this.sockets.listen(task, this.settings.port, this.settings.backlog())
    this.errorLog = yield* this.calls.open(task, this.logs, 'error_log', 'create')
    this.accessLog = yield* this.calls.open(task, this.logs, 'access_log', 'create')
    if (this.listening < 0 || this.errorLog < 0 || this.accessLog < 0) return
    const count = this.settings.processes()
    this.beforeFirstAccept = count
    for (let index = 0; index < count; index++) {
      if (!(yield* this.start(task))) this.reached()
    }
    yield* this.keep(task)
  }

  /** make_child(). */
  private *start(task: Task): Path<boolean> {
    const child = yield* this.kernel.processes.fork(task, (httpd) => this.httpd(httpd))
    if (child) this.slotOf(child)
    return child !== undefined
  }

  private slotOf(httpd: Task): Slot {
    let slot = this.httpds.get(httpd)
    if (!slot) this.httpds.set(httpd, (slot = { serves: false }))
    return slot
  }

  /** Number of httpds. */
  get processes(): number {
    return this.httpds.size
  }

  /**
   * The main loop of standalone_main: reaps children that have ended, and checks once a second how
   * many are idle.
   */
  private *keep(task: Task): Path {
    const { kernel } = this
    const nobody = new WaitQueue()
    let batch = 1
    for (;;) {
      if ((yield* kernel.processes.wait(task, false)) !== undefined) continue
      yield* kernel.timer.sleepUntilWoken(task, nobody, maintenanceNs)
      yield* kernel.processes.compute(task, this.httpds.size * scoreboardStep)
      const { settings } = this
      const idle = this.httpds.size - this.busy
      if (idle > settings.maxSpare()) {
        const last = [...this.httpds].findLast(([, slot]) => !slot.serves)
        if (last) kernel.ipc.signals.kill(last[0], task)
      }
      const wanted = idle < settings.minSpare() ? batch : 0
      const free = Math.max(0, settings.maxClients() - this.httpds.size)
      for (let started = 0; started < Math.min(wanted, free); started++) {
        if (!(yield* this.start(task))) break
      }
      batch = wanted > 0 && free > 0 ? Math.min(maxStarted, 2 * batch) : 1
    }
  }

  private reached(): void {
    if (--this.beforeFirstAccept === 0) this.onReady()
  }

  /** child_main(). */
  private *httpd(task: Task): Path {
    const { kernel } = this
    let slot: Slot | undefined
    try {
      task.superuser = false
      kernel.processes.workOn(task, program.workingSetKB * 1024)
      yield* kernel.memory.copyOnWrite(task)
      yield* kernel.memory.grow(task, ownPages)
      this.reached()
      const request = new ApacheRequest(kernel, this)
      for (;;) {
        const serialize = this.settings.serialize()
        const connection =
          serialize === 'none'
            ? yield* this.sockets.accept(task, this.listening)
            : yield* this.acceptAlone(task, serialize)
        if (connection < 0) {
          yield* this.calls.write(task, this.errorLog, errorLineBytes)
          task.exitStatus = 1
          return
        }
        this.busy++
        slot ??= this.slotOf(task)
        slot.serves = true
        yield* kernel.base.driven(task, request.serve(task, connection))
        slot.serves = false
        this.busy--
      }
    } finally {
      // Also when a signal ends it.
      if (slot?.serves === true) this.busy--
      this.httpds.delete(task)
    }
  }

  private *acceptAlone(task: Task, serialize: Serialize): Path<Descriptor> {
    const { semaphores, fileLocks } = this.kernel.ipc
    const byFile = serialize === 'fcntl'
    yield* byFile ? fileLocks.lock(task, this.errorLog) : semaphores.down(task, this.semaphore, 0)
    const connection = yield* this.sockets.accept(task, this.listening)
    yield* byFile ? fileLocks.unlock(task, this.errorLog) : semaphores.up(task, this.semaphore, 0)
    return connection
  }

  page(task: Task, connection: Descriptor): InstalledPage {
    const number = this.sockets.heard(task, connection)
    if (number < this.pages.length) return this.pages[number]
    throw new Error(`a client asks for page ${number} of ${this.pages.length}`)
  }

  requestCycles(): number {
    return this.settings.requestCycles()
  }
}
