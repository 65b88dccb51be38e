/** Charts of a proxy: its requests, how long they take, and what its clients have open. */
import { grouped } from '../format/number'
import { short, type CounterChart } from './chart-definition'
import { combined, gauge, plus, rate } from './chart-source'

export const proxyRequests: CounterChart = {
  id: 'proxy-requests',
  title: 'Proxy requests',
  unit: '/s',
  help:
    'Requests whose response has come whole, those that had to be fetched, and those that were lost, ' +
    'per simulated second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'answered', name: 'answered', colour: '--s4', value: rate('proxy.answered') },
    { id: 'misses', name: 'fetched', colour: '--s1', value: rate('proxy.misses') },
    { id: 'lost', name: 'lost', colour: '--s5', value: rate('proxy.lost') },
  ],
  headline: (say) => `answered ${say('answered')}`,
}

export const proxyResponseTimes: CounterChart = {
  id: 'proxy-response',
  title: 'Response time',
  unit: 'ms',
  help:
    'From the SYN to the last byte, as clients see it: what half, 90 % and 99 % of the responses of the ' +
    'last 10 simulated seconds stayed within, at each sample.',
  shape: 'lines',
  least: 10,
  number: short,
  series: [
    { id: 'p99', name: '99 %', colour: '--s5', value: gauge('proxy.response99Ms') },
    { id: 'p90', name: '90 %', colour: '--s7', value: gauge('proxy.response90Ms') },
    { id: 'p50', name: 'half', colour: '--s4', value: gauge('proxy.response50Ms') },
  ],
  headline: (say) => `half ${say('p50')} ms`,
}

export const proxyConnections: CounterChart = {
  id: 'proxy-connections',
  title: "Clients' connections",
  unit: 'number',
  help:
    'Connections on which nobody says anything, those of clients that ask, near or far, and those of a ' +
    'flood, at each sample.',
  shape: 'lines',
  least: 10,
  number: short,
  series: [
    { id: 'cold', name: 'cold', colour: '--s1', value: gauge('proxy.coldOpen') },
    {
      id: 'hot',
      name: 'hot',
      colour: '--s5',
      value: combined(gauge('proxy.hotOpen'), gauge('proxy.farOpen'), plus),
    },
    { id: 'flood', name: 'flood', colour: '--s7', value: gauge('proxy.floodOpen') },
  ],
  headline: (say) => `cold ${say('cold')}`,
}

export const descriptorsScanned: CounterChart = {
  id: 'descriptors-scanned',
  title: 'Descriptors scanned',
  unit: '/s',
  help: 'Descriptors that select and poll have asked, each look counted, per simulated second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [{ id: 'scanned', name: 'scanned', colour: '--s5', value: rate('poll.scanned') }],
  headline: (say) => `${say('scanned')}/s`,
}

export const callsOfSelect: CounterChart = {
  id: 'select-calls',
  title: 'Calls of select and poll',
  unit: '/s',
  help:
    "Calls that looked at their descriptors, and those of them with which Squid's loop waited for any of its " +
    'descriptors; the others ask the accept socket alone. Per simulated second.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'calls', name: 'all', colour: '--s4', value: rate('poll.calls') },
    { id: 'loops', name: 'of the loop', colour: '--s1', value: rate('proxy.loops') },
  ],
  headline: (say) => `all ${say('calls')}`,
}

export const rtSignals: CounterChart = {
  id: 'rt-signals',
  title: 'RT signals',
  unit: '/s · signals',
  help:
    'Real-time signals that sigwaitinfo has taken and those that found the queue full, per simulated second, ' +
    'and those that are queued at each sample.',
  shape: 'lines',
  least: 100,
  number: short,
  series: [
    { id: 'taken', name: 'taken/s', colour: '--s4', value: rate('signals.taken') },
    { id: 'overflows', name: 'overflows/s', colour: '--s5', value: rate('signals.overflows') },
    { id: 'queued', name: 'queued', colour: '--s7', value: gauge('signals.waiting') },
  ],
  headline: (say) => `overflows ${say('overflows')}/s`,
}

export const eventsOfCalls: CounterChart = {
  id: 'poll-events',
  title: 'Events of a call',
  unit: 'events',
  help:
    'Events that a call of select or poll has returned lately, of calls that returned any, and ' +
    'descriptors that are ready and wait for the next call, at each sample.',
  shape: 'lines',
  least: 4,
  number: (value) => grouped(value, 1),
  series: [
    { id: 'each', name: 'each call', colour: '--s4', value: gauge('poll.eventsPerCall') },
    { id: 'waiting', name: 'waiting', colour: '--s7', value: gauge('poll.waiting') },
  ],
  headline: (say) => `each call ${say('each')}`,
}
