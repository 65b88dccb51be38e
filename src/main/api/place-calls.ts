/** Where recordings are from now on, and how many bytes of them. */
import { accessSync, constants } from 'node:fs'
import type { ApiCalls, RecordingLibrary } from '../../shared/api'
import { failure, type Result } from '../../shared/result'
import { defaultRecordingsBytes } from '../beginning'
import { reasonOf } from '../formats/place'
import { makeFolder } from '../recordings/make-folder'
import { isRecording } from '../recordings/run-file'
import type { RunSupervisor } from '../runs/supervisor'
import type { Desktop } from './desktop'

export interface PlaceCallsOptions {
  readonly supervisor: RunSupervisor
  readonly desktop: Desktop | undefined
  /** As it is now. */
  readonly library: () => Promise<Result<RecordingLibrary>>
}

export function placeCalls({
  supervisor,
  desktop,
  library,
}: PlaceCallsOptions): Pick<ApiCalls, 'chooseRecordingsFolder' | 'limitRecordings'> {
  /** One dialog at a time, whatever the page asks for. */
  let asking = false
  return {
    async chooseRecordingsFolder() {
      if (!desktop) return noDesktop
      if (asking) return failure('refused', 'a folder is being chosen already; answer its dialog')
      const now = supervisor.recordings
      asking = true
      const folder = await desktop.chooseFolder(now?.folder).finally(() => (asking = false))
      if (folder === undefined || folder === now?.folder) return library()
      const problem = problemOf(folder)
      if (problem !== undefined) return failure('cannot-write', problem)
      const place = { folder, limitBytes: now?.limitBytes ?? defaultRecordingsBytes }
      await supervisor.recordIn(place)
      desktop.remember(place)
      return library()
    },

    async limitRecordings(limitBytes) {
      if (!desktop) return noDesktop
      const now = supervisor.recordings
      if (!now) return failure('refused', 'runs are not recorded here; choose a folder first')
      const place = { ...now, limitBytes }
      await supervisor.recordIn(place)
      desktop.remember(place)
      return library()
    },
  }
}

const noDesktop = failure(
  'refused',
  'only the window of Soakscope changes where recordings are and how much room they have; ' +
    'a served page has what --record and --record-limit said',
)

/** Why recordings cannot be in a folder, in words. */
function problemOf(folder: string): string | undefined {
  if (isRecording(folder)) {
    return `${folder} is a recording itself; choose the folder that it is in, or another one`
  }
  try {
    makeFolder(folder)
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    return `recordings cannot be written into ${folder}: ${reasonOf(error)}`
  }
}
