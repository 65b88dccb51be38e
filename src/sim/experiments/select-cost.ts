/**
 * What select() costs a proxy by the number of cold connections (Banga & Mogul 1998, figure 1, of
 * which only what the text says could be read): up to 53 % of the CPU in the kernel's select and
 * its parts, up to 11 % in the program's loop; first linear, then flatter, because one call returns
 * several events; the same with 10 and with 50 hot connections up to about 1,000 cold ones.
 */
import type { ExperimentPart, ExperimentPoint, ExperimentResult } from './experiment'
import { atLeast, atMost, experimentOf, near } from './experiment'
import type { ProxyMeasured } from './proxy-measure'
import { measureProxy } from './proxy-measure'

const hots = [10, 50] as const
const colds = [0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000] as const
const requestsPerSecond = 100
const kernelHighest = 53
const kernelTolerance = 5 / kernelHighest
const loopHighest = 11
const loopTolerance = 3 / loopHighest
/** "Relatively independent" of the number of hot connections: points of CPU. */
const apart = 6
const sameUpTo = 1000
/** "Usually returns just one" at low load. */
const lowEvents = 1.5
const warmUp = 12
const measured = 20

const runs = hots.flatMap((hot) => colds.map((cold) => ({ hot, cold })))

const told = (hot: number, cold: number, outcome: ProxyMeasured): string =>
  `${hot} hot, ${cold} cold: select ${outcome.kernelSelect.toFixed(1)} %, its loop ` +
  `${outcome.userLoop.toFixed(1)} %, idle ${outcome.idle.toFixed(1)} %; ` +
  `${outcome.callsPerSecond.toFixed(0)} calls/s with ${outcome.eventsPerCall.toFixed(2)} events each; ` +
  `${outcome.requestsPerSecond.toFixed(1)} requests/s`

const parts: readonly ExperimentPart<ProxyMeasured>[] = runs.map(({ hot, cold }) => ({
  name: `${hot} hot, ${cold} cold`,
  weight: 1,
  run: (report) => {
    const parameters = { 'proxy.hot': hot, 'proxy.cold': cold, 'proxy.rate': requestsPerSecond }
    const outcome = measureProxy(parameters, warmUp, measured)
    report(told(hot, cold, outcome))
    return outcome
  },
}))

function conclude(outcomes: readonly ProxyMeasured[]): ExperimentResult {
  const of = (hot: number, cold: number): ProxyMeasured =>
    outcomes[runs.findIndex((run) => run.hot === hot && run.cold === cold)]
  const highest = (read: (outcome: ProxyMeasured) => number): number =>
    Math.max(...outcomes.map(read))
  const at = (series: string, cold: number, unit = '%') => ({
    series,
    x: cold,
    xUnit: 'cold connections',
    unit,
  })
  const last = colds[colds.length - 1]
  const points: ExperimentPoint[] = [
    near(
      at('select in the kernel, highest', last),
      'fitted',
      kernelHighest,
      highest(({ kernelSelect }) => kernelSelect),
      kernelTolerance,
    ),
    near(
      at("the program's loop, highest", last),
      'predicted',
      loopHighest,
      highest(({ userLoop }) => userLoop),
      loopTolerance,
    ),
  ]
  for (const hot of hots) {
    const select = (cold: number): number => of(hot, cold).kernelSelect
    const step = (from: number, to: number): number => select(to) - select(from)
    points.push(
      atMost(
        at(`${hot} hot: gain of the last 500, of that of the first 500`, last, '×'),
        'shape',
        0.75,
        step(1500, 2000) / step(0, 500),
      ),
      atMost(at(`${hot} hot: events a call`, 0, '1'), 'shape', lowEvents, of(hot, 0).eventsPerCall),
      atLeast(
        at(`${hot} hot: events a call, of those without cold connections`, last, '×'),
        'shape',
        1.2,
        of(hot, last).eventsPerCall / of(hot, 0).eventsPerCall,
      ),
    )
  }
  for (const cold of colds.filter((count) => count <= sameUpTo)) {
    const difference = Math.abs(of(10, cold).kernelSelect - of(50, cold).kernelSelect)
    points.push(atMost(at('10 and 50 hot apart', cold), 'shape', apart, difference))
  }
  const notes = runs.map(({ hot, cold }, index) => told(hot, cold, outcomes[index]))
  return { passed: points.every((point) => point.ok), points, notes }
}

export const selectCost = experimentOf({
  id: 'select-cost',
  title: 'CPU time in select() by the number of cold connections',
  source: 'G. Banga, J. C. Mogul, USENIX 1998, "Problems in select() and ufalloc()", figure 1',
  parts,
  conclude,
})
