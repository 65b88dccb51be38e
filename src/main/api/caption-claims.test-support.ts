/**
 * What demonstrations say, as counters have to bear it out. A caption is found by its instant and
 * its first words; whoever writes another one says here what it claims.
 */
const minutes = (count: number): number => 60 * count
const hours = (count: number): number => 3600 * count

/** Of the samples of a window: all of them from least to largest, their mean, last less first. */
export type How = 'min' | 'max' | 'mean' | 'growth'
/** `proxy.coldOpen = 500` at an instant, or `mean processes.blocked > 64` of a window. */
export type Claim = readonly [when: number | readonly [from: number, to: number], ...string[]]
export interface Said {
  readonly at: number
  /** How the caption begins. */
  readonly says: string
  /** Empty only where it announces what is done at that instant. */
  readonly claims: readonly Claim[]
}
export interface Promised {
  /** Up to which simulated second every run of the tests looks: some seconds of a CPU. */
  readonly quickUntil: number
  /** What title and about claim beside its captions. */
  readonly about: readonly Claim[]
  readonly captions: readonly Said[]
}

const said = (at: number, says: string, ...claims: readonly Claim[]): Said => ({ at, says, claims })

const sdetOrphans: Promised = {
  quickUntil: 130,
  about: [
    [[1, 240], 'growth work.completed >= 256'],
    [[240, 1260], 'min memory.free > 20000'],
    [[1320, 1380], 'min memory.free < 5000', 'growth swap.out > 1000'],
    [[1480, 1799], 'mean processes.blocked > 64', 'mean processes.runnable < 40'],
    [[1860, 2100], 'mean processes.blocked < 1', 'growth work.completed >= 128'],
  ],
  captions: [
    said(10, '128 developers', [100, 'work.completed < 64'], [130, 'work.completed >= 128']),
    said(minutes(4), 'Now bforget abandons', [[240, 300], 'growth buffers.orphaned > 10000']),
    said(
      minutes(8),
      '{buffers.orphaned} buffers are orphaned; nobody notices',
      [480, 'buffers.orphaned > 50000', 'memory.free > 200000'],
      [[240, 480], 'mean processes.blocked < 2'],
    ),
    said(minutes(23), '{buffers.orphaned} orphans, ', [
      1380,
      'buffers.orphaned > 400000',
      'memory.free < 5000',
      'processes.blocked > 64',
    ]),
    said(1480, 'The leak is stopped', [[1481, 1799], 'growth buffers.orphaned = 0']),
    said(minutes(29), '{buffers.orphaned} orphans still', [
      1740,
      'buffers.orphaned > 400000',
      'processes.blocked > 32',
    ]),
    said(minutes(30), 'Only a reboot', [1801, 'memory.free > 400000', 'buffers.orphaned = 0']),
    said(minutes(33), '{memory.free} kB free', [
      1980,
      'memory.free > 400000',
      'buffers.orphaned = 0',
    ]),
  ],
}

const herd = ['processes.runnable > 900', 'load.completed/s < 600'] as const
const patched = ['processes.runnable < 50', 'load.completed/s > 700'] as const
const webWakeOne: Promised = {
  quickUntil: 30,
  about: [[[100, 120], 'max processes.runnable < 50']],
  captions: [
    said(5, '1,000 httpds and one socket', [5, 'httpd.processes = 1000', herd[0]]),
    said(30, '{processes.runnable} processes are runnable, and', [30, ...herd]),
    said(60, 'Now wake-one'),
    said(115, '{processes.runnable} runnable', [115, ...patched]),
    said(120, 'The patch is taken out: the herd is back', [
      [140, 180],
      'min processes.runnable > 900',
    ]),
    said(150, '{processes.runnable} processes are runnable, ', [150, ...herd]),
    said(180, 'Now task-exclusive'),
    said(235, '{processes.runnable} runnable', [235, ...patched]),
    said(240, 'Without a patch once more', [[260, 300], 'min processes.runnable > 900']),
  ],
}

