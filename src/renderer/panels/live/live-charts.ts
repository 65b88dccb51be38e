import type { ChartSpec } from '../../charts/chart-spec'
import type { ChartSource } from './chart-source'
import { cpuByFunction, cpuByMode } from './cpu-charts'
import { roundsChart } from './rounds-chart'
import {
  blockReadsAndWrites,
  diskQueue,
  interruptsAndSwitches,
  memoryByUse,
  runnableAndBlocked,
} from './system-charts'

/** The charts of the Live view, in the order in which they are read: the first six fill a small screen. */
export function liveCharts(source: ChartSource, cpus: number): ChartSpec[] {
  return [
    cpuByMode(source, cpus),
    runnableAndBlocked(source),
    memoryByUse(source),
    cpuByFunction(source),
    blockReadsAndWrites(source),
    roundsChart(source),
    interruptsAndSwitches(source),
    diskQueue(source),
  ]
}
