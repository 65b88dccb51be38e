/**
 * Requests a second as fast as they are answered. With 2,000 cold connections 44 % fewer than with
 * none (Banga & Mogul 1998, figure 8). And Squid against CERN: on a LAN with few connections
 * Harvest, from which Squid comes, was an order of magnitude faster (Chankhunthod et al. 1996);
 * under real loads, far clients, many connections and three hits in ten, Squid was no better, and
 * took at least as much of the CPU (Maltzahn et al. 1997).
 */
import type { ExperimentPart, ExperimentResult } from './experiment'
import { atLeast, atMost, experimentOf, near } from './experiment'
import type { ProxyMeasured } from './proxy-measure'
import { measureProxy } from './proxy-measure'

const mostCold = 2000
const published = 44
const tolerance = 8 / 44
/** "Several times" ahead; "no better": at most a tenth; at least as much CPU. */
const severalTimes = 2
const noBetter = 1.1
const asMuch = 1
const warmUp = 12
const measured = 30

const asFastAsAnswered = { 'proxy.hot': 50, 'proxy.rate': 0 }
/** The text has 10 to 50 hot clients, and does not say how many these were. */
const fewHot = { 'proxy.hot': 10, 'proxy.rate': 0 }
/**
 * Far clients at the text's 100 requests a second, of which about 250 are in service, and cold
 * connections up to the most that the text has, 950; about 30 % hits (Maltzahn et al. 1997).
 */
const real = {
  'proxy.clients': 'wan',
  'proxy.rate': 100,
  'proxy.cold': 700,
  'proxy.hitPercent': 30,
}

const runs = [
  { name: 'squid, LAN', parameters: asFastAsAnswered },
  { name: 'squid, LAN, 2,000 cold', parameters: { ...asFastAsAnswered, 'proxy.cold': mostCold } },
  { name: 'squid, LAN, 10 hot', parameters: fewHot },
  {
    name: 'squid, LAN, 10 hot, 2,000 cold',
    parameters: { ...fewHot, 'proxy.cold': mostCold },
  },
  { name: 'cern, LAN', parameters: { ...asFastAsAnswered, 'proxy.kind': 'cern' } },
  { name: 'squid, WAN', parameters: real },
  { name: 'cern, WAN', parameters: { ...real, 'proxy.kind': 'cern' } },
] as const

const told = (name: string, outcome: ProxyMeasured): string =>
  `${name}: ${outcome.requestsPerSecond.toFixed(1)} requests/s, ${outcome.failed} failed, half within ` +
  `${outcome.p50Ms.toFixed(0)} ms; idle ${outcome.idle.toFixed(0)} %, ` +
  `${outcome.eventsPerCall.toFixed(1)} events a call`

const parts: readonly ExperimentPart<ProxyMeasured>[] = runs.map(({ name, parameters }) => ({
  name,
  weight: 3,
  run: (report) => {
    const outcome = measureProxy(parameters, warmUp, measured)
    report(told(name, outcome))
    return outcome
  },
}))

function conclude(outcomes: readonly ProxyMeasured[]): ExperimentResult {
  const [squid, withCold, fewest, fewestWithCold, cern] = outcomes.map(
    ({ requestsPerSecond }) => requestsPerSecond,
  )
  const [squidFar, cernFar] = outcomes.slice(-2)
  const at = (series: string, x: number, unit: string) => ({
    series,
    x,
    xUnit: 'cold connections',
    unit,
  })
  const points = [
    near(
      at('throughput lost to cold connections, 10 hot', mostCold, '%'),
      'predicted',
      published,
      (1 - fewestWithCold / fewest) * 100,
      tolerance,
    ),
    near(
      at('throughput lost to cold connections, 50 hot', mostCold, '%'),
      'predicted',
      published,
      (1 - withCold / squid) * 100,
      tolerance,
    ),
    atLeast(at('Squid, of CERN, few connections', 0, '×'), 'shape', severalTimes, squid / cern),
    atMost(
      at("CERN's median response, of Squid's, WAN", real['proxy.cold'], '×'),
      'shape',
      noBetter,
      cernFar.p50Ms / squidFar.p50Ms,
    ),
    atLeast(
      at("Squid's CPU, of CERN's, WAN", real['proxy.cold'], '×'),
      'shape',
      asMuch,
      (100 - squidFar.idle) / (100 - cernFar.idle),
    ),
  ]
  const notes = runs.map(({ name }, index) => told(name, outcomes[index]))
  return { passed: points.every((point) => point.ok), points, notes }
}

export const proxyThroughput = experimentOf({
  id: 'proxy-throughput',
  title: 'A proxy as fast as it answers: cold connections, and Squid against CERN',
  source:
    'G. Banga, J. C. Mogul, USENIX 1998, figure 8; C. Maltzahn et al., SIGMETRICS 1997; ' +
    'A. Chankhunthod et al., USENIX 1996',
  parts,
  conclude,
})
