/** Charts of a network server: requests, the herd at accept, and where connections are. */
import type { ChartSpec } from '../../charts/chart-spec'
import { rate, gauge, type ChartSource } from './chart-source'
import { at, chartOf, short, whole, type Line } from './system-charts'

export function requests(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'completed', name: 'completed', colour: '--s4', value: rate(source, 'load.completed') },
    { id: 'failed', name: 'failed', colour: '--s5', value: rate(source, 'load.failed') },
  ]
  return chartOf(source, lines, {
    id: 'requests',
    title: 'Requests',
    unit: 'per second',
    help: 'Requests whose response has come whole, and connections that failed, per simulated second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `${short(at(instant, 0))}/s`,
  })
}

export function acceptWakeUps(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'woken', name: 'woken', colour: '--s2', value: rate(source, 'accept.woken') },
    { id: 'back', name: 'for nothing', colour: '--s5', value: rate(source, 'accept.backToSleep') },
  ]
  return chartOf(source, lines, {
    id: 'wake-ups',
    title: 'Wake-ups at accept',
    unit: 'processes/s',
    help:
      'Processes that callbacks of the listening socket made runnable, and those of them that found no ' +
      'connection and went back to sleep, per second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `${short(at(instant, 1))} for nothing`,
  })
}

export function connections(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'half', name: 'SYN queue', colour: '--s7', value: gauge(source, 'listen.synQueue') },
    {
      id: 'ready',
      name: 'accept queue',
      colour: '--s1',
      value: gauge(source, 'listen.acceptQueue'),
    },
    { id: 'busy', name: 'with httpds', colour: '--s3', value: gauge(source, 'httpd.busy') },
  ]
  return chartOf(source, lines, {
    id: 'connections',
    title: 'Connections',
    unit: 'connections',
    help: 'Connections in the SYN queue, in the accept queue, and with an httpd, at each sample.',
    shape: 'lines',
    least: 8,
    number: whole,
    headline: (instant) => `${whole(at(instant, 1))} wait for accept`,
  })
}
