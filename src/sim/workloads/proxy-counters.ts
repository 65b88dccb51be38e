/** Counters of a proxy and of its clients. */
import type { ProxyRun } from './proxy-run'
import type { WorkloadCounter } from './workload'

type Row = Omit<WorkloadCounter<ProxyRun>, 'id'>

const gauge = (unit: string, help: string, read: (run: ProxyRun) => number): Row => ({
  unit,
  kind: 'gauge',
  help,
  read,
})

const total = (unit: string, help: string, read: (run: ProxyRun) => number): Row => ({
  unit,
  kind: 'monotonic',
  help,
  read,
})

const quantile = (share: number, words: string): Row =>
  gauge(
    'ms',
    `Response time that ${words} of the last 10 s's responses stayed within, from the SYN to the last byte.`,
    (run) => run.clients?.responseMs(share) ?? 0,
  )

const rows: Readonly<Record<string, Row>> = {
  hotOpen: gauge(
    'connections',
    'Connections that hot clients have open or are opening.',
    (run) => run.clients?.hotOpen ?? 0,
  ),
  farOpen: gauge(
    'connections',
    'Connections of far clients (WAN) that are in service.',
    (run) => run.clients?.farOpen ?? 0,
  ),
  floodOpen: gauge(
    'connections',
    'Connections of a flood that are in service.',
    (run) => run.clients?.floodOpen ?? 0,
  ),
  coldOpen: gauge(
    'connections',
    'Connections on which nobody says anything.',
    (run) => run.clients?.coldOpen ?? 0,
  ),
  clients: gauge(
    'connections',
    'Client connections that the proxy has accepted and not closed.',
    (run) => run.proxy?.clients ?? 0,
  ),
  processes: gauge(
    'processes',
    'Processes of the proxy; 0 while it is being started again.',
    (run) => run.proxy?.processes ?? 0,
  ),
  offered: total(
    'requests',
    'Connections that clients have begun in order to ask.',
    (run) => run.clients?.offered ?? 0,
  ),
  answered: total(
    'requests',
    'Requests whose response has come whole.',
    (run) => run.clients?.completed ?? 0,
  ),
  lost: total(
    'requests',
    'Requests that failed: nobody answered the SYN, a reset, a response that is not whole.',
    (run) => run.clients?.failed ?? 0,
  ),
  memoryHits: total(
    'requests',
    "Requests that were answered from the proxy's memory.",
    (run) => run.proxy?.counts.memoryHits ?? 0,
  ),
  diskHits: total(
    'requests',
    'Requests that were answered from its disk store.',
    (run) => run.proxy?.counts.diskHits ?? 0,
  ),
  misses: total(
    'requests',
    'Requests for which a document was fetched from an origin server.',
    (run) => run.proxy?.counts.misses ?? 0,
  ),
  loops: total(
    'calls',
    "Calls of Squid's event loop that waited for any of its descriptors, the accept socket's own apart.",
    (run) => run.proxy?.counts.loops ?? 0,
  ),
  events: total(
    'events',
    'Descriptors that those calls found ready.',
    (run) => run.proxy?.counts.events ?? 0,
  ),
  originOpen: gauge(
    'connections',
    'Connections that origin servers have with the proxy.',
    (run) => run.origins?.open ?? 0,
  ),
  synQueue: gauge(
    'connections',
    'Incomplete handshakes at its listening socket.',
    (run) => run.listener?.halfOpen ?? 0,
  ),
  acceptQueue: gauge(
    'connections',
    'Open connections that wait to be accepted by it.',
    (run) => run.listener?.ready ?? 0,
  ),
  overflows: total(
    'connections',
    'Handshakes that found a full queue at it.',
    (run) => run.listener?.overflows ?? 0,
  ),
  response50Ms: quantile(0.5, 'half'),
  response90Ms: quantile(0.9, '90 %'),
  response99Ms: quantile(0.99, '99 %'),
}

export const proxyCounters: readonly WorkloadCounter<ProxyRun>[] = Object.entries(rows).map(
  ([id, row]) => ({ id: `proxy.${id}`, ...row }),
)
