/**
 * Charts of a network server: requests, the herd at accept, where connections are, and open files.
 */
import { short, type CounterChart } from './chart-definition'
import { combined, gauge, plus, rate } from './chart-source'

/** A web server of the run: what its counters end with, and its name where there are two. */
interface ChartedServer {
  readonly suffix: string
  readonly name: string
}

export function serverCharts({ suffix, name }: ChartedServer) {
  const own = (counter: string): string => counter.replace('.', `${suffix}.`)
  const of = ({ id, title, ...rest }: CounterChart): CounterChart => ({
    ...rest,
    id: `${id}${suffix}`,
    title: name === '' ? title : `${title}, ${name}`,
  })
  const requests = of({
    id: 'requests',
    title: 'Requests',
    unit: '/s',
    help: 'Requests whose response has come whole, and connections that failed, per simulated second.',
    shape: 'lines',
    least: 100,
    number: short,
    series: [
      { id: 'completed', name: 'completed', colour: '--s4', value: rate(own('load.completed')) },
      { id: 'failed', name: 'failed', colour: '--s5', value: rate(own('load.failed')) },
    ],
    headline: (say) => `completed ${say('completed')}`,
  })

  const foundNone = rate(own('accept.backToSleep'))
  /** Counted where a wake-up ends, so that no more are woken for nothing than are woken. */
  const ran = combined(rate(own('accept.foundConnection')), foundNone, plus)

  const acceptWakeUps = of({
    id: 'wake-ups',
    title: 'Woken at accept',
    unit: '/s',
    help:
      'Processes that callbacks of the listening socket had woken and that came to look for a connection, and ' +
      'those of them that found none and went back to sleep, per second.',
    shape: 'lines',
    least: 100,
    number: short,
    series: [
      { id: 'ran', name: 'ran', colour: '--s2', value: ran },
      { id: 'back', name: 'for nothing', colour: '--s5', value: foundNone },
    ],
    headline: (say) => `for nothing ${say('back')}`,
  })

  const connections = of({
    id: 'connections',
    title: 'Connections',
    unit: 'number',
    help: 'Connections in the SYN queue, in the accept queue, and with an httpd, at each sample.',
    shape: 'lines',
    least: 8,
    series: [
      { id: 'half', name: 'SYN queue', colour: '--s7', value: gauge(own('listen.synQueue')) },
      {
        id: 'ready',
        name: 'accept queue',
        colour: '--s1',
        value: gauge(own('listen.acceptQueue')),
      },
      { id: 'busy', name: 'with httpds', colour: '--s3', value: gauge(own('httpd.busy')) },
    ],
    headline: (say) => `accept queue ${say('ready')}`,
  })
  return { requests, acceptWakeUps, connections }
}

/** Calls that were refused a descriptor, by either limit. */
const refused = combined(rate('fd.emfile'), rate('fd.enfile'), plus)

export const filesAndDescriptors: CounterChart = {
  id: 'files',
  title: 'Open files',
  unit: 'files · /s',
  help:
    'File structures in use, at each sample, and calls that were refused a descriptor (EMFILE) or a file ' +
    'structure (ENFILE), per second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'open', name: 'open files', colour: '--s1', value: gauge('fd.open') },
    { id: 'refused', name: 'refused/s', colour: '--s5', value: refused },
  ],
  headline: (say) => `refused ${say('refused')}/s`,
}
