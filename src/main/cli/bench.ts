/**
 * `soakscope bench`: how fast the model runs on this machine. `bench/` compares it with its peers.
 */
import { cpus } from 'node:os'
import { createServer, instant } from '../../sim/index'
import { version } from '../version'
import { openJson } from './output'
import { Progress } from './progress'
import { readable } from './table'
import type { Terminal } from './terminal'

/** Simulated seconds that are run first, so that the code is warm, and then measured. */
const warmSeconds = 30
const measuredSeconds = 600
/** Simulated seconds between two looks at progress. */
const stepSeconds = 5

export async function bench(json: string | undefined, terminal: Terminal): Promise<void> {
  const output = openJson(json, [], terminal)
  const server = createServer({ scenario: 'sdet', seed: 1, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  const progress = new Progress(terminal)
  const runTo = (seconds: number): void => {
    for (let at = Math.floor(server.now / 1e9) + stepSeconds; at <= seconds; at += stepSeconds) {
      server.advance(instant(at * 1e9))
      progress.show(() => `sdet: ${at} of ${warmSeconds + measuredSeconds} s`)
    }
  }
  runTo(warmSeconds)
  const eventsBefore = server.events
  const started = performance.now()
  runTo(warmSeconds + measuredSeconds)
  const wallSeconds = (performance.now() - started) / 1000
  progress.clear()
  const events = server.events - eventsBefore
  const result = {
    scenario: 'sdet',
    version,
    seed: 1,
    simulatedSeconds: measuredSeconds,
    wallSeconds,
    timesRealTime: measuredSeconds / wallSeconds,
    events,
    eventsPerSecond: events / wallSeconds,
    digest: server.digest(),
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
  }
  await output?.put(result)
  if (output?.isStandardOutput) return
  terminal.out(
    `sdet, 128 scripts, one core: ${readable(result.timesRealTime)}× real time, ` +
      `${readable(result.eventsPerSecond)} events/s\n` +
      `${measuredSeconds} s simulated in ${readable(wallSeconds, 2)} s, after ${warmSeconds} s of warm-up, ` +
      `seed 1, digest ${result.digest}\n${result.cpu}, Node ${result.node}, Soakscope ${version}\n`,
  )
}
