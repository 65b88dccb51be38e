/**
 * Apache 1.3, prefork: a parent that keeps spare servers, and httpds that accept, read, parse, send, log and close.
 * `serialize`: `none` (all of them call accept at once, as the text's modified Apache), `fcntl` (a file lock whose
 * release wakes all who wait for it), `sysvsem` (a semaphore whose release wakes one).
 * After the response the httpd closes its side and lingers until the client has closed its own (lingering_close).
 * Left out: configuration, keep-alive, MaxRequestsPerChild, the scoreboard's file.
 */
import type { Inode } from '../kernel/ext2-inode'
import { cost } from '../kernel/costs'
import type { Kernel } from '../kernel/kernel'
import type { Listener } from '../kernel/listener'
import type { SocketCalls } from '../kernel/socket-calls'
import { SystemCalls } from '../kernel/system-calls'
import type { Path, Task } from '../kernel/task'
import { Op, TaskState } from '../kernel/task'
import type { Connection } from '../kernel/tcp'
import { WaitQueue } from '../kernel/wait-queue'
import { Mode } from '../observe/call-tree'

export type Serialize = 'none' | 'fcntl' | 'sysvsem'

/** Text and data pages of httpd that a run touches, its working set, and its C library (assumed: Apache 1.3 of RH 5.2). */
const program = {
  name: 'httpd', image: '/usr/sbin/httpd',
  textPages: 60, libraryPages: 40, dataPages: 60, workingSetKB: 96,
} // prettier-ignore
/** What an httpd writes to itself after fork: its scoreboard slot, its pools (assumed). */
const ownPages = 12
const logLineBytes = 90
const ioBytes = 8192
/** Response header of Apache 1.3. */
const headerBytes = 250

export interface ApacheSettings {
  processes(): number
  serialize(): Serialize
  /** Size of the page that is asked for, bytes. */
  pageBytes(): number
  /** Computing of a request in user mode, cycles. */
  requestCycles(): number
}

export class Apache {
  private readonly calls: SystemCalls
  private readonly documents: Inode
  private readonly logs: Inode
  private lockHeld = false
  private readonly lockQueue = new WaitQueue()
  served = 0
  /** httpds that are with a connection. */
  busy = 0
  processes = 0
  private beforeFirstAccept = 0

  constructor(
    private readonly kernel: Kernel,
    private readonly sockets: SocketCalls,
    private readonly listener: Listener,
    private readonly settings: ApacheSettings,
    /** Called once, when every httpd is about to call accept for the first time. */
    private readonly onReady: () => void,
  ) {
    const { fs, tree } = kernel
    this.calls = new SystemCalls(kernel)
    const home = fs.installDirectory(fs.root, 'httpd', 1)
    this.documents = fs.installDirectory(home, 'htdocs', 2)
    this.logs = fs.installDirectory(home, 'logs', 3)
    fs.install(this.documents, 'index.html', settings.pageBytes())
    tree.declare(program.image, 'main', Mode.user)
  }

  boot(): void {
    const { kernel } = this
    const { fs, tree } = kernel
    const bin = fs.installDirectory(fs.root, 'sbin', 4)
    const file = fs.install(bin, 'httpd', Math.ceil(program.textPages * 1.5) * 4096)
    const library = fs.install(bin, 'libc.so', 700 * 1024)
    const main = tree.declare(program.image, 'main', Mode.user)
    kernel.processes.boot('init', (task) => this.parent(task, { program, main, file, library }))
  }

  private *parent(task: Task, executable: Parameters<Kernel['processes']['exec']>[1]): Path {
    const { processes } = this.kernel
    yield* processes.exec(task, executable)
    const count = this.settings.processes()
    this.beforeFirstAccept = count
    for (let index = 0; index < count; index++) {
      const child = yield* processes.fork(task, (httpd) => this.httpd(httpd))
      if (child) this.processes++
      else this.reached()
    }
    while ((yield* processes.wait(task)) !== undefined);
  }

  private reached(): void {
    if (--this.beforeFirstAccept === 0) this.onReady()
  }

  private *httpd(task: Task): Path {
    const { kernel } = this
    yield* kernel.processes.copyOnWrite(task)
    yield* kernel.processes.grow(task, ownPages)
    const log = yield* this.calls.open(task, this.logs, 'access_log', 'create')
    this.reached()
    for (;;) {
      const serialize = this.settings.serialize()
      if (serialize !== 'none') yield* this.lock(task, serialize)
      const connection = yield* this.sockets.accept(task, this.listener)
      if (serialize !== 'none') yield* this.unlock(task, serialize)
      this.busy++
      yield* this.serve(task, connection, log)
      this.busy--
    }
  }

  private *serve(task: Task, connection: Connection, log: number | undefined): Path {
    const { processes } = this.kernel
    const { calls, sockets } = this
    const cycles = this.settings.requestCycles()
    const bytes = yield* sockets.receive(task, connection, ioBytes)
    if (bytes > 0) {
      yield* processes.compute(task, Math.round(cycles / 2))
      yield* calls.stat(task, this.documents, 'index.html')
      const file = yield* calls.open(task, this.documents, 'index.html', 'read')
      let first = headerBytes
      while (file !== undefined) {
        const got = yield* calls.read(task, file, ioBytes)
        if (got + first === 0) break
        const sent = yield* sockets.send(task, connection, got + first)
        if (sent < got + first || got < ioBytes) break
        first = 0
      }
      if (file !== undefined) yield* calls.close(task, file)
      if (log !== undefined) yield* calls.write(task, log, logLineBytes)
      yield* processes.compute(task, Math.round(cycles / 2))
      this.served++
    }
    // lingering_close: the client's FIN is waited for, so that nothing it still sends is answered by a reset.
    yield* sockets.finish(task, connection)
    while ((yield* sockets.receive(task, connection, ioBytes)) > 0);
  }

  // Serialisation of accept.

  private *lock(task: Task, kind: Serialize): Path {
    const { kernel } = this
    const { dispatcher, procedures } = kernel
    const node = task.node
    task.node = kernel.call(task, kind === 'fcntl' ? procedures.fcntl_setlk : procedures.sys_semop)
    if (task.lockDepth++ === 0 && !dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall)
    while (this.lockHeld) {
      this.lockQueue.add(task)
      dispatcher.prepareToSleep(task, TaskState.interruptible)
      yield Op.sleep
      this.lockQueue.remove(task)
      task.charge(cost.waitQueueStep)
    }
    this.lockHeld = true
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
  }

  private *unlock(task: Task, kind: Serialize): Path {
    const { kernel } = this
    const { dispatcher, procedures } = kernel
    const node = task.node
    task.node = kernel.call(task, kind === 'fcntl' ? procedures.fcntl_setlk : procedures.sys_semop)
    if (task.lockDepth++ === 0 && !dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall)
    this.lockHeld = false
    // The lock code wakes everybody; a semaphore wakes the one who has waited longest.
    if (kind === 'fcntl') dispatcher.wakeAll(this.lockQueue, task)
    else {
      const first = this.lockQueue.sleepers[0]
      if (first !== undefined && dispatcher.wake(first)) task.charge(cost.wakeUp)
    }
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
  }
}
