/** A web server that runs: Apache, and clients that open a connection for each page. */
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
import type { WebServer } from './web-parameters'
import { WebSettings } from './web-parameters'
import type { WorkloadContext, WorkloadRun } from './workload'

/** Between the last httpd's first accept and the first client. */
const settleNs = seconds(1)
/** A microsecond at 450 MHz, in which demand is stated. */
const cyclesPerMicrosecond = 450

/** Connections of a queue that a snapshot names; of more, only their number is told. */
const maxShown = 2000

export class WebRun implements WorkloadRun {
  net: Network | undefined
  apache: Apache | undefined
  clients: WebClients | undefined
  private host: RemoteHost<Segment> | undefined

  private readonly settings: WebSettings

  constructor(
    private readonly context: WorkloadContext,
    private readonly server: WebServer,
  ) {
    this.settings = new WebSettings(context.settings, server)
  }

  /** The listening socket, from the moment at which Apache listens. */
  get listener(): Listener | undefined {
    return this.net?.tcp.listeners.get(this.settings.number('httpd.port'))
  }

  boot(kernel: Kernel): void {
    const { settings, server } = this
    const { engine, work, intensityOf } = this.context
    const { net } = kernel
    const port = settings.number('httpd.port')
    const stream = (name: string) => engine.stream(`${name}${server.suffix}`)
    const wayNs = Math.round((settings.number('load.rttMs') / 2) * 1e6)
    const host = new RemoteHost<Segment>(
      new Way(stream('frames to the server'), wayNs),
      new Way(stream('frames to the clients'), wayNs),
      (segment) => clients.receive(segment),
    )
    const remoteHost = net.attach(host)
    const apache: Apache = new Apache(
      kernel,
      {
        home: `httpd${server.suffix}`,
        bin: `sbin${server.suffix}`,
        port,
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
      stream('web clients'),
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
      { remoteHost, localPort: port },
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
    const { settings } = this
    const { intensityOf } = this.context
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
