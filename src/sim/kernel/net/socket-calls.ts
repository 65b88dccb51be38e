/**
 * The system calls on sockets, as programs make them. Each holds the big kernel lock while it does
 * not sleep, as in 2.2. accept sleeps as wait_for_connect does: it stays on the listener's queue
 * until it has a connection, looks again whenever it is woken, and sleeps again when somebody else
 * was faster, unless a signal has come. It looks for a descriptor only then, as sys_accept does:
 * when there is none, the connection is closed and lost.
 */
import type { StackNode } from '../../observe/call-tree'
import { TraceNote } from '../../observe/trace'
import type { Descriptor } from '../fs/descriptor-table'
import type { Descriptors } from '../fs/descriptors'
import type { KernelBase } from '../sched/base'
import { Killed } from '../sched/killed'
import type { MayWait, Path, Task } from '../sched/task'
import { finish, Op, Rest, TaskState } from '../sched/task'
import { traceNote } from '../sched/trace-hooks'
import type { Endpoints } from './segment'
import type { SocketLock } from './socket-lock'
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
    private readonly lock: SocketLock,
  ) {}

  /**
   * socket(), bind() and listen() with a backlog, which the kernel cuts to SOMAXCONN: a descriptor,
   * or an errno of DescriptorError or TcpError.
   */
  listen(task: Task, port: number, backlog: number): Path<Descriptor> {
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, () => this.doListen(task, port, backlog))
  }

  private doListen(task: Task, port: number, backlog: number): Descriptor {
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
    return this.base.systemCall(
      task,
      sys_socketcall,
      () => new Rest(this.doConnect(task, remoteHost, remotePort)),
    )
  }

  private *doConnect(task: Task, remoteHost: number, remotePort: number): Path<Descriptor> {
    const { descriptors } = this
    const { dispatcher } = this.base
    const descriptor = this.begin(task, remoteHost, remotePort, false)
    if (descriptor < 0) return descriptor
    const connection = this.connectionAt(task, descriptor)
    const isDecided = (): boolean => connection.state !== TcpState.synSent || task.killed
    yield* dispatcher.waitEvent(task, connection.waiters, TaskState.interruptible, isDecided)
    // Its descriptor goes with it.
    if (task.killed) throw new Killed()
    if (connection.error === 0) return descriptor
    yield* finish(descriptors.close(task, descriptor))
    return connection.error
  }

  /** Charged as tcp_v4_connect is; the caller waits for the end of the handshake, or does not. */
  private begin(
    task: Task,
    remoteHost: number,
    remotePort: number,
    nonBlocking: boolean,
  ): Descriptor {
    const { base, descriptors, tcp } = this
    const { cost } = base
    task.charge(2 * cost.systemCall + cost.openClose / 2)
    const descriptor = descriptors.reserve(task)
    if (descriptor < 0) return descriptor
    task.charge(cost.tcpSyn)
    const connection = tcp.connect(remoteHost, remotePort)
    if (typeof connection === 'number') {
      descriptors.cancel(task, descriptor)
      return connection
    }
    const socket = new ConnectedSocket(connection, tcp, base, this.lock)
    socket.nonBlocking = nonBlocking
    descriptors.install(task, descriptor, socket)
    return descriptor
  }

  /**
   * socket(), fcntl() and connect() without blocking: a descriptor of a connection that is being
   * opened (EINPROGRESS), which is writable when that is decided; or an errno as of `connect`.
   */
  beginConnect(task: Task, remoteHost: number, remotePort: number): Path<Descriptor> {
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, () =>
      this.doBeginConnect(task, remoteHost, remotePort),
    )
  }

  private doBeginConnect(task: Task, remoteHost: number, remotePort: number): Descriptor {
    task.charge(this.base.cost.systemCall)
    return this.begin(task, remoteHost, remotePort, true)
  }

  /** getsockopt(SO_ERROR): why a connection could not be opened; 0 when nothing has failed. */
  connectError(task: Task, descriptor: Descriptor): Path<number> {
    const connection = this.connectionAt(task, descriptor)
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, () => this.doConnectError(task, connection))
  }

  private doConnectError(task: Task, connection: Connection): number {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    return connection.error
  }

  /** fcntl(F_GETFL) and fcntl(F_SETFL, O_NONBLOCK) of a socket, listening or connected. */
  setNonBlocking(task: Task, descriptor: Descriptor): Path {
    return this.base.systemCall(task, this.base.procedures.sys_fcntl, () =>
      this.doSetNonBlocking(task, descriptor),
    )
  }

  private doSetNonBlocking(task: Task, descriptor: Descriptor): void {
    const { cost } = this.base
    task.charge(2 * (cost.systemCall + cost.fileCall))
    const socket = this.descriptors.fileAt(task, descriptor)
    if (socket instanceof ListeningSocket || socket instanceof ConnectedSocket) {
      socket.nonBlocking = true
    } else throw new Error(`descriptor ${descriptor} of process ${task.pid} is no socket`)
  }

  /**
   * accept(): a descriptor of the connection that has waited longest, or an errno, and that
   * connection is lost; EAGAIN without blocking when there is none.
   */
  accept(task: Task, listening: Descriptor): Path<Descriptor> {
    const socket = this.listenerAt(task, listening)
    const { sys_socketcall } = this.base.procedures
    return this.base.systemCall(task, sys_socketcall, () => this.doAccept(task, socket))
  }

  private doAccept(task: Task, { listener, nonBlocking }: ListeningSocket): MayWait<Descriptor> {
    const { base } = this
    const inCall = task.node
    task.charge(base.cost.systemCall + base.cost.fileCall)
    task.node = base.call(task, base.procedures.tcp_accept)
    this.lock.take(task)
    const connection = this.findEstablished(task, listener)
    if (connection) return this.accepted(task, connection, inCall)
    if (!nonBlocking) return new Rest(this.waitForConnect(task, listener, inCall))
    task.node = inCall
    return TcpError.again
  }

  private *waitForConnect(task: Task, listener: Listener, inCall: StackNode): Path<Descriptor> {
    const { waiters } = listener
    waiters.addAccepting(task)
    for (;;) {
      yield* waiters.sleep(task)
      for (let spins = this.lock.take(task); spins; spins = this.lock.spin(task)) yield Op.run
      const connection = this.findEstablished(task, listener)
      if (connection) {
        waiters.remove(task)
        return this.accepted(task, connection, inCall)
      }
      if (task.killed) break
      waiters.noteBackToSleep(task)
    }
    waiters.remove(task, 'none')
    throw new Killed()
  }

  /** tcp_find_established(): the walk is paid for, also when it finds nothing. */
  private findEstablished(task: Task, listener: Listener): Connection | undefined {
    const connection = listener.take()
    task.charge(listener.requests.walking(task.processor, listener.passed))
    return connection
  }

  /** The other half of sys_accept: a descriptor for a connection, back in the stack `inCall`. */
  private accepted(task: Task, connection: Connection, inCall: StackNode): Descriptor {
    const { base, descriptors, tcp } = this
    const { cost } = base
    connection.accepted = true
    traceNote(base.dispatcher, TraceNote.accepted, task)
    task.charge(cost.tcpAccept + cost.openClose / 2)
    task.node = inCall
    const descriptor = descriptors.reserve(task)
    const socket = new ConnectedSocket(connection, tcp, base, this.lock)
    if (descriptor < 0) socket.release(task)
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
    return this.base.systemCall(task, sys_socketcall, () => this.doShutdown(task, connection))
  }

  private doShutdown(task: Task, connection: Connection): void {
    const { base, tcp } = this
    task.charge(base.cost.systemCall)
    task.node = base.call(task, base.procedures.tcp_close)
    this.lock.take(task)
    task.charge(base.cost.tcpClose + (isClosed(connection) ? 0 : tcp.finish(connection)))
  }

  /** What the bytes say that a read of the connection has brought. No system call. */
  heard(task: Task, descriptor: Descriptor): number {
    return this.connectionAt(task, descriptor).says
  }

  /** getsockname(): the address by which the other side has reached this one. */
  getsockname(task: Task, descriptor: Descriptor): Path<Endpoints> {
    const { ends } = this.connectionAt(task, descriptor)
    return this.base.systemCall(task, this.base.procedures.sys_getsockname, () => {
      this.lookUp(task)
      return ends
    })
  }

  /** setsockopt(TCP_NODELAY): TCP here never delays a small segment, so it changes nothing. */
  setNoDelay(task: Task, descriptor: Descriptor): Path {
    this.connectionAt(task, descriptor)
    return this.base.systemCall(task, this.base.procedures.sys_setsockopt, () => this.lookUp(task))
  }

  /** sockfd_lookup(), and a few words from or to the process. */
  private lookUp(task: Task): void {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
  }

  /** The other end of a connection, as getpeername() tells it. */
  peerOf(task: Task, descriptor: Descriptor): Endpoints {
    return this.connectionAt(task, descriptor).ends
  }

  private listenerAt(task: Task, descriptor: Descriptor): ListeningSocket {
    const socket = this.descriptors.fileAt(task, descriptor)
    if (socket instanceof ListeningSocket) return socket
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
