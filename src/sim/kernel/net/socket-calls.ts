/**
 * The system calls on sockets, as programs make them. Each holds the big kernel lock while it does not sleep, as in
 * 2.2. accept sleeps as wait_for_connect does: it stays on the listener's queue until it has a connection, looks again
 * whenever it is woken, and sleeps again when somebody else was faster, unless a signal has come. It looks for a descriptor only then, as
 * sys_accept does: when there is none, the connection is closed and lost.
 */
import { cost } from '../costs'
import type { Descriptor } from '../fs/descriptor-table'
import type { Socket } from '../fs/files'
import type { Kernel } from '../kernel'
import type { Listener } from './listener'
import { Killed } from '../process/processes'
import type { Path, Task } from '../sched/task'
import { Op, TaskState } from '../sched/task'
import type { Connection, Tcp } from './tcp'
import { TcpState } from './tcp'

class ListeningSocket implements Socket {
  constructor(readonly listener: Listener) {}

  close(): number {
    return cost.tcpClose
  }
}

class ConnectedSocket implements Socket {
  constructor(
    readonly connection: Connection,
    private readonly tcp: Tcp,
  ) {}

  /** The half of openClose that accept has left. What shutdown has done is not done again. */
  close(): number {
    const { connection } = this
    const shut = connection.finQueued || isClosed(connection)
    return cost.openClose / 2 + (shut ? 0 : cost.tcpClose) + this.tcp.close(connection)
  }
}

export class SocketCalls {
  constructor(
    private readonly kernel: Kernel,
    private readonly tcp: Tcp,
  ) {}

  /** socket(), bind() and listen(): a descriptor, or an errno of DescriptorError. */
  *listen(task: Task, listener: Listener): Path<Descriptor> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_socketcall)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(3 * cost.systemCall + cost.openClose / 2)
    const descriptor = kernel.descriptors.reserve(task)
    if (descriptor >= 0) {
      const socket = new ListeningSocket(listener)
      kernel.descriptors.install(task, descriptor, {
        ...{ name: 'listening socket', socket, users: 0, position: 0 },
      })
    }
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return descriptor
  }

  /** accept(): a descriptor of the connection that has waited longest, or an errno, and that connection is lost. */
  *accept(task: Task, listening: Descriptor): Path<Descriptor> {
    const { kernel, tcp } = this
    const { dispatcher, descriptors } = kernel
    const listener = this.listenerAt(task, listening)
    const node = task.node
    const inCall = kernel.call(task, kernel.procedures.sys_socketcall)
    task.node = inCall
    if (task.lockDepth++ === 0 && !dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall)
    task.node = kernel.call(task, kernel.procedures.tcp_accept)
    let connection = listener.take()
    if (!connection) {
      listener.sleepers.addAccepting(task)
      for (;;) {
        listener.sleepers.prepareToSleep(task)
        yield Op.sleep
        // lock_sock, tcp_find_established.
        task.charge(2 * cost.spinLock + cost.waitQueueStep)
        connection = listener.take()
        if (connection || task.killed) break
        listener.sleepers.noteBackToSleep(task)
      }
      listener.sleepers.remove(task, connection ? 'got a connection' : 'none')
      if (!connection) throw new Killed()
    }
    connection.accepted = true
    task.charge(cost.tcpAccept + cost.openClose / 2)
    task.node = inCall
    const descriptor = descriptors.reserve(task)
    const socket = new ConnectedSocket(connection, tcp)
    if (descriptor < 0) task.charge(socket.close())
    else descriptors.install(task, descriptor, { name: 'socket', socket, users: 0, position: 0 })
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return descriptor
  }

  /** read(): waits for data; returns the bytes that were there, at most `most`, 0 at the end. */
  *receive(task: Task, descriptor: Descriptor, most: number): Path<number> {
    const { kernel } = this
    const connection = this.connectionAt(task, descriptor)
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_read)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall + cost.socketCall)
    task.node = kernel.call(task, kernel.procedures.tcp_recvmsg)
    while (connection.readable === 0 && !connection.finReceived) {
      yield* this.sleep(task, connection)
    }
    const bytes = Math.min(connection.readable, most)
    connection.readable -= bytes
    task.charge(bytes * cost.copyPerByte)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return bytes
  }

  /** write(): copies into the send buffer, waiting for room. Returns the bytes written: fewer when the other side is gone. */
  *send(task: Task, descriptor: Descriptor, bytes: number): Path<number> {
    const { kernel, tcp } = this
    const connection = this.connectionAt(task, descriptor)
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_write)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall + cost.socketCall)
    task.node = kernel.call(task, kernel.procedures.tcp_sendmsg)
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
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return bytes - left
  }

  /** shutdown() of the sending side: the FIN follows what was written. The cost of tcp_close is charged here. */
  *shutdown(task: Task, descriptor: Descriptor): Path {
    const { kernel, tcp } = this
    const connection = this.connectionAt(task, descriptor)
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_socketcall)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall)
    task.node = kernel.call(task, kernel.procedures.tcp_close)
    task.charge(cost.tcpClose + (isClosed(connection) ? 0 : tcp.finish(connection)))
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
  }

  private listenerAt(task: Task, descriptor: Descriptor): Listener {
    const { socket } = this.kernel.descriptors.fileAt(task, descriptor)
    if (socket instanceof ListeningSocket) return socket.listener
    throw new Error(
      `process ${task.pid} accepts on descriptor ${descriptor}, which does not listen`,
    )
  }

  private connectionAt(task: Task, descriptor: Descriptor): Connection {
    const { socket } = this.kernel.descriptors.fileAt(task, descriptor)
    if (socket instanceof ConnectedSocket) return socket.connection
    throw new Error(`descriptor ${descriptor} of process ${task.pid} is no connection`)
  }

  private *sleep(task: Task, connection: Connection): Path {
    connection.sleepers.add(task)
    this.kernel.dispatcher.prepareToSleep(task, TaskState.interruptible)
    yield Op.sleep
    connection.sleepers.remove(task)
  }
}

const isClosed = (connection: Connection): boolean => connection.state === TcpState.closed
