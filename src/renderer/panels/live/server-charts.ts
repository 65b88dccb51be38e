/**
 * Charts of a network server: requests, the herd at accept, where connections are, and open files.
 */
import { short, type CounterChart } from './chart-definition'
import { combined, gauge, plus, rate } from './chart-source'

export const requests: CounterChart = {
  id: 'requests',
  title: 'Requests',
  unit: '/s',
  help: 'Requests whose response has come whole, and connections that failed, per simulated second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'completed', name: 'completed', colour: '--s4', value: rate('load.completed') },
    { id: 'failed', name: 'failed', colour: '--s5', value: rate('load.failed') },
  ],
  headline: (say) => `completed ${say('completed')}`,
}

const foundNone = rate('accept.backToSleep')
/** Counted where a wake-up ends, so that no more are woken for nothing than are woken. */
const ran = combined(rate('accept.foundConnection'), foundNone, plus)

export const acceptWakeUps: CounterChart = {
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
}

export const connections: CounterChart = {
  id: 'connections',
  title: 'Connections',
  unit: 'number',
  help: 'Connections in the SYN queue, in the accept queue, and with an httpd, at each sample.',
  shape: 'lines',
  least: 8,
  series: [
    { id: 'half', name: 'SYN queue', colour: '--s7', value: gauge('listen.synQueue') },
    { id: 'ready', name: 'accept queue', colour: '--s1', value: gauge('listen.acceptQueue') },
    { id: 'busy', name: 'with httpds', colour: '--s3', value: gauge('httpd.busy') },
  ],
  headline: (say) => `accept queue ${say('ready')}`,
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
