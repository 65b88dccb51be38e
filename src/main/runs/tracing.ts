/** What a run's worker answers to requests about its trace. */
import { instant, type Server, type Trace, type TraceProgress } from '../../sim/index'
import { traceScreenBytes, type TraceRequest } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'

export type TraceAsk =
  | { readonly call: 'trace'; readonly order: TraceRequest }
  | { readonly call: 'traceState' }
  | { readonly call: 'forgetTrace' }
  | { readonly call: 'takeTrace' }

export function answerTrace(
  { tracer }: Pick<Server, 'tracer'>,
  ask: TraceAsk,
): Result<TraceProgress | Trace> {
  switch (ask.call) {
    case 'trace': {
      const { reason, milliseconds, fromSeconds } = ask.order
      const refused = tracer.ask({
        reason,
        atMostNs: Math.round(milliseconds * 1e6),
        maxBytes: traceScreenBytes,
        from: fromSeconds === undefined ? undefined : instant(fromSeconds * 1e9),
      })
      return refused === undefined ? success(tracer.progress) : failure('refused', refused)
    }
    case 'traceState':
      return success(tracer.progress)
    case 'forgetTrace':
      tracer.forget()
      return success(tracer.progress)
    case 'takeTrace':
      return tracer.trace
        ? success(tracer.trace)
        : failure('refused', 'there is no finished trace; take one in the Trace view')
  }
}
