/**
 * The system calls on sockets, as programs make them. Each holds the big kernel lock while it does not sleep, as in
 * 2.2. accept sleeps as wait_for_connect does: it stays on the listener's queue until it has a connection, looks again
 * whenever it is woken, and sleeps again when somebody else was faster.
 */
import { cost } from './costs'
import type { Kernel } from './kernel'
import type { Listener } from './listener'
import type { Path, Task } from './task'
import { Op, TaskState } from './task'
import type { Connection, Tcp } from './tcp'
import { TcpState } from './tcp'

export class SocketCalls {
  constructor(
    private readonly kernel: Kernel,
    private readonly tcp: Tcp,
  ) {}

  /** accept(): the connection that has waited longest. */
  *accept(task: Task, listener: Listener): Path<Connection> {
    const { kernel } = this
    const { dispatcher } = kernel
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
        dispatcher.prepareToSleep(task, TaskState.interruptible)
        yield Op.sleep
        // lock_sock, tcp_find_established.
        task.charge(2 * cost.spinLock + cost.waitQueueStep)
        connection = listener.take()
        if (connection) break
        listener.sleepers.noteBackToSleep(task)
      }
      listener.sleepers.remove(task)
    }
    connection.accepted = true
    task.charge(cost.tcpAccept + cost.openClose / 2)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return connection
  }

  /** read(): waits for data; returns the bytes that were there, at most `most`, 0 at the end. */
  *receive(task: Task, connection: Connection, most: number): Path<number> {
    const { kernel } = this
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
  *send(task: Task, connection: Connection, bytes: number): Path<number> {
    const { kernel, tcp } = this
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

  /** shutdown() of the sending side, or close(): the FIN follows what was written. */
  *finish(task: Task, connection: Connection): Path {
    const { kernel, tcp } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_close)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall)
    task.node = kernel.call(task, kernel.procedures.tcp_close)
    task.charge(cost.tcpClose + (isClosed(connection) ? 0 : tcp.finish(connection)))
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
  }

  private *sleep(task: Task, connection: Connection): Path {
    connection.sleepers.add(task)
    this.kernel.dispatcher.prepareToSleep(task, TaskState.interruptible)
    yield Op.sleep
    connection.sleepers.remove(task)
  }
}

const isClosed = (connection: Connection): boolean => connection.state === TcpState.closed
