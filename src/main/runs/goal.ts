/** What a run goes on until: an instant, or a condition on a counter. */
import { inSeconds, instant, type CounterRegistry, type SimTime } from '../../sim/index'
import type { RunUntil } from '../../shared/frame'
import { instantWithMs } from '../../shared/instant-text'
import { holds, parseCondition } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'

export interface Goal {
  /** As it was asked for. */
  readonly until: RunUntil
  /** The run may go as far as this without looking. */
  readonly limit: SimTime | undefined
  /** It has to be looked at after each sample. */
  readonly everySample: boolean
  /** A sample was taken. */
  sample(values: Float64Array): void
  reached(now: SimTime): boolean
  /** Why the run pauses. */
  reason(now: SimTime): string
}

/**
 * Failure `out-of-range`, `bad-argument` or `unknown-counter` when a run cannot go on until then.
 */
export function goalOf(until: RunUntil, now: SimTime, counters: CounterRegistry): Result<Goal> {
  return until.kind === 'time' ? timeGoal(until, now) : conditionGoal(until, counters)
}

function timeGoal(until: RunUntil & { kind: 'time' }, now: SimTime): Result<Goal> {
  const at = instant(until.seconds * 1e9)
  if (at <= now) {
    const words = `${instantWithMs(until.seconds)} is over; it is ${instantWithMs(inSeconds(now))} now, name a later time`
    return failure('out-of-range', words)
  }
  return success({
    until,
    limit: at,
    everySample: false,
    sample: () => undefined,
    reached: (time) => time >= at,
    reason: (time) => `paused: reached ${instantWithMs(inSeconds(time))}`,
  })
}

function conditionGoal(
  until: RunUntil & { kind: 'condition' },
  counters: CounterRegistry,
): Result<Goal> {
  const condition = parseCondition(until.text)
  if (typeof condition === 'string') return failure('bad-argument', condition)
  const column = counters.column(condition.counter)
  if (column === undefined) {
    const words = `there is no counter ${condition.counter} in this scenario`
    return failure('unknown-counter', words)
  }
  const words = until.text.trim()
  let met = false
  return success({
    until: { kind: 'condition', text: words },
    limit: undefined,
    everySample: true,
    sample: (values) => {
      met ||= holds(condition, values[column] ?? 0)
    },
    reached: () => met,
    reason: (time) => `paused: ${words} at ${instantWithMs(inSeconds(time))}`,
  })
}