const webFlood: Promised = {
  quickUntil: 85,
  about: [
    [[60, 70], 'mean listen.synQueue > 100'],
    [[60, 100], 'max processes.runnable > 900'],
  ],
  captions: [
    said(5, '200 connections a second: light work', [
      [5, 30],
      'mean load.completed/s > 190',
      'mean load.completed/s < 210',
      'mean processes.runnable < 5',
    ]),
    said(30, '500 more a second', [[32, 60], 'mean load.completed/s > 650']),
    said(
      50,
      'It bears them: ',
      [50, 'load.completed/s > 600'],
      [[32, 60], 'max load.inFlight < 50', 'max load.failed = 0'],
    ),
    said(60, '2,000 more a second: more than', [[60, 70], 'growth load.inFlight > 10000']),
    said(68, '{listen.overflows/s} times in the last second a queue', [
      68,
      'listen.overflows/s > 1000',
    ]),
    said(70, 'The flood ends; who was turned away comes back', [
      [72, 85],
      'mean load.completed/s > 400',
    ]),
    said(85, '{processes.runnable} processes are runnable, and', [
      85,
      'processes.runnable > 900',
      'load.inFlight > 5000',
    ]),
    said(145, '{load.completed/s} connections a second: it has passed', [
      145,
      'load.completed/s > 150',
      'load.completed/s < 250',
      'load.inFlight > 1000',
      'processes.runnable < 10',
    ]),
    said(180, 'Now every thirtieth frame gets lost', [
      [185, 210],
      'growth net.dropped > 100',
      'mean processes.runnable < 5',
      'mean cpu.idle/s > 300',
    ]),
    said(205, '{tcp.open} connections are open at once', [
      205,
      'tcp.open > 30',
      'tcp.retransmissions/s > 10',
    ]),
  ],
}

const proxyCold: Promised = {
  quickUntil: 180,
  about: [
    [[70, 420], 'mean proxy.answered/s > 95', 'mean proxy.answered/s < 105'],
    [59, 'proxy.response50Ms < 2'],
    [235, 'proxy.response50Ms > 5'],
    [359, 'proxy.response50Ms < 4'],
    [[10, 59], 'mean cpu.idle/s > 80'],
    [[240, 299], 'mean cpu.idle/s < 30'],
    [[310, 359], 'mean cpu.idle/s > 60'],
  ],
  captions: [
    said(10, '50 clients ask a proxy; its one process', [
      10,
      'proxy.processes = 1',
      'proxy.coldOpen = 0',
    ]),
    said(60, 'Now cold connections', [120, 'proxy.coldOpen = 500'], [180, 'proxy.coldOpen = 1000']),
    said(
      235,
      '{proxy.coldOpen} cold connections, and select asks',
      [235, 'proxy.coldOpen = 1500'],
      [[185, 235], 'mean poll.scanned/s > 300000'],
    ),
    said(295, '{proxy.coldOpen} cold connections; ', [
      295,
      'proxy.coldOpen = 2000',
      'proxy.answered/s > 70',
    ]),
    said(300, 'Now a scalable select', [[310, 355], 'mean poll.scanned/s < 2000']),
    said(355, '{proxy.answered/s} requests in the last second', [
      355,
      'proxy.answered/s > 70',
      'proxy.coldOpen = 2000',
    ]),
    said(
      360,
      'And descriptors that are found without a search',
      [[310, 359], 'mean fd.wordsSearched/s > 3000'],
      [[365, 420], 'mean fd.wordsSearched/s < 500'],
    ),
  ],
}

