/**
 * sched_test_yield on Linux 2.2.16: n threads of one process call sched_yield in a loop on 8 CPUs,
 * through one run-queue lock. A time per yield is elapsed time over the yields of all CPUs. Nobody
 * defines it, but 4,096 threads take 631 µs with the one run queue of 2.4.0-test12: 154 ns for each
 * task of a walk that no cache holds. As CPU time that were 19 ns, a tenth of a memory access. And
 * I. Molnar (4 Jan 2002) counts 108,400 switches a second with 16 yielding processes on an 8-way
 * machine, 9 µs each. Nothing is fitted.
 */
import { pentiumIII8Way } from '../machine/presets'
import { createServer } from '../server/simulated-server'
import { instant } from '../units/time'
import { experimentOf, near } from './experiment'

/** Microseconds per yield with 2.2.16-22, by threads. */
const published: readonly (readonly [threads: number, microseconds: number])[] = [
  [16, 18.74],
  [64, 23.3],
  [256, 105.701],
]
const tolerance = 0.25
/** Simulated seconds. */
const warmUp = 0.5
const measured = 2

/**
 * Elapsed time of a yield on the scenario's own machine. @param seconds simulated time measured
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
  return 1e6 / server.work().perSecond
}

/** Weight of a part by threads: what a yield costs grows with them. */
const weights: readonly number[] = [3, 3, 6]

export const schedYield = experimentOf({
  id: 'sched-yield',
  title: 'Time per sched_yield with 16 to 256 threads on 8 CPUs',
  source:
    'M. Kravetz, linux-kernel, 18 Jan 2001; H. Franke, B. Hartner, linux-kernel, 19 Jan 2001; ' +
    'I. Molnar, linux-kernel, 4 Jan 2002',
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
      return near(where, 'predicted', microseconds, outcomes[index], tolerance)
    })
    const cpus = outcomes
      .map((microseconds) => (pentiumIII8Way.cpus * microseconds).toFixed(0))
      .join(', ')
    const notes = [
      `as CPU time, the other reading of the table: ${cpus} µs, all CPUs, most of it spinning`,
    ]
    return { passed: points.every((point) => point.ok), points, notes }
  },
})
