/** Workload `proxy`: a web proxy, its clients hot, cold and far, and the servers behind it. */
import { proxyCounters } from './proxy-counters'
import { beyondKernel, proxyParameters, refuseProxy } from './proxy-parameters'
import { ProxyRun } from './proxy-run'
import { networkCounters } from './web-counters'
import type { Settings } from '../parameters/settings'
import type { Workload } from './workload'

/** Cold ones only where there are some: a fault may bring more, which this does not say. */
function clientsOf(settings: Settings): string {
  const [hot, cold] = [settings.number('proxy.hot'), settings.number('proxy.cold')]
  const hots = `${hot} hot`
  return cold === 0 ? hots : `${hots}, ${cold} cold`
}

export const proxy: Workload<ProxyRun> = {
  id: 'proxy',
  parameters: proxyParameters,
  presence: 'proxy.port',
  port: 'proxy.port',
  unit: 'requests',
  hasRounds: false,
  structures: ['poll-set', 'run-queue', 'listen-backlog', 'descriptor-table'],
  counters: [...proxyCounters, ...networkCounters],
  refuse: refuseProxy,
  beyondKernel,
  amount: (settings) => {
    const clients = settings.text('proxy.day') === 'on' ? 'a day of clients' : clientsOf(settings)
    return `${settings.text('proxy.kind')} · ${clients}`
  },
  start: (context) => new ProxyRun(context),
}
