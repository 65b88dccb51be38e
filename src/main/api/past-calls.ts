/** Looking into a past moment of the run, or of a recording. */
import type { ApiCalls, Catalogue, StartRequest } from '../../shared/api'
import { instantWithMs } from '../../shared/instant-text'
import type { PastRequest } from '../../shared/recorded-parts'
import { failure, success, type Result } from '../../shared/result'
import type { Recording } from '../recordings/recording'
import { eventsAt, type PastOrder } from '../runs/past'
import type { RunDigest } from '../runs/run-tracer'
import type { RunSupervisor } from '../runs/supervisor'
import { checkStart } from './checks'

type PastCalls = Pick<
  ApiCalls,
  'offerPast' | 'showPast' | 'pastState' | 'pastSnapshot' | 'pastProfile' | 'forgetPast'
>

export interface PastCallsOptions {
  readonly supervisor: RunSupervisor
  readonly catalogue: Catalogue
  readonly look: (id: string) => Promise<Result<Recording>>
  readonly reopened: (id: string) => Promise<Result<{ readonly request: StartRequest }>>
}

/** A run of which a moment can be looked into. */
interface Whole {
  readonly order: Omit<PastOrder, 'at'>
  /** How far it has come, and in how many events. */
  readonly seconds: number
  readonly events: number
}

export function pastCalls({ supervisor, catalogue, look, reopened }: PastCallsOptions): PastCalls {
  const present = async (): Promise<Result<Whole>> => {
    const current = supervisor.current()
    if (!current.ok) return current
    const run = current.value
    const { now, events, actions, toCome } = run.status
    const timeline = [...actions, ...toCome]
    const checked = checkStart(catalogue, { ...run.request, timeline })
    if (!checked.ok) return checked
    const recording = await (await run.recordingNow())?.read()
    const digests: readonly RunDigest[] = recording?.digests ?? []
    const order = { of: run, request: checked.value, digests }
    return success({ order, seconds: now, events })
  }
  const recorded = async (id: string): Promise<Result<Whole>> => {
    const [recording, opened] = [await look(id), await reopened(id)]
    if (!recording.ok) return recording
    if (!opened.ok) return opened
    const { digests, seconds, run } = recording.value
    const order = { of: id, request: opened.value.request, digests }
    return success({ order, seconds, events: run.events })
  }
  const wholeOf = async ({ of, at }: PastRequest): Promise<Result<Whole>> => {
    const whole = of === undefined ? await present() : await recorded(of)
    if (whole.ok && at > whole.value.seconds) {
      const has = `it has come to ${instantWithMs(whole.value.seconds)}`
      return failure('out-of-range', `${has}; look into a moment before that`)
    }
    return whole
  }

  return {
    async offerPast(request) {
      const whole = await wholeOf(request)
      if (!whole.ok) return whole
      const { order, seconds, events } = whole.value
      const known = [...order.digests, ...(events > 0 ? [{ at: seconds, events }] : [])]
      const wanted = eventsAt(known, request.at)
      const status = supervisor.status()
      // What an event takes is known from the run that this host executes.
      const { executedSeconds = 0, events: executed = 0 } = status.ok ? status.value : {}
      const isKnown = wanted !== undefined && executed > 0 && executedSeconds > 0
      return success({
        seconds: isKnown ? (wanted * executedSeconds) / executed : undefined,
        digests: order.digests.filter(({ at }) => at <= request.at).length,
      })
    },
    async showPast(request) {
      const { at, profileFrom } = request
      const whole = await wholeOf(request)
      return whole.ok ? supervisor.past.goTo({ ...whole.value.order, at, profileFrom }) : whole
    },
    pastState: () => {
      const { state } = supervisor.past
      const none = failure('refused', 'no past moment is looked into')
      return Promise.resolve(state ? success(state) : none)
    },
    pastSnapshot: (structure, of) => supervisor.past.snapshot(structure, of),
    pastProfile: () => supervisor.past.profile(),
    async forgetPast() {
      await supervisor.past.forget()
      return success(null)
    },
  }
}
