/** Parameters of a web server's workload, and what tells those of two servers in one run apart. */
import { numberParameter as number } from '../parameters/number-parameter'
import type { Parameter } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'
import { backlogParameter, portParameter, slowReaderParameter } from './server-parameters'

/** One of the web servers that a run may have. */
export interface WebServer {
  readonly id: string
  /** What the first word of its parameters and counters ends with: `httpd2.port`. */
  readonly suffix: string
  readonly port: number
}

/** A path or a counter of the first server, as this one has it. */
export const pathOf = ({ suffix }: WebServer, path: string): string =>
  path.replace('.', `${suffix}.`)

/** What a parameter or a counter is, where there are two of it. */
export const helpOf = ({ suffix }: WebServer, help: string): string =>
  suffix === '' ? help : `Second web server: ${help}`

/** The settings of one server, by the first one's paths. */
export class WebSettings {
  private readonly paths: Readonly<Record<string, string>>

  constructor(
    private readonly settings: Settings,
    server: WebServer,
  ) {
    this.paths = Object.fromEntries(
      parameters.map(({ path }): [string, string] => [path, pathOf(server, path)]),
    )
  }

  number(path: string): number {
    return this.settings.number(this.paths[path])
  }

  text(path: string): string {
    return this.settings.text(this.paths[path])
  }
}

export const parametersOf = (server: WebServer): readonly Parameter[] =>
  parameters.map((parameter) => {
    const path = pathOf(server, parameter.path)
    const own = { ...parameter, path, help: helpOf(server, parameter.help) }
    return own.type === 'number' && parameter.path === 'httpd.port'
      ? { ...own, default: server.port }
      : own
  })

const text = 'CITI TR 99-4, Accept scalability'

const parameters: readonly Parameter[] = [
  number(
    'httpd.processes',
    'Apache processes that are started (StartServers).',
    'processes',
    [1, 4000, 1000],
    `${text}: 1,000 httpds`,
    { live: false },
  ),
  number(
    'load.connections',
    'Connections at a time of a closed population; 0 leaves it out.',
    'connections',
    [0, 60_000, 100],
    `${text}: 100 to 1,500`,
  ),
  number(
    'load.rate',
    'Connections a second of an open population, at random instants; 0 leaves it out.',
    'connections/s',
    [0, 20_000, 0],
    'assumption: closed population of the text',
    { integer: false },
  ),
  {
    type: 'choice',
    path: 'load.day',
    help: 'Whether the open population follows the hours of a day; its rate is then their mean.',
    choices: ['off', 'on'],
    default: 'off',
    source: "assumption: the hours of Palo Alto's proxies (Richardson, quoted by Banga and Mogul)",
    live: true,
  },
  number(
    'load.hour',
    'Hour of the day at which the run begins.',
    'h',
    [0, 23, 6],
    'assumption: before the working day',
    { live: false },
  ),
  number(
    'load.farPercent',
    'Clients that are far away, with a median response of 250 ms and a mean of 2.5 s.',
    '%',
    [0, 100, 0],
    "assumption; their response times are Richardson's, quoted by Banga and Mogul",
    { integer: false },
  ),
  number(
    'load.rttMs',
    'Round trip between clients and server, beside the time on the link.',
    'ms',
    [0, 2000, 0.2],
    'assumption: a switched LAN',
    { integer: false, live: false },
  ),
  number(
    'load.lossPercent',
    'Frames that are lost on the way, in each direction.',
    '%',
    [0, 50, 0],
    'assumption: a switched LAN loses none',
    { integer: false },
  ),
  {
    type: 'choice',
    path: 'load.mix',
    help: 'What is asked for: pages of SPECweb99 in its static mix, or always one of load.pageBytes.',
    choices: ['specweb99', 'fixed'],
    default: 'fixed',
    source: `assumption: ${text} has static pages of a pre-release of SPECweb99, whose pacing of each connection no public page tells in figures; without it wake-one does not hold in this mix (docs/figures.md §2.4)`,
    live: false,
  },
  number(
    'load.directories',
    'Directories of 36 pages, 5 MB each, with load.mix=specweb99.',
    'directories',
    [1, 2000, 25],
    'assumption: all pages stay in memory; SPECweb99 itself has more with more connections',
    { live: false },
  ),
  number(
    'load.pageBytes',
    'Size of the page with load.mix=fixed.',
    'bytes',
    [0, 10_000_000, 15_000],
    "assumption: the mean of SPECweb99's static pages, about 15 kB",
    { live: false },
  ),
  number(
    'load.clientMachines',
    'Machines on which the clients run.',
    'machines',
    [1, 64, 4],
    `${text}: four`,
    { live: false },
  ),
  number(
    'load.clientMHz',
    "Clock of these machines' CPUs, AMD K6-2; 0: what they do takes no time.",
    'MHz',
    [0, 10_000, 400],
    `${text}: 400 MHz`,
    { live: false },
  ),
  number('load.requestBytes', 'Size of a request.', 'bytes', [1, 1460, 300], 'assumption'),
  slowReaderParameter('load.slowReaderMs'),
  number(
    'httpd.maxClients',
    'Maximum number of Apache processes (MaxClients); 0: as many as are started.',
    'processes',
    [0, 4000, 0],
    `assumption; ${text} lets the number grow when it is deemed necessary, by how much is not said`,
  ),
  number(
    'httpd.minSpare',
    'While fewer are idle, more are started, once a second (MinSpareServers).',
    'processes',
    [1, 4000, 5],
    'Apache 1.3: DEFAULT_MIN_FREE_DAEMON',
  ),
  number(
    'httpd.maxSpare',
    'While more are idle, one is ended each second (MaxSpareServers).',
    'processes',
    [1, 4000, 4000],
    `assumption: ${text} keeps all 1,000 asleep in accept`,
  ),
  {
    type: 'choice',
    path: 'httpd.serialize',
    help: 'How httpds take turns at accept: not at all, by a file lock, by a semaphore.',
    choices: ['none', 'fcntl', 'sysvsem'],
    default: 'none',
    source: `${text}: Apache was modified not to wait for a lock`,
    live: true,
  },
  number(
    'httpd.demand',
    'Computing of a request in user mode.',
    'µs at 450 MHz',
    [1, 1_000_000, 345],
    'fitted: 0.96 ms a request with 3 httpds, one at a time (A. Morton, linux-kernel, 4 Nov 2000)',
    { integer: false },
  ),
  backlogParameter('httpd.backlog', 511, 'Apache 1.3: DEFAULT_LISTENBACKLOG'),
  portParameter('httpd.port', 80, 'IANA: 80 is http, 8080 http-alt'),
]
