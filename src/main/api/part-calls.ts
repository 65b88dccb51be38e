/** Parts of recordings, statistics of windows, and recordings that come from a page. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ApiCalls, Catalogue, StartRequest, TimeWindow } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import { reasonOf } from '../formats/place'
import { countersOf } from './known-counters'
import type { RecordingsPlace } from '../recordings/host-recording'
import { RecordingImport } from '../recordings/import'
import type { Recording } from '../recordings/recording'
import { trimRecording } from '../recordings/trim'
import { statisticsOf } from '../runs/window-statistics'

type PartCalls = Pick<
  ApiCalls,
  'recordingStatistics' | 'trimRecording' | 'importRecording' | 'recordingRequest'
>

export interface PartCallsOptions {
  readonly placeNow: () => RecordingsPlace | undefined
  /** The recording as it is now. */
  readonly look: (id: string) => Promise<Result<Recording>>
  /** What begins it again. */
  readonly reopened: (id: string) => Promise<Result<{ readonly request: StartRequest }>>
  readonly catalogue: Catalogue
  readonly notRecorded: string
}

export function partCalls(options: PartCallsOptions): PartCalls {
  const { placeNow, look, reopened, catalogue, notRecorded } = options
  const known = () => countersOf(catalogue)
  /** What this screen brings along, while it comes. */
  let coming: RecordingImport | undefined
  const forget = (): void => {
    coming?.forget()
    coming = undefined
  }
  return {
    async recordingStatistics(id, window) {
      const recording = await look(id)
      if (!recording.ok) return recording
      return statisticsOf(recording.value, recording.value.run.counters, window)
    },

    async trimRecording(id, window) {
      const recording = await look(id)
      if (!recording.ok) return recording
      const place = placeNow()
      if (!place) return failure('refused', notRecorded)
      const name = freeName(place.folder, id, window)
      const made = await trimRecording(recording.value, window, join(place.folder, name))
      return made.ok ? success({ id: name, window: made.value }) : made
    },

    async importRecording(step) {
      const place = placeNow()
      if (!place) return failure('refused', notRecorded)
      if (step.step === 'begin') {
        forget()
        try {
          coming = new RecordingImport(place.folder, place.limitBytes, known)
          return success({ id: undefined })
        } catch (error) {
          return failure('cannot-write', `cannot write into ${place.folder}: ${reasonOf(error)}`)
        }
      }
      if (step.step === 'forget') {
        forget()
        return success({ id: undefined })
      }
      if (!coming) return failure('refused', 'an import is begun first')
      if (step.step === 'piece') {
        const added = coming.add(step.file, Buffer.from(step.base64, 'base64'))
        if (added.ok) return success({ id: undefined })
        forget()
        return added
      }
      // It can be called off while it is read.
      const ending = coming
      const id = await ending.end(step.called)
      if (coming === ending) coming = undefined
      return id.ok ? success({ id: id.value }) : id
    },

    async recordingRequest(id) {
      const opened = await reopened(id)
      return opened.ok ? success(opened.value.request) : opened
    },
  }
}

/** `<recording>-60s-to-120s`, with a number behind it where there is one already. */
function freeName(folder: string, id: string, { from, to }: TimeWindow): string {
  const name = `${id.slice(0, 150)}-${Math.round(from)}s-to-${Math.round(to)}s`
  for (let copy = 1; ; copy++) {
    const free = copy === 1 ? name : `${name}-${copy}`
    if (!existsSync(join(folder, free))) return free
  }
}
