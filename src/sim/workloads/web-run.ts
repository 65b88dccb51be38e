/** A web server that runs: Apache, and clients that open a connection for each page. */
import type { Kernel } from '../kernel/kernel'
import type { Network } from '../kernel/net/network'
import type { Segment } from '../kernel/net/segment'
import type { Listener } from '../kernel/net/tcp/listener'
import { clientNs } from '../loads/client-machine'
import { rateAt } from '../loads/day-curve'
import { WebClients } from '../loads/web-clients'
import { fixedMix, specweb99Mix } from '../loads/web-mix'
import { RemoteHost, Way } from '../machine/remote-host'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import { floodRate } from '../actions/connection-flood'
import { worstLossPercent } from '../actions/packet-loss'
import { slowestReaderMs } from '../actions/slow-clients'
import type { Serialize } from '../programs/apache'
import { Apache } from '../programs/apache'
import { responseBytes } from '../programs/apache-request'
import { seconds } from '../units/time'
import { listenBacklogOf, waitQueueOf } from './listener-snapshot'
import type { WebServer } from './web-parameters'
import { WebSettings } from './web-parameters'
import type { WorkloadContext, WorkloadRun } from './workload'

/** Between the last httpd's first accept and the first client. */
const settleNs = seconds(1)
/** A microsecond at 450 MHz, in which demand is stated. */
const cyclesPerMicrosecond = 450

export class WebRun implements WorkloadRun {
  net: Network | undefined
  apache: Apache | undefined
  clients: WebClients | undefined
  private ways: { readonly toServer: Way; readonly fromServer: Way } | undefined

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
    const ways = {
      toServer: new Way(stream('frames to the server'), wayNs),
      fromServer: new Way(stream('frames to the clients'), wayNs),
    }
    const mhz = settings.number('load.clientMHz')
    const remoteHosts = Array.from({ length: settings.number('load.clientMachines') }, () =>
      net.attach(
        new RemoteHost<Segment>(
          ways.toServer,
          ways.fromServer,
          (segment) => clients.receive(segment),
          mhz > 0 ? (segment) => clientNs(mhz, segment) : undefined,
        ),
      ),
    )
    const { pages, choose } =
      settings.text('load.mix') === 'fixed'
        ? fixedMix(settings.number('load.pageBytes'))
        : specweb99Mix(settings.number('load.directories'))
    const asked = stream('pages asked for')
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
        pages,
        requestCycles: () => settings.number('httpd.demand') * cyclesPerMicrosecond,
      },
      () => engine.after(settleNs, startHandler, 0),
    )
    const clients: WebClients = new WebClients(
      engine,
      stream('web clients'),
      {
        connections: () => settings.number('load.connections'),
        rate: () => this.meanRate(engine.now) + intensityOf('connection-flood') * floodRate,
        farShare: () => settings.number('load.farPercent') / 100,
        requestBytes: () => settings.number('load.requestBytes'),
        page: () => choose(asked),
        responseBytes: (page) => responseBytes(pages[page].bytes),
        slowReaderNs: () =>
          Math.round(
            (settings.number('load.slowReaderMs') + intensityOf('slow-clients') * slowestReaderMs) *
              1e6,
          ),
      },
      { remoteHosts, localPort: port },
      (segment) => net.card.fromHost(segment),
      work,
    )
    Object.assign(this, { net, ways, apache, clients })
    this.applySettings()
    // The benchmark begins when the server is up and its processes have gone to sleep.
    const startHandler = engine.handler('load begins', () => clients.start())
    apache.boot()
  }

  /** Connections a second of the open population at this instant. */
  private meanRate(ns: number): number {
    const { settings } = this
    const mean = settings.number('load.rate')
    return settings.text('load.day') === 'on'
      ? rateAt(mean, ns, settings.number('load.hour'))
      : mean
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
    if (this.ways) this.ways.toServer.loss = this.ways.fromServer.loss = percent / 100
    this.clients?.adjust()
  }

  snapshot(kind: StructureKind): StructureSnapshot | undefined {
    const { listener } = this
    if (!listener) return undefined
    if (kind === 'wait-queue') return waitQueueOf(listener)
    return kind === 'listen-backlog'
      ? listenBacklogOf(listener, this.context.engine.now)
      : undefined
  }
}
