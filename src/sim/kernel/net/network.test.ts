import { describe, expect, it } from 'vitest'
import { RemoteHost, Way } from '../../machine/remote-host'
import { Readiness } from '../fs/files'
import type { Path, Task } from '../sched/task'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, smallMachine, start } from '../small-machine.test-support'
import type { Segment } from './segment'
import { Flag } from './segment'
import { TcpError } from './tcp/errors'

/** A host so many ns away. What it receives it does with its address at hand. */
function attach(
  m: SmallMachine,
  ns: number,
  receive: (segment: Segment) => void,
): RemoteHost<Segment> {
  const way = (name: string): Way => new Way(m.engine.stream(`${name} ${ns}`), ns)
  const host = new RemoteHost<Segment>(way('to'), way('from'), receive)
  m.kernel.net.attach(host)
  return host
}

/** Sends `bytes` to each connection on a port, and closes when the other side has. */
function serve(m: SmallMachine, port: number, bytes: number): void {
  const { net, calls } = m.kernel
  start(m, function* (task) {
    const listening = yield* net.sockets.listen(task, port, 10)
    for (;;) {
      const socket = yield* net.sockets.accept(task, listening)
      yield* calls.write(task, socket, bytes)
      while ((yield* calls.read(task, socket, 8192)) > 0);
      yield* calls.close(task, socket)
    }
  })
}

describe('two machines on one wire', () => {
  /** What one sends, the other receives, with the ends the other way round. */
  function pair() {
    const client = smallMachine()
    const server: SmallMachine = smallMachine()
    const turned = (segment: Segment): Segment => ({
      ...segment,
      remotePort: segment.localPort,
      localPort: segment.remotePort,
    })
    const held: Segment[] = []
    const back: Segment[] = []
    attach(client, 50_000, (segment) => void held.push(turned(segment)))
    attach(server, 50_000, (segment) => void back.push(turned(segment)))
    const both = (seconds: number): void => {
      for (let at = 0; at < seconds; at += 0.001) {
        pass(client, 0.001)
        for (const segment of held.splice(0)) server.kernel.net.card.fromHost(segment)
        pass(server, 0.001)
        for (const segment of back.splice(0)) client.kernel.net.card.fromHost(segment)
      }
    }
    return { client, server, both }
  }

  it('connect: a program here reads what a listener there sends', () => {
    const { client, server, both } = pair()
    serve(server, 80, 10_000)
    const { net, calls } = client.kernel
    both(0.01)
    const read = start(client, function* (task) {
      const socket = yield* net.sockets.connect(task, 0, 80)
      if (socket < 0) return socket
      let bytes = 0
      while (bytes < 10_000) bytes += yield* calls.read(task, socket, 8192)
      yield* calls.close(task, socket)
      return bytes
    })
    both(1)
    expect(read()).toBe(10_000)
    expect([net.tcp.opened, server.kernel.net.tcp.opened]).toEqual([1, 1])
    expect([net.tcp.open, server.kernel.net.tcp.open]).toEqual([0, 0])
  })

  it('poll says of each socket what would not wait', () => {
    const { client, server, both } = pair()
    const [here, there] = [client.kernel, server.kernel]
    const { readable, writable } = Readiness
    let [listening, accepted, connected] = [-1, -1, -1]
    let [ofServer, ofClient]: (Task | undefined)[] = []
    const steps: string[] = []
    /** What poll says of the listener, of the accepted socket and of the one that connects. */
    const polls = (): number[] => {
      const of = ({ descriptors }: typeof here, task: Task | undefined, at: number): number =>
        task && at >= 0 ? descriptors.fileAt(task, at).poll() : -1
      const server = [of(there, ofServer, listening), of(there, ofServer, accepted)]
      return [...server, of(here, ofClient, connected)]
    }
    /** A program goes on when it is told to. */
    function* until(kernel: typeof here, task: Task, step: string): Path {
      while (!steps.includes(step)) {
        yield* kernel.timer.sleepUntilWoken(task, task.childExit, 10e6)
      }
    }
    start(server, function* (task) {
      ofServer = task
      listening = yield* there.net.sockets.listen(task, 80, 10)
      yield* until(there, task, 'accept')
      accepted = yield* there.net.sockets.accept(task, listening)
      yield* until(there, task, 'read')
      yield* there.calls.read(task, accepted, 8192)
      yield* until(there, task, 'fill')
      yield* there.calls.write(task, accepted, 1_000_000_000)
    })
    start(client, function* (task) {
      ofClient = task
      yield* until(here, task, 'connect')
      connected = yield* here.net.sockets.connect(task, 0, 80)
      yield* until(here, task, 'write')
      yield* here.calls.write(task, connected, 100)
      yield* until(here, task, 'close')
      yield* here.net.sockets.shutdown(task, connected)
      yield* until(here, task, 'end')
    })
    const after = (step: string): number[] => {
      steps.push(step)
      both(0.1)
      return polls()
    }
    expect(after('begin')).toEqual([0, -1, -1])
    expect(after('connect')).toEqual([readable, -1, writable])
    expect(after('accept')).toEqual([0, writable, writable])
    expect(after('write')).toEqual([0, readable | writable, writable])
    expect(after('read')).toEqual([0, writable, writable])
    // The end of the data can be read without waiting.
    expect(after('close')).toEqual([0, readable | writable, writable])
    // More than the send buffer holds and the link takes.
    expect(after('fill')).toEqual([0, readable, readable | writable])
  })

  it('connect to a port where nobody listens is refused', () => {
    const { client, both } = pair()
    const result = start(client, (task) => client.kernel.net.sockets.connect(task, 0, 81))
    both(0.2)
    expect(result()).toBe(TcpError.refused)
    expect(client.kernel.net.tcp.open).toBe(0)
  })
})

