/** A proxy measured: what share of the CPU select and its parts take, and what the clients get. */
import { foldByProcedure } from '../observe/profile'
import type { ProfileRow } from '../observe/profile'
import type { Parameters } from '../parameters/parameters'
import type { Server } from '../server/server'
import { createServer } from '../server/simulated-server'
import { instant } from '../units/time'

/** The kernel's select and its parts, in Digital UNIX; what it wakes by is one of them. */
const selectFamily = ['select', 'do_scan', 'selscan', 'soo_select', 'undo_scan', 'select_wakeup']
/** Squid's loops over its descriptors, before select and after it. */
const selectLoop = ['comm_select']

/** The text's machine, kernel and program, as the scenario has them from the start. */
const proxySeed = 7

export interface ProxyMeasured {
  /** Shares of all CPU cycles, %. */
  readonly kernelSelect: number
  readonly userLoop: number
  readonly idle: number
  readonly requestsPerSecond: number
  readonly failed: number
  readonly p50Ms: number
  /** Events that one call of select returned, of those that waited for any descriptor. */
  readonly eventsPerCall: number
  readonly callsPerSecond: number
  /** Procedures by their share, the first of them. */
  readonly profile: readonly Pick<ProfileRow, 'image' | 'procedure' | 'share'>[]
}

const shown = 20

/** A second for each so many cold connections, and one for the proxy to begin. */
const coldPerSecond = 500
const beginning = 3

/**
 * Runs a proxy: the load-adding client has opened its connections before the hot clients begin, so
 * that theirs have the descriptors behind. @param warmUp simulated seconds from then on before
 * anything counts
 */
export function measureProxy(
  parameters: Parameters,
  warmUp: number,
  seconds: number,
): ProxyMeasured {
  const { 'proxy.hot': hot = 0, 'proxy.cold': cold = 0 } = parameters
  const coldFirst = Number(cold) > 0
  const server = proxyServer({ ...parameters, ...(coldFirst && { 'proxy.hot': 0 }) })
  const begins = coldFirst ? beginning + Number(cold) / coldPerSecond : 0
  server.advance(instant(begins * 1e9))
  if (coldFirst) server.act({ kind: 'set', path: 'proxy.hot', value: `${hot}` })
  server.advance(instant((begins + warmUp) * 1e9))
  server.resetStatistics()
  const from = counted(server)
  server.advance(instant((begins + warmUp + seconds) * 1e9))
  const to = counted(server)
  const profile = foldByProcedure(server.profile())
  const share = (names: readonly string[], isUser: boolean): number =>
    100 *
    profile
      .filter(({ procedure, image }) => names.includes(procedure) && (image === 'squid') === isUser)
      .reduce((sum, row) => sum + row.share, 0)
  const idle = profile.filter(({ image }) => image === 'idle')
  const { perSecond, failed, latencyMs } = server.work()
  return {
    kernelSelect: share(selectFamily, false),
    userLoop: share(selectLoop, true),
    idle: 100 * idle.reduce((sum, row) => sum + row.share, 0),
    requestsPerSecond: perSecond,
    failed,
    p50Ms: latencyMs.p50,
    eventsPerCall: (to.events - from.events) / Math.max(1, to.calls - from.calls),
    callsPerSecond: (to.calls - from.calls) / seconds,
    profile: profile
      .filter(({ image }) => image !== 'idle')
      .slice(0, shown)
      .map(({ image, procedure, share }) => ({ image, procedure, share })),
  }
}

function proxyServer(parameters: Parameters): Server {
  const server = createServer({ scenario: 'proxy', seed: proxySeed, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server
}

function counted(server: Server): { readonly calls: number; readonly events: number } {
  server.refreshCounters()
  const { counters } = server
  return { calls: counters.read('proxy.loops'), events: counters.read('proxy.events') }
}
