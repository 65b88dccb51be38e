/** Recordings that pages look at: ranges and profiles as of a run, and nothing to change. */
import { basename } from 'node:path'
import type { Catalogue, OpenedRecording, SaveKind, TimeWindow } from '../../shared/api'
import { isOfTrace } from '../../shared/api'
import { firstStatus } from '../../shared/first-status'
import type { RunStatus } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { parseAction, type TimedAction } from '../../sim/actions/action'
import { defaultsOf } from '../../sim/parameters/parameters'
import { exportFormats, formatOf } from '../formats/exports/formats'
import { tidySeconds } from '../formats/exports/readable-span'
import type { Recording } from '../recordings/recording'
import { version } from '../version'
import { exportableRecording } from './exportable-recording'
import { fileKinds, type SavedFile } from './saving'

/** Rows of all of it that a page is given at once. */
const rows = 2048

/** What a page shows of a recording: as a run that is over, and what is to be known of it. */
export function openedRecording(
  id: string,
  recording: Recording,
  writer: string | undefined,
  catalogue: Catalogue,
): OpenedRecording {
  const { run, facts, seconds, wholeAfter } = recording
  // What is missing shows when it is read, so that comes first.
  const range = recording.rangeNow({ from: 0, to: Infinity, rows })
  return {
    id,
    frame: { sequence: 0, facts, status: statusOf(recording, catalogue), ...range },
    about: {
      name: run.name || run.title,
      model: run.model,
      hasOtherModel: run.model !== version && !run.imported,
      state: run.state,
      writer,
      seconds,
      wholeAfter: Number.isFinite(wholeAfter) ? wholeAfter : seconds,
      missing: [...recording.missing],
      origin: run.origin,
      part: run.part,
      imported: run.imported,
    },
  }
}

function statusOf({ run, actions, seconds }: Recording, { scenarios }: Catalogue): RunStatus {
  const { scenario, seed, title } = run
  const known = scenarios.find(({ id }) => id === scenario)?.parameters ?? []
  const parameters = {
    ...defaultsOf(known, run.parameters),
    ...(run.imported?.hasMachine === false ? {} : machineOf(run)),
    ...run.parameters,
  }
  const request = { scenario, seed, parameters }
  return {
    ...firstStatus({ run: 0, title, pace: 'max', request }),
    phase: 'recorded',
    now: seconds,
    events: run.events,
    digest: run.digest,
    actions,
    ...standingAfter(actions, parameters),
    profileEvery: 10,
    reason: run.reason,
  }
}

const machineOf = ({ machine }: Recording['run']) => ({
  'machine.cpus': machine.cpus,
  'machine.clockMHz': machine.clockMHz,
})

/** Faults, fixes and parameters as the actions left them. */
function standingAfter(actions: readonly TimedAction[], begunWith: RunStatus['parameters']) {
  const faults: Record<string, number> = {}
  const fixes = new Set<string>()
  const parameters = { ...begunWith }
  for (const { action: words } of actions) {
    const action = parseAction(words)
    if (typeof action === 'string') continue
    if (action.kind === 'fault') {
      if (action.intensity > 0) faults[action.id] = action.intensity
      else delete faults[action.id]
    } else if (action.kind === 'fix') {
      if (action.on) fixes.add(action.id)
      else fixes.delete(action.id)
    } else if (action.kind === 'set') parameters[action.path] = numberOr(action.value)
  }
  return { faults, fixes: [...fixes], parameters }
}

const numberOr = (value: string): number | string =>
  value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value

/**
 * Failure `refused` for what a recording does not have in it.
 * @param exactly the profile, where the run was executed again for exactly this window
 */
export function fileOfRecording(
  recording: Recording,
  kind: SaveKind,
  catalogue: Catalogue,
  window: TimeWindow | undefined,
  exactly?: ProfileSnapshot,
): Result<SavedFile> {
  const isExport = exportFormats.some((format) => format.kind === kind)
  if (kind === 'json' || kind === 'scenario' || isOfTrace(kind) || !isExport) {
    const way = 'begin it again, then save that run'
    return failure('refused', `a recording has no ${fileKinds[kind].title} in it; ${way}`)
  }
  const span = window
    ? `${tidySeconds(window.from)}s-to-${tidySeconds(window.to)}s`
    : `${Math.floor(recording.seconds)}s`
  const name = `${basename(recording.folder)}-${span}.${fileKinds[kind].extension}`
  const kept = exportableRecording(recording, catalogue, window)
  const source = exactly ? { ...kept, profile: () => Promise.resolve(success(exactly)) } : kept
  const pieces = formatOf(kind).write(source)
  return success({ kind, name, pieces })
}
