/** A proxy that runs: Squid or CERN, its clients, and the origin servers behind it. */
import type { Kernel } from '../kernel/kernel'
import type { Network } from '../kernel/net/network'
import type { Endpoints, Segment } from '../kernel/net/segment'
import type { Listener } from '../kernel/net/tcp/listener'
import { OriginServers } from '../loads/origin-servers'
import type { Asked } from '../loads/proxy-clients'
import { ProxyClients } from '../loads/proxy-clients'
import { RemoteHost, Way } from '../machine/remote-host'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import { mostColdConnections } from '../actions/cold-connections'
import { floodRate } from '../actions/connection-flood'
import { worstLossPercent } from '../actions/packet-loss'
import { slowestReaderMs } from '../actions/slow-clients'
import { farthestMs } from '../actions/wan-delay'
import { Cern } from '../programs/proxy/cern'
import { acceptKind, makeEvents } from '../programs/events/make-events'
import type { Document, Proxy, ProxySettings } from '../programs/proxy/proxy'
import { requestBytes } from '../programs/proxy/proxy'
import { Squid } from '../programs/proxy/squid'
import type { Settings } from '../parameters/settings'
import { seconds } from '../units/time'
import { listenBacklogOf } from './listener-snapshot'
import type { WorkloadContext, WorkloadRun } from './workload'

/** Between the proxy's first wait and the first client. */
const settleNs = seconds(1)
/** A microsecond at 400 MHz, in which demand is stated. */
const cyclesPerMicrosecond = 400
const millisecond = 1e6
const megabyte = 1024 * 1024
/** Origin servers: each has a port of the one host that stands for them, from this one on. */
const firstOriginPort = 80
const origins = 256
const localPorts = 1 << 16

export class ProxyRun implements WorkloadRun {
  net: Network | undefined
  proxy: Proxy | undefined
  clients: ProxyClients | undefined
  origins: OriginServers | undefined
  private host: RemoteHost<Segment> | undefined
  /** Documents that have been asked for, beside those that are asked for again and again. */
  private newest = 0

  constructor(private readonly context: WorkloadContext) {}

  private get settings(): Settings {
    return this.context.settings
  }

  get listener(): Listener | undefined {
    return this.net?.tcp.listeners.get(this.settings.number('proxy.port'))
  }

  boot(kernel: Kernel): void {
    const { settings } = this
    const { engine } = this.context
    const { net } = kernel
    const port = settings.number('proxy.port')
    const onTheWay = new Map<number, Document & Partial<Asked>>()
    const clients = this.clientsOf(net, port)
    const fetched = this.originsOf(net, onTheWay)
    const startHandler = engine.handler('load of the proxy begins', () => clients.start())
    // A proxy that is started again finds its clients there.
    let isFirst = true
    const onReady = (): void => {
      if (isFirst) engine.after(settleNs, startHandler, 0)
      isFirst = false
    }
    const program: ProxySettings = {
      port,
      backlog: () => settings.number('proxy.backlog'),
      requestCycles: () => settings.number('proxy.demand') * cyclesPerMicrosecond,
      stores: () => settings.text('proxy.store') === 'on',
      storeBytes: () => settings.number('proxy.storeMB') * megabyte,
      stored: Array.from({ length: settings.number('proxy.documents') }, (_, id) => ({
        id,
        bytes: settings.number('proxy.responseBytes'),
      })),
      asked: ({ remotePort }) => clients.askedAt(remotePort) ?? { id: 0, bytes: 0 },
      originOf: ({ id }) => ({
        remoteHost: fetched,
        remotePort: firstOriginPort + (id % origins) * localPorts,
      }),
      asks: (ends, document) => void onTheWay.set(keyOf(ends), document),
    }
    const events = settings.text('proxy.events')
    const proxy =
      settings.text('proxy.kind') === 'cern'
        ? new Cern(kernel, program, onReady)
        : new Squid(
            kernel,
            program,
            (of) => makeEvents(of, events),
            (of) => makeEvents(of, acceptKind(events)),
            onReady,
          )
    Object.assign(this, { net, proxy, clients })
    this.applySettings()
    proxy.boot()
  }

