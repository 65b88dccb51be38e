import type { ChartSpec } from '../../charts/chart-spec'
import type { ChartSource } from './chart-source'
import { cpuByFunction, cpuByMode } from './cpu-charts'
import { roundsChart, scriptsChart } from './rounds-chart'
import { acceptWakeUps, connections, filesAndDescriptors, requests } from './server-charts'
import {
  blockReadsAndWrites,
  diskQueue,
  interruptsAndSwitches,
  memoryByUse,
  runnableAndBlocked,
} from './system-charts'
import { timeOfAYield, yieldsCounter, yieldsPerSecond } from './yield-charts'

/** Of the modelled machine: what shares and times are of. */
export interface ChartMachine {
  readonly cpus: number
  readonly clockMHz: number
}

/**
 * The charts of the Live view, in the order in which they are read: the first six fill a small screen. Which workloads
 * a run has is seen from the counters that it has. Beside other workloads nobody can tell what a yield takes.
 */
export function liveCharts(source: ChartSource, machine: ChartMachine): ChartSpec[] {
  const has = (counter: string): boolean => source.column(counter) !== undefined
  const inRounds = has('work.round')
  const scripts = inRounds || has('sdet.completed')
  const serves = has('accept.woken')
  const yields = yieldsCounter(source)
  const when = (condition: boolean, ...charts: ChartSpec[]): ChartSpec[] =>
    condition ? charts : []
  return [
    cpuByMode(source, machine.cpus),
    runnableAndBlocked(source),
    ...when(serves, requests(source)),
    ...(yields ? [yieldsPerSecond(source, yields)] : []),
    ...when(scripts, memoryByUse(source)),
    cpuByFunction(source),
    ...when(serves, acceptWakeUps(source), connections(source)),
    ...(yields && !serves && !scripts ? [timeOfAYield(source, yields, machine.clockMHz)] : []),
    ...when(scripts, blockReadsAndWrites(source)),
    ...when(scripts, inRounds ? roundsChart(source) : scriptsChart(source)),
    ...when(serves, filesAndDescriptors(source)),
    interruptsAndSwitches(source),
    ...when(scripts, diskQueue(source)),
    ...when(serves && !scripts, memoryByUse(source)),
  ]
}
