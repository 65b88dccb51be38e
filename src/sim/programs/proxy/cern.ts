/**
 * CERN httpd 3.0 as a proxy: the parent waits in select, whose timeout is the next clean-up of the
 * cache, accepts, and forks a process for each connection (cern-child.ts). Each waits in the kernel
 * for its own connection, so that many that say nothing cost nothing but memory. The order of calls
 * is standalone_server_loop()'s (src/daemon/HTDaemon.c of 3.0A).
 * Left out: the clean-up itself, the handler of SIGCHLD, whose work is done after each accept.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { DescriptorError } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import { Readiness } from '../../kernel/fs/poll/watchers'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { LinkedProgram } from '../loader'
import { Loader } from '../loader'
import { CernCache } from './cern-cache'
import { CernChild } from './cern-child'
import { installEtc } from './cern-stdio'
import type { Proxy, ProxySettings } from './proxy'
import { noCounts } from './proxy'

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
/** Until the next clean-up, which is at three in the night: hours (assumed). */
const cleanUpNs = 12 * 3600e9

export class Cern implements Proxy {
  readonly counts = noCounts()
  private readonly cache: CernCache
  private readonly logs: Inode
  private readonly etc: Inode
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
    this.cache = new CernCache(kernel, home, settings.stores() ? settings.stored : [])
    this.etc = installEtc(kernel)
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
    const waits = kernel.selects.set()
    kernel.selects.watch(task, waits, this.listening, Readiness.readable)
    for (;;) {
      if ((yield* kernel.selects.select(task, waits, cleanUpNs)) <= 0) continue
      const connection = yield* net.sockets.accept(task, this.listening)
      kernel.timer.time(task)
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
    const { kernel, settings, counts, cache, etc, accessLog } = this
    this.processes++
    try {
      kernel.processes.workOn(task, program.workingSetKB * 1024)
      yield* kernel.memory.copyOnWrite(task)
      yield* kernel.memory.grow(task, ownPages)
      const child = new CernChild({ kernel, settings, counts, cache, etc, accessLog }, connection)
      yield* child.serve(task)
    } finally {
      this.processes--
      this.clients--
    }
  }
}
