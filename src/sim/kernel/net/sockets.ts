/** Sockets as open files: what read, write, poll and the last close do with them. */
import { TraceNote } from '../../observe/trace'
import type { OpenFile } from '../fs/files'
import { Readiness } from '../fs/files'
import { Watchers } from '../fs/poll/watchers'
import type { KernelBase } from '../sched/base'
import type { MayWait, Path, Task } from '../sched/task'
import { Rest, TaskState } from '../sched/task'
import { traceNote } from '../sched/trace-hooks'
import type { Connection } from './tcp/connection'
import { isClosed, TcpState } from './tcp/connection'
import type { SocketLock } from './socket-lock'
import { TcpError } from './tcp/errors'
import type { Listener } from './tcp/listener'
import type { Tcp } from './tcp/tcp'

export class ListeningSocket implements OpenFile {
  readonly name = 'listening socket'
  users = 0
  /** O_NONBLOCK: accept fails with EAGAIN where it would wait. */
  nonBlocking = false

  constructor(
    readonly listener: Listener,
    private readonly tcp: Tcp,
    private readonly base: KernelBase,
  ) {}

  get watchers(): Watchers {
    return this.listener.waiters.watchers
  }

  read(): never {
    throw new Error('a program reads from a listening socket')
  }

  write(): never {
    throw new Error('a program writes to a listening socket')
  }

  /** Readable: a connection waits to be accepted. */
  poll(): number {
    return this.listener.ready > 0 ? Readiness.readable : 0
  }

  release(task: Task): void {
    task.charge(this.base.cost.tcpClose)
    this.watchers.close()
    this.tcp.unlisten(this.listener)
  }
}

export class ConnectedSocket implements OpenFile {
  readonly name = 'socket'
  users = 0
  /** O_NONBLOCK: read and write fail with EAGAIN where they would wait. */
  nonBlocking = false

  constructor(
    readonly connection: Connection,
    private readonly tcp: Tcp,
    private readonly base: KernelBase,
    private readonly lock: SocketLock,
  ) {}

  get watchers(): Watchers {
    return (this.connection.watchers ??= new Watchers())
  }

  /**
   * tcp_recvmsg(): waits for data; returns the bytes that were there, at most `max`, 0 at the end.
   * Without blocking, EAGAIN instead of waiting.
   */
  read(task: Task, max: number): MayWait<number> {
    const { base } = this
    task.charge(base.cost.socketCall)
    task.node = base.call(task, base.procedures.tcp_recvmsg)
    this.lock.take(task)
    if (this.isReadable) return this.take(task, max)
    return this.nonBlocking ? TcpError.again : new Rest(this.readLater(task, max))
  }

  private *readLater(task: Task, max: number): Path<number> {
    while (!this.isReadable) {
      yield* this.sleep(task)
      this.lock.take(task)
    }
    return this.take(task, max)
  }

  private get isReadable(): boolean {
    const { readable, finReceived } = this.connection
    return readable > 0 || finReceived
  }

  private take(task: Task, max: number): number {
    const { connection } = this
    const bytes = Math.min(connection.readable, max)
    this.tcp.take(connection, bytes)
    task.charge(bytes * this.base.cost.copyPerByte)
    return bytes
  }

  /**
   * tcp_sendmsg(): copies into the send buffer, waiting for room. Without blocking, what there is
   * room for, or EAGAIN.
   */
  write(task: Task, bytes: number): MayWait<number> {
    const { base } = this
    task.charge(base.cost.socketCall)
    task.node = base.call(task, base.procedures.tcp_sendmsg)
    this.lock.take(task)
    const left = this.put(task, bytes)
    if (left === 0 || isClosed(this.connection)) return bytes - left
    if (!this.nonBlocking) return new Rest(this.writeRest(task, bytes, left))
    return left < bytes ? bytes - left : TcpError.again
  }

  private *writeRest(task: Task, bytes: number, rest: number): Path<number> {
    let left = rest
    while (left > 0 && !isClosed(this.connection)) {
      yield* this.sleep(task)
      this.lock.take(task)
      left = this.put(task, left)
    }
    return bytes - left
  }

  /** Puts into the send buffer what it has room for. Returns the bytes that are left. */
  private put(task: Task, bytes: number): number {
    const { connection, tcp } = this
    let left = bytes
    while (left > 0 && !isClosed(connection)) {
      const part = Math.min(left, connection.room)
      if (part <= 0) break
      left -= part
      task.charge(part * this.base.cost.copyPerByte + tcp.write(connection, part))
    }
    return left
  }

  poll(): number {
    const { connection } = this
    const isOpen = connection.state !== TcpState.synSent
    const writable = (isOpen && connection.room > 0) || isClosed(connection)
    return (this.isReadable ? Readiness.readable : 0) | (writable ? Readiness.writable : 0)
  }

  /** The half of openClose that accept has left. What shutdown has done is not done again. */
  release(task: Task): void {
    const { connection } = this
    const { cost } = this.base
    traceNote(this.base.dispatcher, TraceNote.closed, task)
    const shut = connection.finQueued || isClosed(connection)
    connection.watchers?.close()
    this.lock.take(task)
    task.charge(cost.openClose / 2 + (shut ? 0 : cost.tcpClose) + this.tcp.close(connection))
  }

  private sleep(task: Task): Path {
    const { waiters } = this.connection
    return this.base.dispatcher.sleepOn(task, waiters, TaskState.interruptible)
  }
}
