/**
 * The system calls on sockets, as programs make them. Each holds the big kernel lock while it does
 * not sleep, as in 2.2. accept sleeps as wait_for_connect does: it stays on the listener's queue
 * until it has a connection, looks again whenever it is woken, and sleeps again when somebody else
 * was faster, unless a signal has come. It looks for a descriptor only then, as sys_accept does:
 * when there is none, the connection is closed and lost.
 */
import type { Descriptor } from '../fs/descriptor-table'
import type { Descriptors } from '../fs/descriptors'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { ConnectedSocket, ListeningSocket } from './sockets'
import type { Connection } from './tcp/connection'
import { isClosed, TcpState } from './tcp/connection'
import { TcpError } from './tcp/errors'
import type { Listener } from './tcp/listener'
import type { Tcp } from './tcp/tcp'

export class SocketCalls {
  constructor(
    private readonly base: KernelBase,
    private readonly descriptors: Descriptors,
    private readonly tcp: Tcp,
  ) {}

  /**
   * socket(), bind() and listen() with a backlog, which the kernel cuts to SOMAXCONN: a descriptor,
   * or an errno of DescriptorError or TcpError.
   */
  listen(task: Task, port: number, backlog: number): Path<Descriptor> {
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doListen(task, port, backlog))
  }

  // eslint-disable-next-line require-yield -- nothing in it waits
  private *doListen(task: Task, port: number, backlog: number): Path<Descriptor> {
    const { descriptors, tcp } = this
    const { cost } = this.base
    task.charge(3 * cost.systemCall + cost.openClose / 2)
    const descriptor = descriptors.reserve(task)
    if (descriptor < 0) return descriptor
    const listener = tcp.listen(port, backlog)
    if (!listener) {
      descriptors.cancel(task, descriptor)
      return TcpError.addressInUse
    }
    descriptors.install(task, descriptor, new ListeningSocket(listener, tcp, this.base))
    return descriptor
  }

  /**
   * socket() and connect() to a port of a remote host: waits for the end of the handshake. A
   * descriptor, or an errno of DescriptorError or TcpError.
   */
  connect(task: Task, remoteHost: number, remotePort: number): Path<Descriptor> {
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doConnect(task, remoteHost, remotePort))
  }

  private *doConnect(task: Task, remoteHost: number, remotePort: number): Path<Descriptor> {
    const { base, descriptors, tcp } = this
    const { cost, dispatcher } = base
    task.charge(2 * cost.systemCall + cost.openClose / 2)
    const descriptor = descriptors.reserve(task)
    if (descriptor < 0) return descriptor
    task.charge(cost.tcpSyn)
    const connection = tcp.connect(remoteHost, remotePort)
    if (typeof connection === 'number') {
      descriptors.cancel(task, descriptor)
      return connection
    }
    descriptors.install(task, descriptor, new ConnectedSocket(connection, tcp, base))
    const isDecided = (): boolean => connection.state !== TcpState.synSent || task.killed
    yield* dispatcher.waitEvent(task, connection.waiters, TaskState.interruptible, isDecided)
    // Its descriptor goes with it.
    if (task.killed) throw new Killed()
    if (connection.error === 0) return descriptor
    yield* descriptors.close(task, descriptor)
    return connection.error
  }

  /**
   * accept(): a descriptor of the connection that has waited longest, or an errno, and that
   * connection is lost.
   */
  accept(task: Task, listening: Descriptor): Path<Descriptor> {
    const listener = this.listenerAt(task, listening)
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doAccept(task, listener))
  }

  private *doAccept(task: Task, listener: Listener): Path<Descriptor> {
    const { base, descriptors, tcp } = this
    const { cost } = base
    const { waiters } = listener
    const inCall = task.node
    task.charge(cost.systemCall + cost.fileCall)
    task.node = base.call(task, base.procedures.tcp_accept)
    let connection = listener.take()
    if (!connection) {
      waiters.addAccepting(task)
      for (;;) {
        yield* waiters.sleep(task)
        // lock_sock, tcp_find_established.
        task.charge(2 * cost.spinLock + cost.waitQueueStep)
        connection = listener.take()
        if (connection || task.killed) break
        waiters.noteBackToSleep(task)
      }
      waiters.remove(task, connection ? 'got a connection' : 'none')
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

  /**
   * shutdown() of the sending side: the FIN follows what was written. The cost of tcp_close is
   * charged here.
   */
  shutdown(task: Task, descriptor: Descriptor): Path {
    const connection = this.connectionAt(task, descriptor)
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, this.doShutdown(task, connection))
  }

  // eslint-disable-next-line require-yield -- nothing in it waits
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
