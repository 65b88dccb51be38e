/** Workload `web`: Apache, and clients that open a connection for each page. */
import type { Kernel } from '../kernel/kernel'
import type { Network } from '../kernel/net/network'
import type { Segment } from '../kernel/net/segment'
import type { Connection } from '../kernel/net/tcp/connection'
import type { Listener } from '../kernel/net/tcp/listener'
import { WebClients } from '../loads/web-clients'
import { RemoteHost, Way } from '../machine/remote-host'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import { floodRate } from '../actions/connection-flood'
import { worstLossPercent } from '../actions/packet-loss'
import { slowestReaderMs } from '../actions/slow-clients'
import type { Serialize } from '../programs/apache'
import { Apache, responseBytes } from '../programs/apache'
import { seconds } from '../units/time'
import { parameters } from './web-parameters'
import type { Workload, WorkloadContext, WorkloadRun } from './workload'

/** Between the last httpd's first accept and the first client. */
const settleNs = seconds(1)
const megabyte = 1024 * 1024
/**
 * The kernel itself and the caches' minima; and what each httpd keeps: two frames of its task,
 * about 18 of data.
 */
const reservedBytes = 24 * megabyte
const leastProcessBytes = 20 * 4096
/** A microsecond at 450 MHz, in which demand is stated. */
const cyclesPerMicrosecond = 450

/** Connections of a queue that a snapshot names; of more, only their number is told. */
const maxShown = 2000

/** Port of HTTP. */
const httpPort = 80

class WebRun implements WorkloadRun {
  net: Network | undefined
  apache: Apache | undefined
  clients: WebClients | undefined
  private host: RemoteHost<Segment> | undefined

  constructor(private readonly context: WorkloadContext) {}

  /** The listening socket, from the moment at which Apache listens. */
  get listener(): Listener | undefined {
    return this.net?.tcp.listeners.get(httpPort)
  }

  boot(kernel: Kernel): void {
    const { engine, settings, work, intensityOf } = this.context
    const { net } = kernel
    const wayNs = Math.round((settings.number('load.rttMs') / 2) * 1e6)
    const host = new RemoteHost<Segment>(
      new Way(engine.stream('frames to the server'), wayNs),
      new Way(engine.stream('frames to the clients'), wayNs),
      (segment) => clients.receive(segment),
    )
    const remoteHost = net.attach(host)
    const apache: Apache = new Apache(
      kernel,
      {
        port: httpPort,
        backlog: () => settings.number('httpd.backlog'),
        processes: () => settings.number('httpd.processes'),
        maxClients: () => settings.number('httpd.maxClients') || settings.number('httpd.processes'),
        minSpare: () => settings.number('httpd.minSpare'),
        maxSpare: () => settings.number('httpd.maxSpare'),
        serialize: () => settings.text('httpd.serialize') as Serialize,
        pageBytes: () => settings.number('load.pageBytes'),
        requestCycles: () => settings.number('httpd.demand') * cyclesPerMicrosecond,
      },
      () => engine.after(settleNs, startHandler, 0),
    )
    const clients: WebClients = new WebClients(
      engine,
      engine.stream('web clients'),
      {
        connections: () => settings.number('load.connections'),
        rate: () => settings.number('load.rate') + intensityOf('connection-flood') * floodRate,
        requestBytes: () => settings.number('load.requestBytes'),
        responseBytes: () => responseBytes(settings.number('load.pageBytes')),
        slowReaderNs: () =>
          Math.round(
            (settings.number('load.slowReaderMs') + intensityOf('slow-clients') * slowestReaderMs) *
              1e6,
          ),
      },
      { remoteHost, localPort: httpPort },
      (segment) => net.card.fromHost(segment),
      work,
    )
    Object.assign(this, { net, host, apache, clients })
    this.applySettings()
    // The benchmark begins when the server is up and its processes have gone to sleep.
    const startHandler = engine.handler('load begins', () => clients.start())
    apache.boot()
  }

  halt(): void {
    this.clients?.halt()
  }

