/**
 * TR 99-4, "Accept scalability", micro-benchmark: n threads sleep in accept on one port, one client
 * connects; the time from the end of its handshake until the last thread is back on the wait queue.
 * The text's graphs are not readable: what is checked is their shape, growing with the number of
 * threads on 2.2.9, constant with either patch. Here either patch leaves a slope: who got the
 * connection walks the whole ring of sleepers to leave it. It is shown, and has to be small beside
 * the growth on 2.2.9, by a bound that is ours.
 */
import { Engine } from '../engine/engine'
import type { Kernel } from '../kernel/kernel'
import { linux22 } from '../kernel/linux-2.2'
import type { AcceptWakeup } from '../kernel/net/accept-wait-queue'
import type { Network } from '../kernel/net/network'
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'
import type { Listener } from '../kernel/net/tcp/listener'
import type { Path, Task } from '../kernel/sched/task'
import { RemoteHost, Way } from '../machine/remote-host'
import { powerEdge6300 } from '../machine/presets'
import { CallTree } from '../observe/call-tree'
import type { SimTime } from '../units/time'
import type { ExperimentPoint, ExperimentResult } from './experiment'
import { atLeast, atMost, experimentOf } from './experiment'

const counts = [1, 100, 250, 500, 1000]
/** Growth with a patch, of that without: what counts as constant in one graph, percent. */
const constantPercent = 5
const megabyte = 1024 * 1024
const wayNs = 100_000
const port = 80
const backlog = 128
/** Time for all to be forked, and to go to sleep: 3 s. */
const forkNs = 3e9
const warmUp = 5
/** Between two connections, so that everybody sleeps again: 100 ms. */
const pauseNs = 100e6

/**
 * A server with nothing on it but threads in accept, and a client that connects when it is told to.
 */
class Tap {
  private readonly engine = new Engine(1)
  private readonly net: Network
  private clientPort = 0

  constructor(
    private readonly threads: number,
    wakeup: AcceptWakeup,
  ) {
    const { engine } = this
    const tree = new CallTree(powerEdge6300.cpus, (cpu) => engine.stream(`profiler of CPU ${cpu}`))
    const kernel = linux22(engine, tree, { machine: powerEdge6300, swapBytes: 64 * megabyte })
    this.net = kernel.net
    this.net.tcp.acceptPolicy.wakeup = wakeup
    const way = (name: string): Way => new Way(engine.stream(name), wayNs)
    const host = new RemoteHost<Segment>(
      way('frames to the server'),
      way('frames to the client'),
      (segment) => this.answer(segment),
    )
    this.net.attach(host)
    kernel.processes.boot('accept', (task) => this.parent(kernel, task))
    this.pass(forkNs)
  }

  /** One listens, and those that it forks accept with it. */
  private *parent(kernel: Kernel, task: Task): Path {
    const { sockets } = kernel.net
    const listening = yield* sockets.listen(task, port, backlog)
    const accept = function* (by: Task): Path {
      for (;;) yield* sockets.accept(by, listening)
    }
    for (let thread = 1; thread < this.threads; thread++) {
      yield* kernel.processes.fork(task, accept)
    }
    yield* accept(task)
  }

  private get listener(): Listener {
    const listener = this.net.tcp.listeners.get(port)
    if (!listener) throw new Error('nobody listens')
    return listener
  }

  private pass(ns: number): void {
    this.engine.advance((this.engine.now + ns) as SimTime)
  }

  /** The client acknowledges the answer to its SYN; nothing more is said. */
  private answer(segment: Segment): void {
    if ((segment.flags & Flag.syn) !== 0) this.send(segment.remotePort, Flag.ack)
  }

  private send(remotePort: number, flags: number): void {
    this.net.card.fromHost({
      remoteHost: 0,
      remotePort,
      localPort: port,
      flags,
      sequence: 0,
      bytes: 0,
      acknowledged: 0,
      window: 32_120,
    })
  }

  /** Microseconds from the end of the handshake until everybody sleeps again. */
  settle(): number {
    const { tcp } = this.net
    const { opened } = tcp
    this.send(++this.clientPort, Flag.syn)
    while (tcp.opened === opened) this.engine.stepEvent()
    const began = this.engine.now
    while (!this.allAsleep()) this.engine.stepEvent()
    const took = this.engine.now - began
    this.pass(pauseNs)
    return took / 1000
  }

  private allAsleep(): boolean {
    return this.listener.waiters.asleep === this.threads
  }
}

function settleTimes(wakeup: AcceptWakeup, report: (text: string) => void): number[] {
  return counts.map((threads) => {
    const tap = new Tap(threads, wakeup)
    // For the caches, each of the few that take turns once and more; then the mean of five.
    for (let connection = 0; connection < warmUp; connection++) tap.settle()
    const times = Array.from({ length: 5 }, () => tap.settle())
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length
    report(`${wakeup}, ${threads} threads: ${Math.round(mean)} µs`)
    return mean
  })
}

const wakeups = ['all', 'one', 'exclusive'] as const

/** Microseconds for each thread beyond 100. */
function growth(times: readonly number[]): number {
  const last = counts.length - 1
  return (times[last] - times[1]) / (counts[last] - counts[1])
}

function conclude(outcomes: readonly number[][]): ExperimentResult {
  const points: ExperimentPoint[] = []
  const at = (series: string, x: number, unit: string) => ({ series, x, xUnit: 'threads', unit })
  const [all] = outcomes
  counts.forEach((threads, index) => {
    const before = all[index - 1]
    if (before === undefined) return
    points.push(
      atLeast(
        at('all: settle time, of the one before', threads, '%'),
        'shape',
        100,
        (100 * all[index]) / before,
      ),
    )
  })
  const perThread = (index: number): number => all[index] / counts[index]
  points.push(
    atLeast(
      at('all: time for each thread, of that with 100', 1000, '%'),
      'shape',
      100,
      (100 * perThread(counts.length - 1)) / perThread(1),
    ),
  )
  wakeups.slice(1).forEach((wakeup, index) => {
    // With one thread there is nobody to wake for nothing: growth begins with two.
    points.push(
      atMost(
        at(`${wakeup}: growth from 100 to 1,000 threads, of that of all`, 1000, '%'),
        'shape',
        constantPercent,
        (100 * growth(outcomes[index + 1])) / growth(all),
      ),
    )
  })
  const notes = wakeups.map(
    (wakeup, index) =>
      `${wakeup}: settle times ${outcomes[index].map((time) => time.toFixed(1)).join(', ')} µs with ` +
      `${counts.join(', ')} threads; ${growth(outcomes[index]).toFixed(3)} µs more for each thread ` +
      'beyond 100',
  )
  return { passed: points.every((point) => point.ok), points, notes }
}

export const acceptMicro = experimentOf({
  id: 'accept-micro',
  title: 'Settle time of the wait queue after one connection',
  source: 'P. Honeyman et al., CITI TR 99-4, "Accept scalability", micro-benchmark',
  parts: wakeups.map((wakeup) => ({
    name: wakeup,
    weight: 1,
    run: (report) => settleTimes(wakeup, report),
  })),
  conclude,
})
