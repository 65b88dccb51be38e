/** The status of a run of which nothing has been heard yet: it starts. */
import type { StartRequest } from './api'
import type { Pace, RunStatus } from './frame'

/** What of a run is known from the beginning. */
export interface RunOrigin {
  /** Its number on this host. */
  readonly run: number
  readonly title: string
  readonly pace: Pace
  readonly request: StartRequest
}

export function firstStatus({ run, title, pace, request }: RunOrigin): RunStatus {
  const { scenario, seed, parameters, timeline = [] } = request
  return {
    run,
    phase: 'starting',
    scenario,
    title,
    seed,
    parameters,
    pace,
    now: 0,
    events: 0,
    digest: '',
    eventsPerSecond: 0,
    speed: 0,
    faults: {},
    fixes: [],
    actions: [],
    alarms: [],
    toCome: timeline,
    eventMix: [],
    profileEvery: 1,
    until: undefined,
    keptBytes: 0,
    reason: '',
  }
}