  private clientsOf(net: Network, port: number): ProxyClients {
    const { settings } = this
    const { engine, work, intensityOf } = this.context
    const number = (path: string): number => settings.number(path)
    const wayNs = Math.round((number('proxy.rttMs') / 2) * millisecond)
    const host = new RemoteHost<Segment>(
      new Way(engine.stream('frames to the proxy'), wayNs),
      new Way(engine.stream("frames to the proxy's clients"), wayNs),
      (segment) => clients.receive(segment),
    )
    this.host = host
    const choice = engine.stream('documents that are asked for')
    const clients: ProxyClients = new ProxyClients(
      engine,
      engine.stream("proxy's clients"),
      {
        hot: () => number('proxy.hot'),
        rate: () => number('proxy.rate'),
        cold: () =>
          number('proxy.cold') + Math.round(intensityOf('cold-connections') * mostColdConnections),
        coldRate: () => number('proxy.coldRate'),
        isFar: () => settings.text('proxy.clients') === 'wan',
        day: () => (settings.text('proxy.day') === 'on' ? number('proxy.hour') : undefined),
        floodRate: () => intensityOf('connection-flood') * floodRate,
        awayNs: () => Math.round(intensityOf('wan-delay') * farthestMs * millisecond),
        requestBytes: () => requestBytes,
        slowReaderNs: () =>
          Math.round(
            (number('proxy.slowReaderMs') + intensityOf('slow-clients') * slowestReaderMs) *
              millisecond,
          ),
        next: () => {
          const documents = number('proxy.documents')
          const isNew = !choice.chance(number('proxy.hitPercent') / 100)
          const id = isNew ? documents + this.newest++ : choice.below(documents)
          const originNs = number('proxy.originMs') * millisecond
          return { id, bytes: number('proxy.responseBytes'), originNs }
        },
      },
      { remoteHosts: [net.attach(host)], localPort: port },
      (segment) => net.card.fromHost(segment),
      work,
    )
    return clients
  }

  /** Returns the address of the origin servers. */
  private originsOf(net: Network, asked: Map<number, Document & Partial<Asked>>): number {
    const { settings } = this
    const { engine } = this.context
    const wayNs = Math.round((settings.number('proxy.originRttMs') / 2) * millisecond)
    const servers: OriginServers = new OriginServers(
      engine,
      {
        latencyNs: (ends) =>
          asked.get(keyOf(ends))?.originNs ?? settings.number('proxy.originMs') * millisecond,
        responseBytes: (ends) => {
          const key = keyOf(ends)
          const bytes = asked.get(key)?.bytes ?? 0
          asked.delete(key)
          return bytes
        },
      },
      (segment) => net.card.fromHost(segment),
    )
    this.origins = servers
    return net.attach(
      new RemoteHost<Segment>(
        new Way(engine.stream('frames from origin servers'), wayNs),
        new Way(engine.stream('frames to origin servers'), wayNs),
        servers.receive,
      ),
    )
  }

  halt(): void {
    this.clients?.halt()
    this.origins?.halt()
  }

  applySettings(): void {
    const { settings } = this
    const percent = Math.max(
      settings.number('proxy.lossPercent'),
      this.context.intensityOf('packet-loss') * worstLossPercent,
    )
    if (this.host) this.host.loss = percent / 100
    this.clients?.adjust()
  }

  snapshot(kind: StructureKind): StructureSnapshot | undefined {
    const { listener } = this
    return listener && kind === 'listen-backlog'
      ? listenBacklogOf(listener, this.context.engine.now)
      : undefined
  }
}

/** What tells connections to origin servers apart. */
const keyOf = ({ remotePort, localPort }: Endpoints): number => remotePort * localPorts + localPort
