/**
 * The system calls on sockets, as programs make them. Each holds the big kernel lock while it does not sleep, as in
 * 2.2. accept sleeps as wait_for_connect does: it stays on the listener's queue until it has a connection, looks again
 * whenever it is woken, and sleeps again when somebody else was faster, unless a signal has come. It looks for a descriptor only then, as
 * sys_accept does: when there is none, the connection is closed and lost.
 */
import type { Descriptor } from '../fs/descriptor-table'
import type { Socket } from '../fs/files'
import type { Costs } from '../../machine/core'
import type { Descriptors } from '../fs/descriptors'
import type { KernelBase } from '../sched/base'
import type { Listener } from './listener'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import type { Connection, Tcp } from './tcp'
import { TcpState } from './tcp'

class ListeningSocket implements Socket {
  constructor(
    readonly listener: Listener,
    private readonly cost: Costs,
  ) {}

  close(): number {
    return this.cost.tcpClose
  }
}

class ConnectedSocket implements Socket {
  constructor(
    readonly connection: Connection,
    private readonly tcp: Tcp,
    private readonly cost: Costs,
  ) {}

  /** The half of openClose that accept has left. What shutdown has done is not done again. */
  close(): number {
    const { connection } = this
    const shut = connection.finQueued || isClosed(connection)
    return this.cost.openClose / 2 + (shut ? 0 : this.cost.tcpClose) + this.tcp.close(connection)
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
      const socket = new ListeningSocket(listener, cost)
      this.descriptors.install(task, descriptor, {
        ...{ name: 'listening socket', socket, users: 0, position: 0 },
      })
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
    const socket = new ConnectedSocket(connection, tcp, cost)
    if (descriptor < 0) task.charge(socket.close())
    else descriptors.install(task, descriptor, { name: 'socket', socket, users: 0, position: 0 })
    return descriptor
  }

  /** read(): waits for data; returns the bytes that were there, at most `max`, 0 at the end. */
  receive(task: Task, descriptor: Descriptor, max: number): Path<number> {
    const connection = this.connectionAt(task, descriptor)
    const { sys_read } = this.base.procedures
    return this.base.systemCall(task, sys_read, this.doReceive(task, connection, max))
  }

  private *doReceive(task: Task, connection: Connection, max: number): Path<number> {
    const { base } = this
    const { cost } = base
    task.charge(cost.systemCall + cost.fileCall + cost.socketCall)
    task.node = base.call(task, base.procedures.tcp_recvmsg)
    while (connection.readable === 0 && !connection.finReceived) {
      yield* this.sleep(task, connection)
    }
    const bytes = Math.min(connection.readable, max)
    connection.readable -= bytes
    task.charge(bytes * cost.copyPerByte)
    return bytes
  }

  /** write(): copies into the send buffer, waiting for room. Returns the bytes written: fewer when the other side is gone. */
  send(task: Task, descriptor: Descriptor, bytes: number): Path<number> {
    const connection = this.connectionAt(task, descriptor)
    const { sys_write } = this.base.procedures
    return this.base.systemCall(task, sys_write, this.doSend(task, connection, bytes))
  }

  private *doSend(task: Task, connection: Connection, bytes: number): Path<number> {
    const { base, tcp } = this
    const { cost } = base
    task.charge(cost.systemCall + cost.fileCall + cost.socketCall)
    task.node = base.call(task, base.procedures.tcp_sendmsg)
    let left = bytes
    while (left > 0 && !isClosed(connection)) {
      const part = Math.min(left, connection.room)
      if (part <= 0) {
        yield* this.sleep(task, connection)
        continue
      }
      left -= part
      task.charge(part * cost.copyPerByte + tcp.write(connection, part))
    }
    return bytes - left
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
    const { socket } = this.descriptors.fileAt(task, descriptor)
    if (socket instanceof ListeningSocket) return socket.listener
    throw new Error(
      `process ${task.pid} accepts on descriptor ${descriptor}, which does not listen`,
    )
  }

  private connectionAt(task: Task, descriptor: Descriptor): Connection {
    const { socket } = this.descriptors.fileAt(task, descriptor)
    if (socket instanceof ConnectedSocket) return socket.connection
    throw new Error(`descriptor ${descriptor} of process ${task.pid} is no connection`)
  }

  private sleep(task: Task, connection: Connection): Path {
    return this.base.dispatcher.sleepOn(task, connection.sleepers, TaskState.interruptible)
  }
}

const isClosed = (connection: Connection): boolean => connection.state === TcpState.closed