  applySettings(): void {
    const { settings, intensityOf } = this.context
    const percent = Math.max(
      settings.number('load.lossPercent'),
      intensityOf('packet-loss') * worstLossPercent,
    )
    if (this.host) this.host.loss = percent / 100
    this.clients?.adjust()
  }

  snapshot(kind: StructureKind): StructureSnapshot | undefined {
    const { listener } = this
    if (!listener) return undefined
    const { now } = this.context.engine
    const aged = ({ ends, since }: Connection) => ({
      client: ends.remotePort,
      ageMs: (now - since) / 1e6,
    })
    switch (kind) {
      case 'wait-queue': {
        const { waiters } = listener
        const { wakeup, wakeUps, madeRunnable, foundConnection, backToSleep } = waiters
        const counted = { wakeUps, madeRunnable, foundConnection, backToSleep }
        return {
          kind,
          of: `listening socket, port ${listener.port}`,
          wakeup,
          ...counted,
          entries: waiters.entries(),
        }
      }
      case 'listen-backlog':
        return {
          kind,
          backlog: listener.backlog,
          overflows: listener.overflows,
          halfOpen: listener.halfOpen.size,
          open: listener.ready,
          synQueue: [...listener.halfOpen.values()].slice(0, maxShown).map(aged),
          acceptQueue: listener.oldest(maxShown).map(aged),
        }
      default:
        return undefined
    }
  }
}

