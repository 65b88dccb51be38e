/**
 * Heap of a long run. Prints bytes in use, after a collection, at the end of hours 1, 2, 4 and so
 * on and of the last, one line each when it is there: by space of V8, and outside of its heap. V8
 * goes on compiling for as long as something runs often enough for the first time; so a load may
 * come after a day of the same in the same process, whose code is there then. heap <hours> <load>
 */
import { getHeapSpaceStatistics } from 'node:v8'
import { RunLoop } from '../../src/main/runs/run-loop'
import { createServer, instant, type Parameters, type Server } from '../../src/sim'

declare const gc: (() => void) | undefined

const hours = Number(process.argv[2])
if (gc === undefined) throw new Error('heap runs with node --expose-gc')
const collect = gc

function serverOf(scenario: string, parameters: Parameters): Server {
  const server = createServer({ scenario, seed: 1, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server
}

/** The model alone. */
function alone(server: Server): (hour: number) => void {
  return (hour) => void server.advance(instant(hour * 3600e9))
}

/** With all that a worker keeps of a run: statistics, profiles, batches until they are sent. */
function inWorker(server: Server): (hour: number) => void {
  const loop = new RunLoop(server, {
    version: 'bench',
    pace: 'max',
    paused: true,
    timeline: [],
    repeatUntil: undefined,
    wall: () => performance.now(),
    emit: () => undefined,
  })
  return (hour) => {
    loop.request({ call: 'runUntil', until: { kind: 'time', seconds: hour * 3600 } })
    while (loop.slice() !== undefined);
  }
}

const loads = {
  /** Its rounds are short, so that what grows with them shows first. */
  sdet: () => {
    const server = serverOf('sdet', { 'sdet.scripts': 1 })
    return { server, until: alone(server) }
  },
  soak: lowestSoak,
  'soak-again': () => {
    lowestSoak().until(24)
    return lowestSoak()
  },
}

/** Everything that soak-day has, and as little of each as there can be in a day. */
function lowestSoak() {
  const server = serverOf('soak-day', {
    'httpd.processes': 5,
    'load.rate': 0.05,
    'sdet.scripts': 1,
    'sdet.restSeconds': 3600,
  })
  return { server, until: inWorker(server) }
}

/** Twice: the first collection may leave what only weak references held. */
function heapUsed(): number {
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

/** Bytecode, machine code, and what V8 keeps beside both. */
const codeSpaces = /^(code|trusted)/

/** Bytes by space, those that have some. */
function spacesUsed(): Readonly<Record<string, number>> {
  const used = getHeapSpaceStatistics().filter(({ space_used_size: bytes }) => bytes > 0)
  return Object.fromEntries(used.map((of) => [of.space_name, of.space_used_size]))
}

const { server, until } = loads[process.argv[3] as keyof typeof loads]()
let next = 1
for (let hour = 1; hour <= hours; hour++) {
  until(hour)
  if (hour !== next && hour !== hours) continue
  const done = server.work()
  const bytes = heapUsed()
  const spaces = spacesUsed()
  const code = Object.entries(spaces).reduce(
    (sum, [name, size]) => sum + (codeSpaces.test(name) ? size : 0),
    0,
  )
  const { arrayBuffers, rss } = process.memoryUsage()
  const used = { bytes, code, spaces, arrayBuffers, rss }
  const answer = { hour, ...used, rounds: done.roundsDone, completed: done.completed }
  console.log(JSON.stringify({ ...answer, digest: server.digest() }))
  next *= 2
}
