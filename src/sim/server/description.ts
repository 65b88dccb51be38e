/** What a run would say of itself, for who lists what there is before there is a run. */
import type { CounterSpec } from '../observe/counters'
import type { ServerOptions } from './server'
import { createServer } from './simulated-server'

export interface ServerDescription {
  readonly summary: string
  readonly counters: readonly CounterSpec[]
}

/** Tables of page frames and buffers take most of the time of putting a server together. */
const littleMemoryMB = 64

/**
 * As `createServer`, of a server that is never run: its machine has little memory, which none of
 * this depends on.
 */
export function describeServer(options: ServerOptions): ServerDescription | string {
  const server = createServer(options, littleMemoryMB)
  if (typeof server === 'string') return server
  return { summary: server.summary, counters: server.counters.specs }
}
