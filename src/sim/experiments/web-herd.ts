/**
 * The thundering herd under load. A. Morton, linux-kernel, 4 November 2000: requests a second with
 * 3 and 150 httpds, every sleeper woken, one connection at a time. His machine is not known, so
 * only the ratio is compared; the user-mode cost of a request is fitted to the level with 3 httpds.
 * TR 99-4, macro-benchmark: "just over 50 %" more requests a second with wake-one or
 * task-exclusive, 100 to 1,500 connections; no absolute figures. Under the herd the server is
 * bistable, for tens of seconds at a time, so a mean takes minutes, as SPECweb99's did.
 */
import type { Server } from '../server/server'
import { createServer } from '../server/simulated-server'
import { foldByProcedure } from '../observe/profile'
import type { Parameters } from '../parameters/parameters'
import { instant } from '../units/time'
import type { ExperimentPart, ExperimentPoint, ExperimentResult } from './experiment'
import { atMost, experimentOf, near } from './experiment'

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

interface Measured {
  readonly perSecond: number
  readonly latencyMs: number
  readonly limits: string
  readonly each: string
}

/** Counters at an instant. */
interface Counted {
  readonly bytesOut: number
  readonly interrupts: number
  readonly switches: number
  /** CPU cycles in which nothing was to be done. */
  readonly idle: number
}

function measure(parameters: Parameters, before: number, seconds: number): Measured {
  const server = createServer({ scenario: 'web', seed: 7, parameters })
  if (typeof server === 'string') throw new Error(server)
  const read = (): Counted => {
    server.refreshCounters()
    const { counters } = server
    return {
      bytesOut: counters.read('net.bytesOut'),
      interrupts: counters.read('interrupts'),
      switches: counters.read('contextSwitches'),
      idle: counters.read('cycles.idle') + counters.read('cycles.wait'),
    }
  }
  server.advance(instant(before * 1e9))
  server.resetStatistics()
  const from = read()
  server.advance(instant((before + seconds) * 1e9))
  const { perSecond, latencyMs } = server.work()
  const to = read()
  const limits = limitsOf(server, seconds, to.bytesOut - from.bytesOut)
  const requests = perSecond * seconds
  const cycles = Number(server.parameters['machine.clockMHz']) * 1e6
  const busySeconds =
    Number(server.parameters['machine.cpus']) * seconds - (to.idle - from.idle) / cycles
  const each =
    `a request: ${((to.interrupts - from.interrupts) / requests).toFixed(1)} interrupts, ` +
    `${((to.switches - from.switches) / requests).toFixed(1)} context switches, ` +
    `${((busySeconds * 1000) / requests).toFixed(2)} ms of CPU`
  return { perSecond, latencyMs: latencyMs.mean, limits, each }
}

/** What a run was limited by, in words: CPUs, the run-queue lock, the big kernel lock, the link. */
function limitsOf(server: Server, seconds: number, bytesOut: number): string {
  const profile = foldByProcedure(server.profile())
  const share = (procedure: string): number =>
    profile.filter((row) => row.procedure === procedure).reduce((sum, row) => sum + row.share, 0)
  const percent = (part: number): string => `${Math.round(part * 100)} %`
  const idle = profile
    .filter(({ image }) => image === 'idle')
    .reduce((sum, row) => sum + row.share, 0)
  const link = (bytesOut * 8) / (Number(server.parameters['machine.linkMbit']) * 1e6 * seconds)
  return (
    `CPUs ${percent(1 - idle)} busy, ${percent(share('schedule'))} in schedule, ` +
    `${percent(share('schedule.text.lock'))} in the run-queue lock, ` +
    `${percent(share('stext_lock'))} in the big kernel lock; link ${percent(link)} full`
  )
}

const oneAtATime = (processes: number): Measured =>
  measure(
    {
      'httpd.processes': processes,
      'httpd.maxClients': processes,
      'load.connections': 1,
      'load.mix': 'fixed',
      'load.pageBytes': indexBytes,
      // His client is not described: what it took is in what is fitted.
      'load.clientMHz': 0,
    },
    3,
    5,
  )

const wakeups = ['all', 'one', 'exclusive'] as const
const runs = connections.flatMap((count) => wakeups.map((wakeup) => ({ count, wakeup })))
const told = (count: number, wakeup: string, { perSecond }: Measured): string =>
  `${count} connections, ${wakeup}: ${perSecond.toFixed(0)} requests/s`

const parts: readonly ExperimentPart<Measured>[] = [
  ...[3, 150].map((processes) => ({
    name: `${processes} httpds`,
    weight: 1,
    run: (report: (text: string) => void) => {
      const outcome = oneAtATime(processes)
      report(`${processes} httpds: ${outcome.perSecond.toFixed(0)} requests/s`)
      return outcome
    },
  })),
  ...runs.map(({ count, wakeup }) => ({
    name: `${count} connections, ${wakeup}`,
    weight: wakeup === 'all' ? 16 : 10,
    run: (report: (text: string) => void) => {
      const parameters = { 'load.connections': count, 'kernel.accept.wakeup': wakeup }
      const outcome = measure(parameters, warmUp, measured)
      report(told(count, wakeup, outcome))
      return outcome
    },
  })),
]

function conclude([few, many, ...outcomes]: readonly Measured[]): ExperimentResult {
  const notes = [few, many].map(
    ({ limits, each }, index) => `${[3, 150][index]} httpds: ${limits}; ${each}`,
  )
  const points: ExperimentPoint[] = [
    near(
      { series: 'time of a request, 3 httpds', x: 3, xUnit: 'httpds', unit: 'ms' },
      'fitted',
      base,
      few.latencyMs,
      0.2,
    ),
    near(
      { series: 'requests/s, of those with 3 httpds', x: 150, xUnit: 'httpds', unit: '×' },
      'predicted',
      ratio,
      many.perSecond / few.perSecond,
      0.05 / ratio,
    ),
  ]
  runs.forEach(({ count, wakeup }, index) => {
    const { limits, each } = outcomes[index]
    notes.push(`${told(count, wakeup, outcomes[index])}; ${limits}; ${each}`)
  })
  connections.forEach((count, index) => {
    const [all, one, exclusive] = outcomes
      .slice(index * wakeups.length, (index + 1) * wakeups.length)
      .map(({ perSecond }) => perSecond)
    const at = (series: string) => ({ series, x: count, xUnit: 'connections', unit: '%' })
    points.push(
      near(at('gain by wake-one'), 'predicted', gain, (one / all - 1) * 100, gainTolerance),
      atMost(
        at('wake-one and task-exclusive apart'),
        'predicted',
        3,
        Math.abs(one / exclusive - 1) * 100,
      ),
    )
  })
  return { passed: points.every((point) => point.ok), points, notes }
}

export const webHerd = experimentOf({
  id: 'web-herd',
  title: 'Requests per second with and without the thundering herd',
  source:
    'A. Morton, linux-kernel, 4 Nov 2000; P. Honeyman et al., CITI TR 99-4, "Accept scalability"',
  parts,
  conclude,
})
