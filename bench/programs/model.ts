/**
 * The model under one load, on one core. Each line that it reads is answered with how fast the next
 * slice of simulated time was. model <load>
 */
import { createInterface } from 'node:readline'
import type { Parameters, Server, SimTime } from '../../src/sim'
import { createServer, seconds as simSeconds } from '../../src/sim'
import { cpuSeconds } from './answer'

interface Load {
  readonly scenario: string
  readonly parameters: Parameters
  /** One slice: some simulated seconds, or with rounds, up to the end of the next one. */
  readonly seconds: number
  readonly rounds: boolean
  /** Simulated before the first slice: until a counter has come so far. */
  readonly until?: readonly [counter: string, value: number]
}

const herd = { 'httpd.processes': 1000, 'load.connections': 0, 'load.rate': 400 }
const loads: Readonly<Record<string, Load>> = {
  sdet: { scenario: 'sdet', parameters: {}, seconds: 1, rounds: true },
  herd: {
    scenario: 'web',
    parameters: { ...herd, 'kernel.accept.wakeup': 'all' },
    seconds: 30,
    rounds: false,
  },
  'wake-one': {
    scenario: 'web',
    parameters: { ...herd, 'kernel.accept.wakeup': 'one' },
    seconds: 60,
    rounds: false,
  },
  proxy: {
    scenario: 'proxy',
    parameters: { 'proxy.hot': 50, 'proxy.cold': 750, 'proxy.rate': 220 },
    seconds: 20,
    rounds: false,
  },
  'proxy-50k': {
    scenario: 'proxy',
    parameters: {
      kernel: 'linux-2.2',
      'proxy.events': 'poll',
      'kernel.poll': 'hints',
      'proxy.cold': 50_000,
      'proxy.coldRate': 100,
      'kernel.poll.limit': 65_536,
      'kernel.fd.perProcess': 65_536,
      'kernel.fd.systemWide': 65_536,
    },
    seconds: 50,
    rounds: false,
    until: ['proxy.clients', 50_000],
  },
  yield: { scenario: 'yield', parameters: {}, seconds: 1, rounds: false },
}

const name = process.argv[2] ?? ''
const load = loads[name]
if (load === undefined) throw new Error(`a load is one of ${Object.keys(loads).join(', ')}`)
const server = serverOf(load)
ripen(load)

function serverOf({ scenario, parameters }: Load): Server {
  const made = createServer({ scenario, seed: 1, parameters })
  if (typeof made === 'string') throw new Error(made)
  return made
}

/** A load that does not come to what is measured within an hour is a mistake. */
function ripen({ until }: Load): void {
  if (until === undefined) return
  const [counter, value] = until
  do {
    if (server.now > 3600e9) throw new Error(`${counter} never came to ${value}`)
    server.advance((server.now + simSeconds(10)) as SimTime)
    server.refreshCounters()
  } while (server.counters.read(counter) < value)
}

function slice({ seconds, rounds }: Load): void {
  const before = server.work().rounds.length
  do server.advance((server.now + simSeconds(seconds)) as SimTime)
  while (rounds && server.work().rounds.length === before)
}

createInterface({ input: process.stdin }).on('line', () => {
  const { now, events } = server
  const wallStart = performance.now()
  const cpu = cpuSeconds(() => slice(load))
  const wall = (performance.now() - wallStart) / 1000
  const simulated = (server.now - now) / 1e9
  console.log(
    JSON.stringify({
      simulated,
      cpu,
      wall,
      events: server.events - events,
      digest: server.digest(),
    }),
  )
})
