/**
 * SDET with 128 scripts on the fixed kernel, on one core: simulated seconds per second of this machine,
 * after one round of warm-up. sdet <rounds>
 */
import type { Server, SimTime } from '../../src/sim'
import { createServer, seconds as simSeconds } from '../../src/sim'
import { cpuSeconds } from './answer'

const rounds = Number(process.argv[2])
const server = fixedKernel()

function fixedKernel(): Server {
  const made = createServer({ scenario: 'sdet', seed: 1, parameters: {} })
  if (typeof made === 'string') throw new Error(made)
  return made
}

function runRounds(count: number): void {
  const wanted = server.work().rounds.length + count
  while (server.work().rounds.length < wanted) {
    server.advance((server.now + simSeconds(1)) as SimTime)
  }
}

runRounds(1)
const now = server.now
const events = server.events
const wallStart = process.hrtime.bigint()
const cpu = cpuSeconds(() => runRounds(rounds))
const wall = Number(process.hrtime.bigint() - wallStart) / 1e9
const simulated = (server.now - now) / 1e9
console.log(
  JSON.stringify({
    rate: simulated / wall,
    perCpuSecond: simulated / cpu,
    simulated,
    wall,
    cpu,
    eventsPerSecond: (server.events - events) / wall,
    scriptsPerHour: server.work().rounds.map((round) => round.perHour),
    digest: server.digest(),
  }),
)