const soakWeek: Promised = {
  quickUntil: 60,
  about: [
    // Whatever fails is the flood's: the server lives until it is rebooted.
    [[60, hours(145) - 1], 'min httpd.processes = 60', 'max pages.outOfMemory = 0'],
    [[hours(31), hours(145) - 1], 'growth load.failed = 0'],
    [[hours(120), hours(144)], 'growth load.completed > 300000'],
  ],
  captions: [
    said(
      60,
      'Monday, six in the morning. Clients come by the hour, and a round of SDET every 25',
      [60, 'httpd.processes = 60'],
      [[hours(1), hours(25)], 'growth sdet.completed >= 224', 'growth sdet.completed <= 236'],
      [[hours(4), hours(8)], 'growth load.completed > 100000'],
      [[hours(20), hours(24)], 'growth load.completed < 10000'],
    ),
    said(
      hours(4),
      'A leak begins',
      [[hours(4), hours(8)], 'growth buffers.orphaned > 10000'],
      [[1, hours(30)], 'growth load.failed = 0'],
    ),
    said(hours(24), 'Tuesday', [hours(24), 'buffers.orphaned > 50000', 'memory.free > 300000']),
    said(hours(30), 'A flood: 500 connections a second more', [
      [hours(30), hours(30) + 300],
      'growth load.offered > 140000',
      'growth load.offered < 160000',
    ]),
    said(hours(32), 'wake-one is patched in'),
    said(hours(48), 'Wednesday', [hours(48), 'buffers.orphaned > 120000', 'memory.free > 200000']),
    said(
      hours(53),
      'A tired switch: frames get lost, for two hours',
      [[hours(53), hours(55)], 'growth tcp.retransmissions > 50000'],
      [[hours(56), hours(72)], 'growth tcp.retransmissions = 0'],
    ),
    said(hours(72), 'Thursday', [hours(72), 'buffers.orphaned > 200000', 'memory.free > 100000']),
    said(
      hours(75),
      'The disk seeks slowly, for four hours',
      [[hours(51), hours(55)], 'mean disk.busy/s < 3500000'],
      [[hours(75), hours(79)], 'mean disk.busy/s > 4000000'],
    ),
    said(
      hours(100),
      'Friday: clients on slow lines',
      [[hours(52), hours(53)], 'mean tcp.open < 17'],
      [[hours(100), hours(101)], 'mean tcp.open > 19', 'growth load.completed > 10000'],
    ),
    said(hours(120), 'Saturday', [hours(120), 'buffers.orphaned > 300000', 'memory.free < 20000']),
    said(
      hours(144),
      'Sunday: the leak is stopped',
      [hours(144), 'buffers.orphaned > 400000'],
      [[hours(144), hours(145) - 1], 'growth buffers.orphaned = 0'],
    ),
    said(hours(145), 'A reboot brings the memory back', [hours(145) + 60, 'memory.free > 450000']),
    said(hours(146), '{buffers.orphaned} orphaned buffers', [
      hours(146),
      'buffers.orphaned = 0',
      'memory.free > 450000',
    ]),
  ],
}

const proxyDay: Promised = {
  quickUntil: 60,
  about: [
    [[60, hours(24)], 'min proxy.clients < 50', 'max proxy.clients > 850'],
    [[60, hours(24)], 'growth proxy.answered > 2300000', 'growth proxy.answered < 2900000'],
    [[60, hours(24)], 'min proxy.coldOpen > 10', 'max proxy.lost = 0'],
  ],
  captions: [
    said(60, 'Six in the morning', [60, 'proxy.clients > 40', 'proxy.clients < 80']),
    said(hours(3), 'Nine: {proxy.clients} connections, most of them silent', [
      hours(3),
      'proxy.clients > 500',
      'proxy.clients < 700',
      'proxy.coldOpen > 350',
    ]),
    said(hours(8), 'Two in the afternoon', [
      hours(8),
      'proxy.clients > 850',
      'proxy.clients < 1050',
    ]),
    said(
      hours(9),
      'Now select becomes the scalable one',
      [[hours(8), hours(9)], 'mean poll.scanned/s > 20000'],
      [[hours(9) + 60, hours(10)], 'mean poll.scanned/s < 5000'],
    ),
    said(hours(20), 'Two in the night', [hours(20), 'proxy.clients > 20', 'proxy.clients < 60']),
  ],
}

export const promised: Readonly<Record<string, Promised>> = {
  'sdet-orphans': sdetOrphans,
  'web-wake-one': webWakeOne,
  'web-flood': webFlood,
  'proxy-cold': proxyCold,
  'proxy-day': proxyDay,
  'soak-week': soakWeek,
}
