/** Charts of a network server: requests, the herd at accept, where connections are, and open files. */
import type { ChartSpec } from '../../charts/chart-spec'
import { rate, gauge, sumOf, type ChartSource } from './chart-source'
import { at, chartOf, short, whole, type Line } from './system-charts'

export function requests(source: ChartSource): ChartSpec {
  const lines: Line[] = [
    { id: 'completed', name: 'completed', colour: '--s4', value: rate(source, 'load.completed') },
    { id: 'failed', name: 'failed', colour: '--s5', value: rate(source, 'load.failed') },
  ]
  return chartOf(source, lines, {
    id: 'requests',
    title: 'Requests',
    unit: '/s',
    help: 'Requests whose response has come whole, and connections that failed, per simulated second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `completed ${short(at(instant, 0))}`,
  })
}

export function acceptWakeUps(source: ChartSource): ChartSpec {
  const found = rate(source, 'accept.foundConnection')
  const back = rate(source, 'accept.backToSleep')
  const lines: Line[] = [
    {
      id: 'ran',
      name: 'ran',
      colour: '--s2',
      value: (spans) => sumOf([found(spans), back(spans)], spans.last.length),
    },
    { id: 'back', name: 'for nothing', colour: '--s5', value: back },
  ]
  return chartOf(source, lines, {
    id: 'wake-ups',
    title: 'Woken at accept',
    unit: '/s',
    help:
      'Processes that callbacks of the listening socket had woken and that came to look for a connection, and ' +
      'those of them that found none and went back to sleep, per second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `for nothing ${short(at(instant, 1))}`,
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
    unit: 'number',
    help: 'Connections in the SYN queue, in the accept queue, and with an httpd, at each sample.',
    shape: 'lines',
    least: 8,
    number: whole,
    headline: (instant) => `accept queue ${whole(at(instant, 1))}`,
  })
}

export function filesAndDescriptors(source: ChartSource): ChartSpec {
  const emfile = rate(source, 'fd.emfile')
  const enfile = rate(source, 'fd.enfile')
  const lines: Line[] = [
    { id: 'open', name: 'open files', colour: '--s1', value: gauge(source, 'fd.open') },
    {
      id: 'refused',
      name: 'refused/s',
      colour: '--s5',
      value: (spans) => sumOf([emfile(spans), enfile(spans)], spans.last.length),
    },
  ]
  return chartOf(source, lines, {
    id: 'files',
    title: 'Open files',
    unit: 'files · /s',
    help:
      'File structures in use, at each sample, and calls that were refused a descriptor (EMFILE) or a file ' +
      'structure (ENFILE), per second.',
    shape: 'lines',
    least: 100,
    number: short,
    headline: (instant) => `refused ${short(at(instant, 1))}/s`,
  })
}
