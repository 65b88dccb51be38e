/** What `soakscope run --trace` was told, and what becomes of it. */
import { gzipSync } from 'node:zlib'
import { instant, staysOf, summarise, summaryText, type Server } from '../../sim/index'
import { traceMsMax } from '../../shared/api'
import { parseDuration } from '../../shared/parse'
import { encodeTrace, type TraceFile } from '../../shared/trace-file'
import { version } from '../version'
import { taken, UsageError } from './terminal'

export interface TraceWords {
  readonly trace?: string
  readonly traceAt?: string
  readonly traceFor?: string
  readonly traceConnection?: true
}

export interface TracePlan {
  readonly path: string
  readonly reason: 'time' | 'connection'
  /** Simulated seconds. */
  readonly atSeconds: number
  readonly forSeconds: number
}

/** Simulated seconds of a trace that was not told how long. */
const defaultSeconds = { time: 0.02, connection: 0.1 }

/** @throws UsageError that names the argument. */
export function planTrace(words: TraceWords): TracePlan | undefined {
  const { trace: path, traceAt, traceFor, traceConnection } = words
  if (path === undefined) {
    if (traceAt === undefined && traceFor === undefined && !traceConnection) return undefined
    throw new UsageError('--trace: what a trace is written to is missing; write --trace <file>')
  }
  const reason = traceConnection ? 'connection' : 'time'
  const atSeconds = traceAt === undefined ? 0 : taken('--trace-at', parseDuration(traceAt))
  const forSeconds =
    traceFor === undefined ? defaultSeconds[reason] : taken('--trace-for', parseDuration(traceFor))
  if (!(forSeconds > 0 && forSeconds <= traceMsMax / 1000)) {
    throw new UsageError(
      `--trace-for: a trace lasts at most ${traceMsMax / 1000}s, and more than 0s`,
    )
  }
  return { path, reason, atSeconds, forSeconds }
}

/** Before the run begins. */
export function armTrace(server: Server, { reason, atSeconds, forSeconds }: TracePlan): void {
  const from = instant(Math.round(atSeconds * 1e9))
  const atMostNs = Math.round(forSeconds * 1e9)
  const refused = server.tracer.ask({ reason, from, atMostNs })
  if (refused !== undefined)
    throw new UsageError(`--trace${reason === 'connection' ? '-connection' : ''}: ${refused}`)
}

/** The file of a run's trace, and what it comes to in words; or why there is none. */
export function traceOf(
  server: Server,
  plan: TracePlan,
): string | { readonly file: Uint8Array; readonly words: string; readonly taken: TraceFile } {
  const { trace, progress } = server.tracer
  const { scenario, seed } = server
  if (!trace) {
    const why =
      progress.phase === 'waits' && plan.reason === 'connection'
        ? 'no connection came'
        : 'the run ended before the trace did'
    return `--trace ${plan.path}: not written, ${why}; --for says how long a run is`
  }
  const full = trace.isFull ? `; it has no more room after ${trace.toSeconds} s` : ''
  const taken = { origin: { version, scenario, seed }, trace }
  return {
    taken,
    file: gzipSync(encodeTrace(taken)),
    words: `trace: ${summaryText(trace, summarise(trace, staysOf(trace)))}${full}\n`,
  }
}