it('connect to a host that does not answer is given up after eleven SYNs', () => {
  const m = smallMachine()
  const syns: number[] = []
  attach(m, 1000, ({ flags }) => void syns.push(flags))
  const result = start(m, (task) => m.kernel.net.sockets.connect(task, 0, 80))
  pass(m, 800)
  expect(result()).toBe(TcpError.timedOut)
  expect(syns).toEqual(Array(11).fill(Flag.syn))
})

it('two listeners share the network with clients at different distances', () => {
  const m = smallMachine()
  serve(m, 80, 3000)
  serve(m, 8080, 500)
  const { net } = m.kernel
  const got = [0, 0]
  const firstAt = [0, 0]
  const answer = (host: number) => (segment: Segment) => {
    got[host]! += segment.bytes
    firstAt[host] ||= m.engine.now
    const end = segment.sequence + segment.bytes
    const done = end === (host === 0 ? 3000 : 500)
    const flags = done ? Flag.ack | Flag.fin : Flag.ack
    if ((segment.flags & Flag.fin) !== 0) {
      net.card.fromHost({
        ...segment,
        flags: Flag.ack,
        sequence: 1,
        bytes: 0,
        acknowledged: end + 1,
      })
    } else net.card.fromHost({ ...segment, flags, sequence: 0, bytes: 0, acknowledged: end })
  }
  attach(m, 100_000, answer(0))
  attach(m, 20_000_000, answer(1))
  pass(m, 0.1)
  const began = m.engine.now
  // The same remote port on both: host and local port tell them apart.
  const syn = { flags: Flag.syn, sequence: 0, bytes: 0, acknowledged: 0, window: 32_120 }
  net.card.fromHost({ ...syn, remoteHost: 0, remotePort: 7, localPort: 80 })
  net.card.fromHost({ ...syn, remoteHost: 1, remotePort: 7, localPort: 8080 })
  pass(m, 2)
  expect(got).toEqual([3000, 500])
  expect(firstAt[0]! - began).toBeLessThan(2e6)
  expect(firstAt[1]! - began).toBeGreaterThan(40e6)
  expect([net.tcp.opened, net.tcp.closed, net.tcp.open]).toEqual([2, 2, 0])
  expect(net.card.outward.frames).toBe(net.sent)
})
