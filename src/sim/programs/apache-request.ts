/**
 * What an httpd of Apache 1.3 does with a connection: its system calls in their order, from the
 * trace in Apache's own Performance Notes (one socket, no lock, ExtendedStatus off, AllowOverride
 * none, the defaults), with the calls of http_main.c, http_core.c and http_protocol.c beside it. A
 * page of up to 4 MB is mapped and written in pieces of 32 KB, the first with the header. What
 * cannot be opened is answered by 403, whatever the errno (default_handler).
 * Left out: alarms, which Apache on Linux leaves to its parent; .htaccess, which the trace has off.
 */
import type { Descriptor } from '../kernel/fs/descriptor-table'
import { InodeFile } from '../kernel/fs/inode-file'
import type { SelectSet } from '../kernel/fs/poll/select-set'
import { Readiness } from '../kernel/fs/poll/watchers'
import type { Kernel } from '../kernel/kernel'
import type { Area } from '../kernel/mm/address-space'
import { pageBytes } from '../kernel/mm/page-frames'
import type { Path, Task } from '../kernel/sched/task'
import type { InstalledPage } from './web-pages'

const logLineBytes = 90
export const errorLineBytes = 70
/** IOBUFSIZE. */
const ioBytes = 8192
/** Response header of Apache 1.3, and the page that says 403 Forbidden (assumed). */
const headerBytes = 250
const forbiddenBytes = 290
/** MMAP_LIMIT and MMAP_SEGMENT_SIZE of 1.3. */
const mapLimit = 4 * 1024 * 1024
const segmentBytes = 32_768
/** lingering_close: how long it waits for something to read, and what it reads at a time. */
const lingerNs = 2e9
const lingerBytes = 2048

/** Length of the response that carries the whole page. */
export const responseBytes = (pageBytes: number): number => headerBytes + pageBytes

/** What all httpds of a server have in common. */
export interface Site {
  readonly accessLog: Descriptor
  readonly errorLog: Descriptor
  /** What the request of a connection asks for. */
  page(task: Task, connection: Descriptor): InstalledPage
  /** Computing of a request in user mode, cycles. */
  requestCycles(): number
}

export class ApacheRequest {
  /** The descriptor that lingering_close waits for, of one httpd. */
  private readonly lingering: SelectSet

  constructor(
    private readonly kernel: Kernel,
    private readonly site: Site,
  ) {
    this.lingering = kernel.selects.set()
  }

  *serve(task: Task, connection: Descriptor): Path {
    const { base, calls, ipc, memoryCalls, net, processes, timer } = this.kernel
    const { signals } = ipc
    // A graceful restart does not end it before it has answered once.
    signals.action(task, 'SIGUSR1', true)
    yield* net.sockets.getsockname(task, connection)
    yield* net.sockets.setNoDelay(task, connection)
    const bytes = yield* calls.read(task, connection, ioBytes)
    let mapped: Area | undefined
    if (bytes > 0) {
      signals.action(task, 'SIGUSR1', true)
      timer.time(task)
      const half = Math.round(this.site.requestCycles() / 2)
      yield* processes.compute(task, half)
      mapped = yield* base.driven(task, this.answer(task, connection))
      timer.time(task)
      yield* calls.write(task, this.site.accessLog, logLineBytes)
      yield* processes.compute(task, half)
    }
    yield* this.linger(task, connection)
    signals.action(task, 'SIGUSR1', false)
    // Its pools are cleared before the next accept.
    if (mapped) yield* base.locked(task, () => memoryCalls.munmap(task, mapped))
  }

  /** default_handler(). Returns what it has mapped. */
  private *answer(task: Task, connection: Descriptor): Path<Area | undefined> {
    const { calls } = this.kernel
    const { directory, name } = this.site.page(task, connection)
    const size = (yield* calls.stat(task, directory, name)) ?? 0
    const page = yield* calls.open(task, directory, name, 'read')
    if (page < 0) {
      yield* calls.write(task, this.site.errorLog, errorLineBytes)
      yield* calls.write(task, connection, headerBytes + forbiddenBytes)
      return undefined
    }
    const isMapped = size > 0 && size < mapLimit
    const mapped = isMapped ? yield* this.map(task, page, size) : undefined
    if (mapped) yield* this.sendMapped(task, connection, mapped, size)
    else yield* this.sendRead(task, connection, page)
    yield* calls.close(task, page)
    return mapped
  }

  private map(task: Task, page: Descriptor, size: number): Path<Area> {
    const { base, descriptors, memoryCalls } = this.kernel
    const file = descriptors.fileAt(task, page)
    if (!(file instanceof InodeFile)) throw new Error(`a page is ${file.name}, which has no pages`)
    return base.locked(task, () => memoryCalls.mmap(task, Math.ceil(size / pageBytes), file.inode))
  }

  /** ap_send_mmap(). */
  private *sendMapped(task: Task, connection: Descriptor, area: Area, size: number): Path {
    const { calls } = this.kernel
    let header = headerBytes
    for (let from = 0; from < size; from += segmentBytes) {
      const bytes = Math.min(segmentBytes, size - from)
      const sent = yield* calls.writev(task, connection, header, { area, from, bytes })
      if (sent < header + bytes) return
      header = 0
    }
  }

  /** ap_send_fd(): a page that is empty or too large to be mapped. */
  private *sendRead(task: Task, connection: Descriptor, page: Descriptor): Path {
    const { calls } = this.kernel
    let first = headerBytes
    for (;;) {
      const got = yield* calls.read(task, page, ioBytes)
      if (got + first === 0) return
      const sent = yield* calls.write(task, connection, got + first)
      if (sent < got + first || got < ioBytes) return
      first = 0
    }
  }

  /**
   * lingering_close(): the client's FIN is waited for, so that nothing it still sends is answered
   * by a reset.
   */
  private *linger(task: Task, connection: Descriptor): Path {
    const { calls, net, selects } = this.kernel
    yield* net.sockets.shutdown(task, connection)
    selects.watch(task, this.lingering, connection, Readiness.readable)
    while ((yield* selects.select(task, this.lingering, lingerNs)) > 0) {
      if ((yield* calls.read(task, connection, lingerBytes)) <= 0) break
    }
    yield* calls.close(task, connection)
  }
}
