import { describe, expect, it } from 'vitest'
import { Readiness } from '../kernel/fs/files'
import type { Segment } from '../kernel/net/segment'
import { TcpError } from '../kernel/net/tcp/errors'
import type { Path, Task } from '../kernel/sched/task'
import { pass, smallMachine, start } from '../kernel/small-machine.test-support'
import { RemoteHost, Way } from '../machine/remote-host'
import { OriginServers } from './origin-servers'

const millisecond = 1e6

/** A machine and the servers that its programs can connect to. */
function machine({ loss = 0, bytes = 5000 } = {}) {
  const m = smallMachine()
  const { net } = m.kernel
  const origins: OriginServers = new OriginServers(
    m.engine,
    { latencyNs: () => 20 * millisecond, responseBytes: () => bytes },
    (segment) => net.card.fromHost(segment),
  )
  const way = (name: string) => new Way(m.engine.stream(name), millisecond)
  const host = new RemoteHost<Segment>(way('to'), way('from'), origins.receive)
  host.loss = loss
  const remoteHost = net.attach(host)
  return { m, origins, remoteHost }
}

/** Asks, and reads to the end. Returns the bytes that came. */
function* fetch(m: ReturnType<typeof smallMachine>, task: Task, host: number): Path<number> {
  const { net, calls } = m.kernel
  const socket = yield* net.sockets.connect(task, host, 80)
  if (socket < 0) return socket
  yield* calls.write(task, socket, 200)
  let bytes = 0
  for (;;) {
    const got = yield* calls.read(task, socket, 8192)
    if (got <= 0) break
    bytes += got
  }
  yield* calls.close(task, socket)
  return bytes
}

describe('origin servers', () => {
  it('send the whole document after their latency, and close', () => {
    const { m, origins, remoteHost } = machine()
    const result = start(m, (task) => fetch(m, task, remoteHost))
    pass(m, 0.02)
    expect(result()).toBeUndefined()
    pass(m, 1)
    expect(result()).toBe(5000)
    expect([origins.requests, origins.open, m.kernel.net.tcp.open]).toEqual([1, 0, 0])
  })

  it.each([0, 1, 1459, 1460, 1461, 200_000])('send a document of %d bytes', (bytes) => {
    const { m, origins, remoteHost } = machine({ bytes })
    const result = start(m, (task) => fetch(m, task, remoteHost))
    pass(m, 3)
    expect([result(), origins.open]).toEqual([bytes, 0])
  })

  it('send again what gets lost', () => {
    const { m, origins, remoteHost } = machine({ loss: 0.05, bytes: 60_000 })
    const results = [1, 2, 3, 4].map(() => start(m, (task) => fetch(m, task, remoteHost)))
    pass(m, 300)
    expect(results.map((result) => result())).toEqual([60_000, 60_000, 60_000, 60_000])
    expect(origins.open).toBe(0)
  })
})

describe('a socket that does not block', () => {
  it('connects while the program goes on, and is writable when it is connected', () => {
    const { m, remoteHost } = machine()
    const { net, calls, descriptors, timer } = m.kernel
    const seen: number[] = []
    const result = start(m, function* (task) {
      const socket = yield* net.sockets.beginConnect(task, remoteHost, 80)
      seen.push(descriptors.fileAt(task, socket).poll() & Readiness.writable)
      yield* timer.sleepUntilWoken(task, task.childExit, 10 * millisecond)
      seen.push(descriptors.fileAt(task, socket).poll() & Readiness.writable)
      seen.push(yield* net.sockets.connectError(task, socket))
      seen.push(yield* calls.read(task, socket, 100))
      yield* calls.close(task, socket)
      return socket
    })
    pass(m, 1)
    expect(result()).toBeGreaterThanOrEqual(0)
    expect(seen).toEqual([0, Readiness.writable, 0, TcpError.again])
  })

  it('says EAGAIN in accept when nobody has come', () => {
    const { m } = machine()
    const { net } = m.kernel
    const result = start(m, function* (task) {
      const listening = yield* net.sockets.listen(task, 80, 10)
      yield* net.sockets.setNonBlocking(task, listening)
      return yield* net.sockets.accept(task, listening)
    })
    pass(m, 1)
    expect(result()).toBe(TcpError.again)
  })

  it('takes of a write what there is room for, and then EAGAIN', () => {
    const { m, remoteHost } = machine()
    const { net, calls } = m.kernel
    const result = start(m, function* (task) {
      const socket = yield* net.sockets.connect(task, remoteHost, 80)
      yield* net.sockets.setNonBlocking(task, socket)
      const first = yield* calls.write(task, socket, 200_000)
      const second = yield* calls.write(task, socket, 200_000)
      return [first > 0 && first < 200_000, second]
    })
    pass(m, 1)
    expect(result()).toEqual([true, TcpError.again])
  })
})
