/** Servers that are small enough for tests: four scripts that compute little, on 64 MB. */
import type { Parameters } from '../parameters/parameters'
import type { Server, ServerOptions } from './server'
import { createServer, SimulatedServer } from './simulated-server'
import type { Duration, SimTime } from '../units/time'

export interface SmallServerOptions {
  readonly seed?: number
  readonly sampleEvery?: number
  readonly parameters?: Parameters
}

const smallParameters: Parameters = {
  'sdet.scripts': 4,
  'sdet.demand': 0.1,
  'machine.memoryMB': 64,
}

/** @throws Error with the message for people when a parameter is refused. */
export function smallServer(options: SmallServerOptions = {}): SimulatedServer {
  const { seed = 1, sampleEvery, parameters = {} } = options
  return begun({
    scenario: 'sdet',
    seed,
    parameters: { ...smallParameters, ...parameters },
    ...(sampleEvery === undefined ? {} : { sampleEvery: (sampleEvery * 1e9) as Duration }),
  })
}

/** @throws Error with the message for people when a parameter is refused. */
export const webServer = (parameters: Parameters = {}, seed = 3): SimulatedServer =>
  begun({ scenario: 'web', seed, parameters })

/** As `webServer`, of threads that yield. */
export const yieldServer = (parameters: Parameters, seed = 1): SimulatedServer =>
  begun({ scenario: 'yield', seed, parameters })

function begun(options: ServerOptions): SimulatedServer {
  const server = createServer(options)
  if (!(server instanceof SimulatedServer)) throw new Error(String(server))
  return server
}

/** Simulated seconds as an instant. */
export const at = (seconds: number): SimTime => Math.round(seconds * 1e9) as SimTime

/** Lets the server run up to these simulated seconds. */
export const until = (server: Server, seconds: number): void => void server.advance(at(seconds))

/** Lets the server run for so many seconds more. */
export function runFor(server: SimulatedServer, seconds: number): void {
  server.advance((server.now + at(seconds)) as SimTime)
}

/** Every counter's value by id, brought up to this instant. */
export function countersOf(server: Server): Record<string, number> {
  server.refreshCounters()
  return Object.fromEntries(server.counters.specs.map(({ id }) => [id, server.counters.read(id)]))
}

/** One counter's value, brought up to this instant. */
export function read(server: SimulatedServer, id: string): number {
  server.refreshCounters()
  return server.counters.read(id)
}

/** Everything that a run has to show for itself. */
export const outcomeOf = (server: SimulatedServer): unknown => ({
  digest: server.digest(),
  events: server.events,
  counters: countersOf(server),
  work: server.work(),
  profile: server.profile(),
})

export const outcomeAfter = (seconds: number, seed = 1, parameters = {}): unknown => {
  const server = smallServer({ seed, parameters })
  server.advance(at(seconds))
  return outcomeOf(server)
}
