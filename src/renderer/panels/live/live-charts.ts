import type { ChartSpec } from '../../charts/chart-spec'
import type { ChartSource } from './chart-source'
import { cpuByFunction, cpuByMode } from './cpu-charts'
import { roundsChart } from './rounds-chart'
import { acceptWakeUps, connections, filesAndDescriptors, requests } from './server-charts'
import {
  blockReadsAndWrites,
  diskQueue,
  interruptsAndSwitches,
  memoryByUse,
  runnableAndBlocked,
} from './system-charts'

/** The charts of the Live view, those of a network server where connections are accepted, in the order in which they are read: the first six fill a small screen. */
export function liveCharts(source: ChartSource, cpus: number): ChartSpec[] {
  const servesConnections = source.column('accept.woken') !== undefined
  return servesConnections
    ? [
        cpuByMode(source, cpus),
        runnableAndBlocked(source),
        requests(source),
        cpuByFunction(source),
        acceptWakeUps(source),
        connections(source),
        filesAndDescriptors(source),
        interruptsAndSwitches(source),
        memoryByUse(source),
      ]
    : [
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
