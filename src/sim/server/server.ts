/** One simulated server under load: what a host holds. It runs only inside `advance` and `step`. */
import type { Action, TimedAction } from '../actions/action'
import type { AlarmState } from '../observe/alarms'
import type { CounterRegistry } from '../observe/counters'
import type { Trace } from '../observe/trace'
import type { TraceOrder, TraceProgress } from '../observe/trace-order'
import type { CallStack, ProfileSnapshot, ProfileTotals, ProfileWindow } from '../observe/profile'
import type { StructureKind, StructureSnapshot } from '../observe/structures'
import type { WorkSummary } from '../observe/work-log'
import type { Parameters } from '../parameters/parameters'
import type { Duration, SimTime } from '../units/time'

export interface ServerOptions {
  readonly scenario: string
  readonly seed: number
  /** Overrides by path; the rest are the scenario's defaults. */
  readonly parameters: Parameters
  /** Simulated time between samples; 1 s when left out. */
  readonly sampleEvery?: Duration
}

export interface ServerMark {
  readonly at: number
  readonly kind: Action['kind'] | 'round' | 'rang'
  readonly text: string
}

/** What the engine executes next. */
export interface NextEvent {
  /** Name of its handler: `segment end`. */
  readonly kind: string
  /** The procedure that a CPU was working off, where the event is the end of that. */
  readonly procedure: string | undefined
}

/** Takes traces; which changes nothing in the run. */
export interface ServerTracer {
  /** Asks for one, in place of what there is. A message for people when it is refused. */
  ask(order: TraceOrder): string | undefined
  /** Takes back what was asked for, or throws away what there is. */
  forget(): void
  readonly progress: TraceProgress
  /** The finished one. */
  readonly trace: Trace | undefined
}

export interface Server {
  readonly scenario: string
  readonly title: string
  readonly summary: string
  readonly seed: number
  /** Every parameter by path, as it stands now. */
  readonly parameters: Parameters
  readonly counters: CounterRegistry
  /** The kernel's structures that its workloads are about, in the order in which they are drawn. */
  readonly structures: readonly StructureKind[]
  readonly now: SimTime
  /** Events executed so far. */
  readonly events: number
  /** Looks at the next event, which changes nothing; undefined when there is none. */
  nextEvent(): NextEvent | undefined
  /** Rolling 64-bit digest of what was executed: 16 hex digits. */
  digest(): string
  /**
   * Runs until `until`, or until `maxEvents` more events were executed. True when `until` was
   * reached.
   * @throws Livelock when simulated time does not go on.
   */
  advance(until: SimTime, maxEvents?: number): boolean
  /** One event, one timer tick (10 ms), or to the next sample. */
  step(kind: 'event' | 'tick' | 'sample'): void
  /** Called at every sample instant, after `counters.values` has been brought up to date. */
  onSample: ((at: SimTime) => void) | undefined
  /**
   * Brings gauges and totals up to this instant without waiting for a sample. Changes nothing in
   * the run.
   */
  refreshCounters(): void
  /**
   * Does an action now and logs it. Returns a message for people when it is refused, else
   * undefined.
   */
  act(action: Action): string | undefined
  readonly actions: readonly TimedAction[]
  /** Marks since the last call. */
  takeMarks(): ServerMark[]
  /** In the order in which they were set. */
  readonly alarms: readonly AlarmState[]
  /** Whether one of them says that the run pauses. */
  readonly alarmPauses: boolean
  /** The words of the first that has said so since the last call. */
  takeAlarmPause(): string | undefined
  /** From the start, or since resetStatistics. */
  work(): WorkSummary
  /** The same of each workload beside the main one, by id. */
  workBeside(): Readonly<Record<string, WorkSummary>>
  /** Of a window, when one is given whose totals were taken from this server. */
  profile(window?: ProfileWindow): ProfileSnapshot
  /**
   * Running totals of the profile, up to the last charge: live, to be read before the run goes on.
   */
  profileTotals(): ProfileTotals
  /** @param of which one, where its `choices` name several; left out or gone: the first */
  snapshot(kind: StructureKind, of?: string): StructureSnapshot
  /** The call stacks from one node of the profile's totals on; 0 is the empty one. */
  profileStacks(first: number): readonly CallStack[]
  readonly tracer: ServerTracer
  /** Ends warm-up: work, latencies and profile start again from here. The run is not changed. */
  resetStatistics(): void
  readonly activeFaults: Readonly<Record<string, number>>
  readonly activeFixes: readonly string[]
}
