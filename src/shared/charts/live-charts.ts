import type { ChartSpec } from './chart-spec'
import { chartOf, type ChartDefinition } from './chart-definition'
import type { ChartSource } from './chart-source'
import { cpuByFunction, cpuByMode } from './cpu-charts'
import {
  callsOfSelect,
  descriptorsScanned,
  eventsOfCalls,
  proxyConnections,
  proxyRequests,
  proxyResponseTimes,
  rtSignals,
} from './proxy-charts'
import { roundsChart, scriptsChart } from './rounds-chart'
import { filesAndDescriptors, serverCharts } from './server-charts'
import {
  blockReadsAndWrites,
  diskQueue,
  interruptsAndSwitches,
  memoryByUse,
  runnableAndBlocked,
} from './system-charts'
import { printedCounter } from '../../sim/observe/printed-vmstat'
import { vmstatCharts } from './vmstat-charts'
import { timeOfAYield, yieldsCounter, yieldsPerSecond } from './yield-charts'

/**
 * The charts of the Live view, in the order in which they are read: the first six fill a small
 * screen. Which workloads a run has is seen from the counters that it has. Beside other workloads
 * nobody can tell what a yield takes.
 */
export function liveCharts(source: ChartSource): ChartSpec[] {
  const has = (counter: string): boolean => source.column(counter) !== undefined
  const isPrinted = (column: string): boolean => has(printedCounter(column))
  if (isPrinted('r')) return vmstatCharts(isPrinted).map((chart) => chartOf(source, chart))
  const inRounds = has('work.round')
  const scripts = inRounds || has('sdet.completed')
  const first = has('accept.woken')
  const second = has('accept2.woken')
  const proxies = has('proxy.coldOpen')
  const serves = first || second || proxies
  const one = serverCharts({ suffix: '', name: '' })
  const two = serverCharts({ suffix: '2', name: first ? 'second server' : '' })
  const yields = yieldsCounter(source)
  const signals = source.settings['proxy.events'] === 'rt-signals'
  // A proxy's one process is runnable or not: that is read last.
  const onlyProxies = proxies && !first && !second && !scripts && !yields
  const when = (condition: boolean, ...charts: ChartDefinition[]): ChartDefinition[] =>
    condition ? charts : []
  const definitions = [
    cpuByMode,
    ...when(!onlyProxies, runnableAndBlocked),
    ...when(first, one.requests),
    ...when(second, two.requests),
    ...when(proxies, proxyRequests, proxyResponseTimes),
    ...(yields ? [yieldsPerSecond(yields)] : []),
    ...when(scripts, memoryByUse),
    cpuByFunction,
    ...when(first, one.acceptWakeUps, one.connections),
    ...when(second, two.acceptWakeUps, two.connections),
    ...when(proxies, proxyConnections, descriptorsScanned, callsOfSelect, eventsOfCalls),
    ...when(proxies && signals, rtSignals),
    ...(yields && !serves && !scripts ? [timeOfAYield(yields)] : []),
    ...when(scripts, blockReadsAndWrites, inRounds ? roundsChart : scriptsChart),
    ...when(serves, filesAndDescriptors),
    interruptsAndSwitches,
    ...when(onlyProxies, runnableAndBlocked),
    ...when(scripts, diskQueue),
    ...when(serves && !scripts, memoryByUse),
  ]
  return definitions.map((definition) => chartOf(source, definition))
}
