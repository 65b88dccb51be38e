/**
 * 1,000 httpds asleep in accept and 400 new connections a second, on one core: simulated seconds per second of this
 * machine, after a simulated minute of warm-up. web <wakeup> <simulated seconds>
 */
import type { Server, SimTime } from '../../src/sim'
import { createServer, seconds as simSeconds } from '../../src/sim'
import { cpuSeconds } from './answer'

const wakeup = process.argv[2] ?? 'all'
const measured = Number(process.argv[3])
const server = herd()

function herd(): Server {
  const parameters = {
    ...{ 'httpd.processes': 1000, 'load.connections': 0, 'load.rate': 400 },
    'kernel.accept.wakeup': wakeup,
  }
  const made = createServer({ scenario: 'web', seed: 1, parameters })
  if (typeof made === 'string') throw new Error(made)
  return made
}

server.advance(simSeconds(60) as number as SimTime)
server.resetStatistics()
const events = server.events
const wallStart = process.hrtime.bigint()
const cpu = cpuSeconds(() => void server.advance((server.now + simSeconds(measured)) as SimTime))
const wall = Number(process.hrtime.bigint() - wallStart) / 1e9
const executed = server.events - events
console.log(
  JSON.stringify({
    rate: measured / wall,
    perCpuSecond: measured / cpu,
    ...{ simulated: measured, wall, cpu },
    eventsPerSecond: executed / wall,
    eventsPerRequest: executed / server.work().completed,
    requestsPerSecond: server.work().perSecond,
    digest: server.digest(),
  }),
)
