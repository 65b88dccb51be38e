/** Workloads `web` and `web2`: two web servers, so that one can be beside the other. */
import { networkCounters, ownCounters } from './web-counters'
import type { WebServer } from './web-parameters'
import { helpOf, parametersOf, pathOf, WebSettings } from './web-parameters'
import { WebRun } from './web-run'
import { megabyte, roomBytes } from './memory-room'
import { counted, type Workload } from './workload'

/** What each httpd keeps: two frames of its task, about 18 of data. */
const leastProcessBytes = 20 * 4096

const webServer = (server: WebServer): Workload<WebRun> => ({
  id: server.id,
  parameters: parametersOf(server),
  presence: pathOf(server, 'httpd.processes'),
  port: pathOf(server, 'httpd.port'),
  onlyLinux: 'kernel.accept.wakeup',
  unit: 'requests',
  hasRounds: false,
  structures: ['wait-queue', 'run-queue', 'listen-backlog', 'descriptor-table'],
  counters: [
    ...ownCounters.map((counter) => ({
      ...counter,
      id: pathOf(server, counter.id),
      help: helpOf(server, counter.help),
    })),
    ...networkCounters,
  ],
  refuse: (all) => {
    const settings = new WebSettings(all, server)
    const named = (path: string): string => pathOf(server, path)
    const memory = all.number('machine.memoryMB') * megabyte
    const page = settings.number('load.pageBytes')
    if (settings.text('load.mix') === 'fixed' && page > memory / 2) {
      return `${named('load.pageBytes')} is at most half of memory, ${memory / 2} bytes with machine.memoryMB = ${memory / megabyte}, not ${page}`
    }
    // What a process takes that nothing can be taken from: its task structure and the pages that it
    // writes to.
    const max = Math.floor(roomBytes(all) / leastProcessBytes)
    for (const path of ['httpd.processes', 'httpd.maxClients']) {
      const processes = settings.number(path)
      if (processes <= max) continue
      return `${named(path)} is at most ${max} with machine.memoryMB = ${memory / megabyte}, not ${processes}`
    }
    const [started, clients] = [
      settings.number('httpd.processes'),
      settings.number('httpd.maxClients'),
    ]
    if (clients > 0 && clients < started) {
      return `${named('httpd.maxClients')} is 0 or at least ${named('httpd.processes')} = ${started}, not ${clients}`
    }
    const [least, spare] = [settings.number('httpd.minSpare'), settings.number('httpd.maxSpare')]
    if (least > spare)
      return `${named('httpd.minSpare')} is at most ${named('httpd.maxSpare')} = ${spare}, not ${least}`
    if (settings.number('load.connections') === 0 && settings.number('load.rate') === 0) {
      return `${named('load.connections')} and ${named('load.rate')} are both 0: nobody would come; set one of them`
    }
    if (settings.text('load.day') === 'on' && settings.number('load.rate') === 0) {
      return `${named('load.rate')} is more than 0 connections/s with ${named('load.day')}=on, not 0: a day has an open population`
    }
    return undefined
  },
  keeps: (all) => {
    const [started, clients] = ['httpd.processes', 'httpd.maxClients'].map((path) => {
      const named = pathOf(server, path)
      return { of: `${named} = ${all.number(named)}`, bytes: all.number(named) * leastProcessBytes }
    })
    return clients.bytes > started.bytes ? clients : started
  },
  amount: (settings) => counted(settings.number(pathOf(server, 'httpd.processes')), 'httpd'),
  start: (context) => new WebRun(context, server),
})

/** Apache on the port of HTTP. */
export const web = webServer({ id: 'web', suffix: '', port: 80 })
/** A second one beside it, with clients of its own. */
export const web2 = webServer({ id: 'web2', suffix: '2', port: 8080 })
