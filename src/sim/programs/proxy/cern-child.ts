/**
 * What a process of a CERN httpd does with its connection: its calls in the order of
 * standalone_server_loop() and HTHandle() (src/daemon/HTDaemon.c of 3.0A), begun as root. A timer
 * stands around reading the request, sending the response, and the clean-up.
 * Left out: looking the client's name up (DNSLookup Off), RFC 931, linger, access control.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { CernCache } from './cern-cache'
import { group, passwd, readWhole } from './cern-stdio'
import type { Document, ProxyCounts, ProxySettings } from './proxy'
import { logLineBytes, originRequestBytes } from './proxy'

/** INPUT_BUFFER_SIZE: what is read and passed on at a time. */
const bufferBytes = 4096
/** Share of a request's computing that comes before its response (assumed). */
const shareBefore = 0.5

export interface CernParts {
  readonly kernel: Kernel
  readonly settings: ProxySettings
  readonly counts: ProxyCounts
  readonly cache: CernCache
  readonly etc: Inode
  readonly accessLog: Descriptor
}

export class CernChild {
  constructor(
    private readonly parts: CernParts,
    private readonly connection: Descriptor,
  ) {}

  *serve(task: Task): Path {
    const { connection } = this
    const { kernel, accessLog } = this.parts
    const { calls, net, timer } = kernel
    yield* net.sockets.getsockname(task, connection)
    const document = yield* this.timed(task, this.readRequest(task))
    if (document) {
      yield* this.becomeNobody(task)
      yield* this.timed(task, this.answer(task, document))
    }
    // A request that never came is logged too, as one that could not be parsed.
    yield* this.setTimer(task, false)
    timer.time(task)
    yield* calls.write(task, accessLog, logLineBytes)
    yield* this.setTimer(task, true)
    yield* net.sockets.shutdown(task, connection)
    yield* calls.close(task, connection)
  }

  /** START_TIMER and CANCEL_TIMER: alarm() and signal(), in one order or the other. */
  private setTimer(task: Task, ignores: boolean): Path {
    const { base, calls, ipc } = this.parts.kernel
    return base.locked(task, () => {
      ipc.signals.action(task, 'SIGALRM', ignores)
      calls.small(task, 'sys_alarm')
    })
  }

  private *timed<Result>(task: Task, body: Path<Result>): Path<Result> {
    yield* this.setTimer(task, false)
    const result = yield* body
    yield* this.setTimer(task, true)
    return result
  }

  private compute(task: Task, share: number): Path {
    const { kernel, settings } = this.parts
    return kernel.processes.compute(task, Math.round(settings.requestCycles() * share))
  }

  private *readRequest(task: Task): Path<Document | undefined> {
    const { kernel, settings, counts } = this.parts
    const bytes = yield* kernel.calls.read(task, this.connection, bufferBytes)
    if (bytes <= 0) return undefined
    yield* this.compute(task, shareBefore)
    counts.requests++
    return settings.asked(kernel.net.sockets.peerOf(task, this.connection))
  }

  /** getpwuid(), initgroups(), setgid(), setuid(). */
  private *becomeNobody(task: Task): Path {
    const { kernel, etc } = this.parts
    yield* readWhole(kernel, task, etc, passwd)
    yield* readWhole(kernel, task, etc, group)
    const { base, calls } = kernel
    yield* base.locked(task, () => {
      for (const call of ['sys_setgroups', 'sys_setgid', 'sys_setuid'] as const) {
        calls.small(task, call)
      }
      task.superuser = false
    })
  }

  private *answer(task: Task, document: Document): Path {
    const { settings, counts, cache } = this.parts
    const isKept = settings.stores() && (yield* cache.has(task, document))
    const file = isKept ? yield* cache.open(task, document) : -1
    if (file >= 0) {
      counts.diskHits++
      yield* this.send(task, file)
    } else {
      counts.misses++
      yield* this.fetch(task, document)
    }
    yield* this.compute(task, 1 - shareBefore)
  }

  /** HTLoadCacheToStream(). */
  private *send(task: Task, file: Descriptor): Path {
    const { calls } = this.parts.kernel
    yield* calls.fstat(task)
    for (;;) {
      const got = yield* calls.read(task, file, bufferBytes)
      if (got <= 0) break
      if ((yield* calls.write(task, this.connection, got)) < got) break
    }
    yield* calls.close(task, file)
  }

  /** HTLoadToStream(), with a copy into the cache as it comes. */
  private *fetch(task: Task, document: Document): Path {
    const { kernel, settings, cache } = this.parts
    const { calls, net } = kernel
    const file = settings.stores() ? yield* cache.lock(task, document) : -1
    const { remoteHost, remotePort } = settings.originOf(document)
    const origin = yield* net.sockets.connect(task, remoteHost, remotePort)
    let bytes = 0
    if (origin >= 0) {
      settings.asks(net.sockets.peerOf(task, origin), document)
      yield* calls.write(task, origin, originRequestBytes)
      for (;;) {
        const got = yield* calls.read(task, origin, bufferBytes)
        if (got <= 0) break
        bytes += got
        yield* calls.write(task, this.connection, got)
        if (file >= 0) yield* calls.write(task, file, got)
      }
      yield* calls.close(task, origin)
    }
    if (file < 0) return
    yield* calls.close(task, file)
    if (bytes === document.bytes) yield* cache.created(task, document, settings.storeBytes())
    else yield* cache.abandoned(task, document)
  }
}
