/** Parameters of a proxy's workload. */
import { numberParameter as number } from '../parameters/number-parameter'
import { hitsOfProxies } from '../loads/far-clients'
import type { Parameter, Parameters } from '../parameters/parameters'
import type { KernelId } from '../kernel/kernels'
import { kernels } from '../kernel/kernels'
import type { Settings } from '../parameters/settings'
import { backlogParameter, portParameter, slowReaderParameter } from './server-parameters'

const text = 'Banga & Mogul, USENIX 1998, Problems in select() and ufalloc()'
/** What a program waits with. */
const eventKinds = ['select', 'poll', 'rt-signals'] as const

const hitsOfLiveProxies: Parameters = { 'proxy.hitPercent': hitsOfProxies }

export const proxyParameters: readonly Parameter[] = [
  number(
    'proxy.hot',
    'Hot clients, each with one connection at a time on which it asks.',
    'clients',
    [0, 10_000, 50],
    `${text}: 10 to 50`,
  ),
  number(
    'proxy.rate',
    'Requests of all hot clients together; with a day its mean; 0: as fast as they are answered.',
    'requests/s',
    [0, 20_000, 100],
    `${text}: about 100`,
    { integer: false },
  ),
  number(
    'proxy.cold',
    'Cold connections, which a load-adding client opens, and on which nobody says anything.',
    'connections',
    [0, 100_000, 0],
    `${text}: 100 to 2,000`,
  ),
  number(
    'proxy.coldRate',
    'Cold connections that the load-adding client opens a second, until there are as many.',
    'connections/s',
    [1, 10_000, 500],
    'assumption',
    { integer: false },
  ),
  {
    type: 'choice',
    path: 'proxy.kind',
    help: 'The proxy: one process with an event loop, or a process for each connection.',
    choices: ['squid', 'cern'],
    default: 'squid',
    source: `${text}: Squid 1.1.11, and the older CERN proxy`,
    live: false,
  },
  {
    type: 'choice',
    path: 'proxy.events',
    help: 'What Squid waits for events with.',
    choices: eventKinds,
    default: 'select',
    source: `${text}: select`,
    live: false,
  },
  {
    type: 'choice',
    path: 'proxy.clients',
    help:
      'Where the clients are: on a LAN, or far away. With 30 % hits and origin servers as they come, half ' +
      'the responses take 250 ms, and their mean is 2.5 s.',
    choices: ['lan', 'wan'],
    default: 'lan',
    brings: { wan: hitsOfLiveProxies },
    source: `${text}: both, and Richardson's response times`,
    live: true,
  },
  {
    type: 'choice',
    path: 'proxy.day',
    help: 'Whether the load follows a day: 30 to 950 far connections by hour, most of them cold.',
    choices: ['off', 'on'],
    default: 'off',
    brings: { on: hitsOfLiveProxies },
    source: `${text}: Richardson's measurements of Palo Alto's proxies`,
    live: true,
  },
  number(
    'proxy.hour',
    'Hour of the day at which the run begins.',
    'h',
    [0, 23, 6],
    'assumption: before the working day',
    { live: false },
  ),
  number(
    'proxy.responseBytes',
    'Length of a response.',
    'bytes',
    [1, 10_000_000, 1259],
    `${text}: 1,259 bytes`,
    { live: false },
  ),
  number(
    'proxy.hitPercent',
    'Requests for documents that have been asked for before; the others have to be fetched.',
    '%',
    [0, 100, 100],
    'assumption: the text asks for the same; far clients bring what live proxies had, about 30 % (SIGMETRICS 1997)',
    { integer: false },
  ),
  number(
    'proxy.documents',
    'Documents that are asked for again and again, in the disk store from the start.',
    'documents',
    [1, 100_000, 100],
    'assumption',
    { live: false },
  ),
  {
    type: 'choice',
    path: 'proxy.store',
    help: 'Whether the proxy keeps documents, in memory and on the disk.',
    choices: ['on', 'off'],
    default: 'on',
    source: 'Squid 1.1; off: as live measurements of others were made',
    live: true,
  },
  number(
    'proxy.storeMB',
    'Most that the disk store may have (cache_swap; CacheSize of CERN).',
    'MB',
    [1, 8000, 100],
    'Squid 1.1: DefaultSwapMaxSize',
  ),
  number(
    'proxy.originMs',
    'Time of an origin server between request and response.',
    'ms',
    [0, 60_000, 100],
    'assumption',
    { integer: false },
  ),
  number(
    'proxy.originRttMs',
    'Round trip between proxy and origin servers.',
    'ms',
    [0, 2000, 40],
    'assumption',
    { integer: false, live: false },
  ),
  number(
    'proxy.rttMs',
    'Round trip between clients and proxy, beside the time on the link.',
    'ms',
    [0, 2000, 0.2],
    'assumption: a LAN',
    { integer: false, live: false },
  ),
  number(
    'proxy.lossPercent',
    'Frames that are lost on the way to and from clients, in each direction.',
    '%',
    [0, 50, 0],
    'assumption: a LAN loses none',
    { integer: false },
  ),
  slowReaderParameter('proxy.slowReaderMs'),
  number(
    'proxy.demand',
    'Computing of a request in user mode, the event loop apart.',
    'µs at 400 MHz',
    [1, 1_000_000, 650],
    'derived: 200 small objects/s from a warm cache to ten clients (Chankhunthod et al., USENIX ' +
      '1996), by SPECint95 1.0 ms here, less what the kernel and the loop take without cold ' +
      'connections',
    { integer: false },
  ),
  backlogParameter('proxy.backlog', 512, 'assumption'),
  portParameter('proxy.port', 3128, 'Squid: CACHE_HTTP_PORT'),
]

/** Why values that are each in their range do not go together. */
export function refuseProxy(settings: Settings): string | undefined {
  const number = (path: string): number => settings.number(path)
  const nobody = number('proxy.hot') === 0 && number('proxy.cold') === 0
  const isOpen = settings.text('proxy.day') === 'on' || settings.text('proxy.clients') === 'wan'
  if (nobody && !(isOpen && number('proxy.rate') > 0)) {
    return 'proxy.hot and proxy.cold are both 0: nobody would come; set one of them'
  }
  if (settings.text('proxy.day') === 'on' && number('proxy.rate') === 0) {
    return 'proxy.rate is more than 0 requests/s with proxy.day=on, not 0: a day has no end of its own'
  }
  return undefined
}

/** What a kernel cannot wait with, and for how many descriptors. */
export function beyondKernel(settings: Settings): string | undefined {
  if (settings.text('proxy.kind') !== 'squid') return undefined
  const events = settings.text('proxy.events')
  const kernel = settings.text('kernel') as KernelId
  const { setSize, waitsWith } = kernels[kernel]
  if (!waitsWith.includes(events)) {
    return `proxy.events=${events} needs kernel linux-2.2; kernel ${kernel} has ${waitsWith.join(', ')}`
  }
  const perProcess = settings.number('kernel.fd.perProcess')
  if (setSize !== undefined && perProcess > setSize) {
    return (
      `kernel.fd.perProcess is at most ${setSize} with kernel=${kernel} and proxy.events=${events}: ` +
      `FD_SETSIZE is ${setSize}, and a set of ${perProcess} would be larger`
    )
  }
  return undefined
}