export const web: Workload<WebRun> = {
  id: 'web',
  parameters,
  presence: 'httpd.processes',
  unit: 'requests',
  hasRounds: false,
  structures: ['wait-queue', 'run-queue', 'listen-backlog', 'descriptor-table'],
  counters: [
    {
      id: 'load.inFlight',
      unit: 'connections',
      kind: 'gauge',
      help: 'Connections that clients have under way.',
      read: (run) => run.clients?.inFlight ?? 0,
    },
    {
      id: 'load.offered',
      unit: 'connections',
      kind: 'monotonic',
      help: 'Connections that clients have begun.',
      read: (run) => run.clients?.offered ?? 0,
    },
    {
      id: 'load.completed',
      unit: 'connections',
      kind: 'monotonic',
      help: 'Connections that ended well.',
      read: (run) => run.clients?.completed ?? 0,
    },
    {
      id: 'load.failed',
      unit: 'connections',
      kind: 'monotonic',
      help: 'Connections that failed.',
      read: (run) => run.clients?.failed ?? 0,
    },
    {
      id: 'httpd.processes',
      unit: 'processes',
      kind: 'gauge',
      help: 'Apache processes, busy or idle, without the parent.',
      read: (run) => run.apache?.processes ?? 0,
    },
    {
      id: 'httpd.busy',
      unit: 'processes',
      kind: 'gauge',
      help: 'httpds that are serving a connection.',
      read: (run) => run.apache?.busy ?? 0,
    },
    {
      id: 'accept.waiting',
      unit: 'processes',
      kind: 'gauge',
      help: 'Processes on the wait queue of the listening socket.',
      read: (run) => run.listener?.waiters.length ?? 0,
    },
    {
      id: 'accept.wakeUps',
      unit: '1',
      kind: 'monotonic',
      help: 'Calls of wake_up on that queue.',
      read: (run) => run.listener?.waiters.wakeUps ?? 0,
    },
    {
      id: 'accept.woken',
      unit: 'processes',
      kind: 'monotonic',
      help: 'Processes made runnable by them.',
      read: (run) => run.listener?.waiters.madeRunnable ?? 0,
    },
    {
      id: 'accept.foundConnection',
      unit: 'processes',
      kind: 'monotonic',
      help: 'Woken processes that found a connection.',
      read: (run) => run.listener?.waiters.foundConnection ?? 0,
    },
    {
      id: 'accept.backToSleep',
      unit: 'processes',
      kind: 'monotonic',
      help: 'Woken processes that found no connection.',
      read: (run) => run.listener?.waiters.backToSleep ?? 0,
    },
    {
      id: 'listen.synQueue',
      unit: 'connections',
      kind: 'gauge',
      help: 'Incomplete handshakes.',
      read: (run) => run.listener?.halfOpen.size ?? 0,
    },
    {
      id: 'listen.acceptQueue',
      unit: 'connections',
      kind: 'gauge',
      help: 'Open connections that wait for accept.',
      read: (run) => run.listener?.ready ?? 0,
    },
    {
      id: 'listen.overflows',
      unit: 'connections',
      kind: 'monotonic',
      help: 'Handshakes that found a full queue.',
      read: (run) => run.listener?.overflows ?? 0,
    },
    {
      id: 'tcp.open',
      unit: 'connections',
      kind: 'gauge',
      help: 'Connections that the kernel keeps, half open ones included.',
      read: (run) => run.net?.tcp.open ?? 0,
    },
    {
      id: 'tcp.timeWait',
      unit: 'connections',
      kind: 'gauge',
      help: 'Addresses in TIME_WAIT.',
      read: (run) => run.net?.tcp.timeWait ?? 0,
    },
    {
      id: 'tcp.retransmissions',
      unit: 'segments',
      kind: 'monotonic',
      help: 'Retransmission timers of TCP that expired.',
      read: (run) => run.net?.tcp.retransmissions ?? 0,
    },
    {
      id: 'net.received',
      unit: 'frames',
      kind: 'monotonic',
      help: 'Frames that came in.',
      read: (run) => run.net?.card.received ?? 0,
    },
    {
      id: 'net.sent',
      unit: 'frames',
      kind: 'monotonic',
      help: 'Frames that went out.',
      read: (run) => run.net?.sent ?? 0,
    },
    {
      id: 'net.bytesIn',
      unit: 'bytes',
      kind: 'monotonic',
      help: 'Bytes on the wire to the server, preambles and gaps included.',
      read: (run) => run.net?.card.inward.bytes ?? 0,
    },
    {
      id: 'net.bytesOut',
      unit: 'bytes',
      kind: 'monotonic',
      help: 'Bytes on the wire from the server, preambles and gaps included.',
      read: (run) => run.net?.card.outward.bytes ?? 0,
    },
    {
      id: 'net.dropped',
      unit: 'frames',
      kind: 'monotonic',
      help: 'Frames that found the backlog of the bottom half full.',
      read: (run) => run.net?.bottomHalf.dropped ?? 0,
    },
  ],
  refuse: (settings) => {
    const memory = settings.number('machine.memoryMB') * megabyte
    const page = settings.number('load.pageBytes')
    if (page > memory / 2) {
      return `load.pageBytes is at most half of memory, ${memory / 2} bytes with machine.memoryMB = ${memory / megabyte}, not ${page}`
    }
    // What a process takes that nothing can be taken from: its task structure and the pages that it
    // writes to.
    const max = Math.floor((memory - reservedBytes) / leastProcessBytes)
    for (const path of ['httpd.processes', 'httpd.maxClients']) {
      const processes = settings.number(path)
      if (processes <= max) continue
      return `${path} is at most ${max} with machine.memoryMB = ${memory / megabyte}, not ${processes}`
    }
    const [started, clients] = [
      settings.number('httpd.processes'),
      settings.number('httpd.maxClients'),
    ]
    if (clients > 0 && clients < started) {
      return `httpd.maxClients is 0 or at least httpd.processes = ${started}, not ${clients}`
    }
    const [least, spare] = [settings.number('httpd.minSpare'), settings.number('httpd.maxSpare')]
    if (least > spare) return `httpd.minSpare is at most httpd.maxSpare = ${spare}, not ${least}`
    if (settings.number('load.connections') === 0 && settings.number('load.rate') === 0) {
      return 'load.connections and load.rate are both 0: nobody would come; set one of them'
    }
    return undefined
  },
  amount: (settings) => `${settings.number('httpd.processes')} httpds`,
  start: (context) => new WebRun(context),
}
