/**
 * sched_test_yield on Linux 2.2.16: n threads of one process call sched_yield in a loop on 8 CPUs,
 * through one run-queue lock. Microseconds per yield are CPU time: CPUs times elapsed time, divided
 * by all yields. `goodness`, the step of the walk, is fitted to 64 threads; 16 and 256 are
 * predicted. At 256 the lines of the run queue just fill their places in the caches: each further
 * task costs 17 microseconds a yield, so the published point lies between 258 and 259 tasks and
 * depends on how evenly their blocks lie in memory.
 */
import { createServer } from '../server/simulated-server'
import { instant } from '../units/time'
import { experimentOf, near } from './experiment'

/** Microseconds per yield with 2.2.16-22, by threads. */
const published: readonly (readonly [threads: number, microseconds: number])[] = [
  [16, 18.74],
  [64, 23.3],
  [256, 105.701],
]
const fittedAt = 64
const tolerance = 0.25
/** Simulated seconds. */
const warmUp = 0.5
const measured = 2

/**
 * CPU time of a yield on the scenario's own machine. @param seconds simulated time that is measured
 */
export function microsecondsPerYield(threads: number, seconds = measured): number {
  const server = createServer({
    scenario: 'yield',
    seed: 1,
    parameters: { 'yield.threads': threads },
  })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(warmUp * 1e9))
  server.resetStatistics()
  server.advance(instant((warmUp + seconds) * 1e9))
  const cpus = Number(server.parameters['machine.cpus'])
  return (cpus * 1e6) / server.work().perSecond
}

/** Weight of a part by threads: what a yield costs grows with them. */
const weights: readonly number[] = [3, 3, 6]

export const schedYield = experimentOf({
  id: 'sched-yield',
  title: 'Time per sched_yield with 16 to 256 threads on 8 CPUs',
  source: 'M. Kravetz, linux-kernel, 18 Jan 2001; B. Hartner, linux-kernel, 19 Jan 2001',
  parts: published.map(([threads], index) => ({
    name: `${threads} threads`,
    weight: weights[index],
    run: (report) => {
      const simulated = microsecondsPerYield(threads)
      report(`${threads} threads: ${simulated.toFixed(1)} µs per yield`)
      return simulated
    },
  })),
  conclude: (outcomes) => {
    const points = published.map(([threads, microseconds], index) => {
      const where = { series: 'time per yield', x: threads, xUnit: 'threads', unit: 'µs' }
      const kind = threads === fittedAt ? 'fitted' : 'predicted'
      return near(where, kind, microseconds, outcomes[index], tolerance)
    })
    return { passed: points.every((point) => point.ok), points }
  },
})
