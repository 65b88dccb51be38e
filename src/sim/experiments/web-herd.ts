/**
 * The thundering herd under load. A. Morton, linux-kernel, 4 November 2000: requests a second with 3 and with 150
 * httpds, every sleeper woken, one connection at a time; the machine is not known, so only the ratio is compared, and
 * the level with 3 httpds is what the user-mode cost of a request was fitted to. TR 99-4, macro-benchmark: with wake-one
 * or task-exclusive "just over 50 %" more requests a second, between 100 and 1,500 connections; no absolute figures.
 * Under the herd the server is bistable, for tens of seconds at a time, so that a mean takes minutes, as SPECweb99's did.
 */
import type { Server } from '../server'
import { createServer } from '../simulated-server'
import type { Parameters } from '../scenarios/parameters'
import { instant } from '../units/time'
import type { Experiment, ExperimentPoint, ExperimentResult } from './experiment'
import { atMost, near } from './experiment'

/** Published ratio of 150 to 3 httpds, and milliseconds a request with 3. */
const ratio = 220.7 / 1039.9
const base = 1000 / 1039.9
/** Simulated seconds before and during a measurement of the gain. */
const warmUp = 20
const measured = 300
/** Apache's own index.html (assumed). */
const indexBytes = 1500
const connections = [100, 500, 1000, 1500]
/** "Just over 50 %": from 40 to 65. */
const gain = 52.5
const gainTolerance = 12.5 / gain

function measure(parameters: Parameters, before: number, seconds: number): Server {
  const server = createServer({ scenario: 'web', seed: 7, parameters })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(before * 1e9))
  server.resetStatistics()
  server.advance(instant((before + seconds) * 1e9))
  return server
}

const oneAtATime = (processes: number): Server =>
  measure(
    { 'httpd.processes': processes, 'load.connections': 1, 'load.pageBytes': indexBytes },
    3,
    5,
  )

function run(report: (text: string) => void): ExperimentResult {
  const few = oneAtATime(3).work()
  const many = oneAtATime(150).work()
  report(`3 and 150 httpds: ${few.perSecond.toFixed(0)} and ${many.perSecond.toFixed(0)} requests/s`)
  const points: ExperimentPoint[] = [
    near({ series: 'time of a request, 3 httpds', x: 3, xUnit: 'httpds', unit: 'ms' }, 'fitted', base, few.latencyMs.mean, 0.2),
    near({ series: 'requests/s, of those with 3 httpds', x: 150, xUnit: 'httpds', unit: '×' }, 'predicted', ratio, many.perSecond / few.perSecond, 0.05 / ratio),
  ]
  for (const count of connections) {
    const perSecond = (wakeup: string): number => {
      const server = measure({ 'load.connections': count, 'kernel.accept.wakeup': wakeup }, warmUp, measured)
      const { perSecond: rate } = server.work()
      report(`${count} connections, ${wakeup}: ${rate.toFixed(0)} requests/s`)
      return rate
    }
    const [all, one, exclusive] = ['all', 'one', 'exclusive'].map(perSecond)
    const at = (series: string) => ({ series, x: count, xUnit: 'connections', unit: '%' })
    points.push(
      near(at('gain by wake-one'), 'predicted', gain, (one / all - 1) * 100, gainTolerance),
      atMost(at('wake-one and task-exclusive apart'), 'predicted', 3, Math.abs(one / exclusive - 1) * 100),
    )
  }
  return { passed: points.every((point) => point.ok), points }
} // prettier-ignore

export const webHerd: Experiment = {
  id: 'web-herd',
  title: 'Requests per second with and without the thundering herd',
  source:
    'A. Morton, linux-kernel, 4 Nov 2000; P. Honeyman et al., CITI TR 99-4, "Accept scalability"',
  run,
}
