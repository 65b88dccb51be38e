/**
 * The system calls on sockets, as programs make them. Each holds the big kernel lock while it does not sleep, as in
 * 2.2. accept sleeps as wait_for_connect does: it stays on the listener's queue until it has a connection, looks again
 * whenever it is woken, and sleeps again when somebody else was faster, unless a signal has come. It looks for a descriptor only then, as
 * sys_accept does: when there is none, the connection is closed and lost.
 */
import type { Descriptor } from '../fs/descriptor-table'
import type { OpenFile } from '../fs/files'
import { Readiness } from '../fs/files'
import type { Descriptors } from '../fs/descriptors'
import type { KernelBase } from '../sched/base'
import type { Listener } from './listener'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import type { Connection, Tcp } from './tcp'
import { TcpState } from './tcp'

class ListeningSocket implements OpenFile {
  readonly name = 'listening socket'
  users = 0

  constructor(
    readonly listener: Listener,
    private readonly base: KernelBase,
  ) {}

  read(): Path<number> {
    throw new Error('a program reads from a listening socket')
  }

  write(): Path<number> {
    throw new Error('a program writes to a listening socket')
  }

  /** Readable: a connection waits to be accepted. */
  poll(): number {
    return this.listener.ready > 0 ? Readiness.readable : 0
  }

  // eslint-disable-next-line require-yield -- nothing of it waits
  *release(task: Task): Path {
    task.charge(this.base.cost.tcpClose)
  }
}

class ConnectedSocket implements OpenFile {
  readonly name = 'socket'
  users = 0

  constructor(
    readonly connection: Connection,
    private readonly tcp: Tcp,
    private readonly base: KernelBase,
  ) {}

  /** tcp_recvmsg(): waits for data; returns the bytes that were there, at most `max`, 0 at the end. */
  *read(task: Task, max: number): Path<number> {
    const { base, connection } = this
    const { cost } = base
    task.charge(cost.socketCall)
    task.node = base.call(task, base.procedures.tcp_recvmsg)
    while (connection.readable === 0 && !connection.finReceived) yield* this.sleep(task)
    const bytes = Math.min(connection.readable, max)
    connection.readable -= bytes
    task.charge(bytes * cost.copyPerByte)
    return bytes
  }

  /** tcp_sendmsg(): copies into the send buffer, waiting for room. */
  *write(task: Task, bytes: number): Path<number> {
    const { base, connection, tcp } = this
    const { cost } = base
    task.charge(cost.socketCall)
    task.node = base.call(task, base.procedures.tcp_sendmsg)
    let left = bytes
    while (left > 0 && !isClosed(connection)) {
      const part = Math.min(left, connection.room)
      if (part <= 0) {
        yield* this.sleep(task)
        continue
      }
      left -= part
      task.charge(part * cost.copyPerByte + tcp.write(connection, part))
    }
    return bytes - left
  }

  poll(): number {
    const { connection } = this
    const readable = connection.readable > 0 || connection.finReceived
    const writable = connection.room > 0 || isClosed(connection)
    return (readable ? Readiness.readable : 0) | (writable ? Readiness.writable : 0)
  }

  /** The half of openClose that accept has left. What shutdown has done is not done again. */
  // eslint-disable-next-line require-yield -- nothing of it waits
  *release(task: Task): Path {
    const { connection } = this
    const { cost } = this.base
    const shut = connection.finQueued || isClosed(connection)
    task.charge(cost.openClose / 2 + (shut ? 0 : cost.tcpClose) + this.tcp.close(connection))
  }

  private sleep(task: Task): Path {
    const { sleepers } = this.connection
    return this.base.dispatcher.sleepOn(task, sleepers, TaskState.interruptible)
  }
}

export class SocketCalls {
  constructor(
    private readonly base: KernelBase,
    private readonly descriptors: Descriptors,
    private readonly tcp: Tcp,
  ) {}

  /** socket(), bind() and listen(): a descriptor, or an errno of DescriptorError. */
  listen(task: Task, listener: Listener): Path<Descriptor> {
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doListen(task, listener))
  }

  // eslint-disable-next-line require-yield -- nothing of it waits
  private *doListen(task: Task, listener: Listener): Path<Descriptor> {
    const { cost } = this.base
    task.charge(3 * cost.systemCall + cost.openClose / 2)
    const descriptor = this.descriptors.reserve(task)
    if (descriptor >= 0) {
      const socket = new ListeningSocket(listener, this.base)
      this.descriptors.install(task, descriptor, socket)
    }
    return descriptor
  }

  /** accept(): a descriptor of the connection that has waited longest, or an errno, and that connection is lost. */
  accept(task: Task, listening: Descriptor): Path<Descriptor> {
    const listener = this.listenerAt(task, listening)
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doAccept(task, listener))
  }

  private *doAccept(task: Task, listener: Listener): Path<Descriptor> {
    const { base, descriptors, tcp } = this
    const { cost } = base
    const { sleepers } = listener
    const inCall = task.node
    task.charge(cost.systemCall + cost.fileCall)
    task.node = base.call(task, base.procedures.tcp_accept)
    let connection = listener.take()
    if (!connection) {
      sleepers.addAccepting(task)
      for (;;) {
        sleepers.prepareToSleep(task)
        yield Op.sleep
        // lock_sock, tcp_find_established.
        task.charge(2 * cost.spinLock + cost.waitQueueStep)
        connection = listener.take()
        if (connection || task.killed) break
        sleepers.noteBackToSleep(task)
      }
      sleepers.remove(task, connection ? 'got a connection' : 'none')
      if (!connection) throw new Killed()
    }
    connection.accepted = true
    task.charge(cost.tcpAccept + cost.openClose / 2)
    task.node = inCall
    const descriptor = descriptors.reserve(task)
    const socket = new ConnectedSocket(connection, tcp, base)
    if (descriptor < 0) yield* socket.release(task)
    else descriptors.install(task, descriptor, socket)
    return descriptor
  }

  /** shutdown() of the sending side: the FIN follows what was written. The cost of tcp_close is charged here. */
  shutdown(task: Task, descriptor: Descriptor): Path {
    const connection = this.connectionAt(task, descriptor)
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doShutdown(task, connection))
  }

  // eslint-disable-next-line require-yield -- nothing of it waits
  private *doShutdown(task: Task, connection: Connection): Path {
    const { base, tcp } = this
    task.charge(base.cost.systemCall)
    task.node = base.call(task, base.procedures.tcp_close)
    task.charge(base.cost.tcpClose + (isClosed(connection) ? 0 : tcp.finish(connection)))
  }

  private listenerAt(task: Task, descriptor: Descriptor): Listener {
    const socket = this.descriptors.fileAt(task, descriptor)
    if (socket instanceof ListeningSocket) return socket.listener
    throw new Error(
      `process ${task.pid} accepts on descriptor ${descriptor}, which does not listen`,
    )
  }

  private connectionAt(task: Task, descriptor: Descriptor): Connection {
    const socket = this.descriptors.fileAt(task, descriptor)
    if (socket instanceof ConnectedSocket) return socket.connection
    throw new Error(`descriptor ${descriptor} of process ${task.pid} is no connection`)
  }
}

const isClosed = (connection: Connection): boolean => connection.state === TcpState.closed
