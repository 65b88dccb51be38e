/**
 * Slow motion around the next connection, or where nothing listens around the next wake-up: the
 * pace drops when it comes and returns when it is over. It looks between events and changes nothing
 * in the run.
 */
import { inSeconds, milliseconds, type Server } from '../../sim/index'
import type { SlowStatus } from '../../shared/frame'

/** Simulated per wall time: a herd of a thousand takes some milliseconds, which become seconds. */
export const slowPace = 1 / 1000
/** Simulated milliseconds at most: half a minute of wall time. */
const connectionMs = 30
/** At least, and after a wake-up: five seconds of wall time, in which somebody sees what comes. */
const leastMs = 5
/** Room for what the tracer notes meanwhile, by which it knows the end. */
const maxBytes = 24_000_000

/** Events that wake who sleeps: of a timer that has run out, of a disk request that is done. */
const wakeUps: ReadonlySet<string> = new Set(['timer wake-up', 'disk done'])

export class SlowMotion {
  private of: SlowStatus['of'] | undefined
  /** Simulated nanoseconds at which it has begun. */
  private since: number | undefined

  constructor(private readonly server: Pick<Server, 'tracer' | 'nextEvent' | 'now'>) {}

  /** Waits for what comes next. A message for people when it is refused. */
  begin(): string | undefined {
    const { tracer } = this.server
    const { phase } = tracer.progress
    if (this.of === undefined && (phase === 'waits' || phase === 'records')) {
      return 'a trace is being taken; slow motion can begin when that is there'
    }
    this.end()
    const refused = tracer.ask({ reason: 'connection', atMostNs: connectionMs * 1e6, maxBytes })
    this.of = refused === undefined ? 'connection' : 'wake-up'
    return undefined
  }

  /** Takes it back, or ends it where it stands. */
  end(): void {
    if (this.of === 'connection') this.server.tracer.forget()
    this.of = this.since = undefined
  }

  get isOn(): boolean {
    return this.of !== undefined
  }

  /** What the pace is meanwhile; undefined while it is as it was chosen. */
  get pace(): number | undefined {
    return this.since === undefined ? undefined : slowPace
  }

  /** Between two events. True when it has begun or is over right now. */
  look(): boolean {
    const { of, since, server } = this
    if (of === undefined) return false
    const { phase } = server.tracer.progress
    // Somebody has thrown the trace away by which it knows the end.
    if (of === 'connection' && phase === 'off') {
      this.of = this.since = undefined
      return since !== undefined
    }
    if (since === undefined) {
      const { kind = '' } = of === 'wake-up' ? (server.nextEvent() ?? {}) : {}
      const comes = of === 'connection' ? phase !== 'waits' : wakeUps.has(kind)
      if (comes) this.since = server.now
      return comes
    }
    const isOver =
      server.now >= since + milliseconds(leastMs) && (of === 'wake-up' || phase === 'done')
    if (isOver) this.end()
    return isOver
  }

  get status(): SlowStatus | undefined {
    const { of, since } = this
    return of && { of, since: since === undefined ? undefined : inSeconds(since as Server['now']) }
  }
}
