/** What is saved of a run: file names, and their contents in pieces. */
import type { ProfileSnapshot } from '../../sim/observe/profile'
import type { Trace } from '../../sim/observe/trace'
import {
  isOfTrace,
  type Catalogue,
  type SaveKind,
  type SaveOutcome,
  type TimeWindow,
} from '../../shared/api'
import { timelineMax } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { scenarioText } from '../../shared/scenario-file'
import { traceFileName } from '../../shared/trace-file'
import { exportFormats, formatOf } from '../formats/exports/formats'
import { tidySeconds } from '../formats/exports/readable-span'
import type { Pieces } from '../formats/write-file'
import type { WorkerRun } from '../runs/worker-run'
import { changedParameters } from './changed-parameters'
import { exportableRun } from './exportable-run'

interface FileKind {
  /** What a dialog calls it. */
  readonly title: string
  /** Without the leading dot. */
  readonly extension: string
  readonly mediaType: string
}

const ofTheWholeRun = {
  json: { title: 'The run as JSON', extension: 'json', mediaType: 'application/json' },
  scenario: { title: 'Scenario file', extension: 'scenario.json', mediaType: 'application/json' },
} satisfies Partial<Record<SaveKind, FileKind>>

export const fileKinds = {
  ...ofTheWholeRun,
  ...Object.fromEntries(
    exportFormats.map(({ kind, title, endings, mediaType }) => [
      kind,
      { title, extension: endings[0], mediaType },
    ]),
  ),
} as Readonly<Record<SaveKind, FileKind>>

export interface SavedFile {
  readonly kind: SaveKind
  /** Proposed name: scenario, seed and simulated seconds. */
  readonly name: string
  readonly pieces: Pieces
}

/** Puts a file where the person wants it: a dialog, or a download. */
export type Saver = (file: SavedFile) => Promise<Result<SaveOutcome>>

/** A file of the run as it stands. Failure `worker-died` for what only its worker knows. */
export async function fileOf(
  run: WorkerRun,
  kind: SaveKind,
  catalogue: Catalogue,
  window: TimeWindow | undefined,
  takeTrace: () => Promise<Result<Trace>>,
  exactly?: ProfileSnapshot,
): Promise<Result<SavedFile>> {
  const { scenario, seed, now } = run.status
  const named = (span: string, pieces: Pieces): Result<SavedFile> => {
    const name = `${scenario}-seed${seed}-${span}.${fileKinds[kind].extension}`
    return success({ kind, pieces, name })
  }
  const whole = `${Math.floor(now)}s`
  if (kind === 'json') {
    const report = await run.ask({ call: 'report' })
    if (!report.ok) return report
    return named(whole, [`${JSON.stringify(report.value, undefined, 2)}\n`])
  }
  if (kind === 'scenario') {
    const pieces = scenarioPieces(run, catalogue)
    return pieces.ok ? named(whole, pieces.value) : pieces
  }
  const format = formatOf(kind)
  const wanted = isOfTrace(kind) ? takeTrace : undefined
  const source = await exportableRun(run, catalogue, window, format.hasProfile, wanted, exactly)
  if (!source.ok) return source
  const trace = await source.value.trace?.()
  if (trace?.ok) {
    const origin = { version: catalogue.version, scenario, seed }
    const name = traceFileName({ origin, trace: trace.value })
    const { extension } = fileKinds[kind]
    const pieces = format.write(source.value)
    return success({ kind, pieces, name: name.replace(/trace\.gz$/, extension) })
  }
  const span = window ? `${tidySeconds(window.from)}s-to-${tidySeconds(window.to)}s` : whole
  return named(span, format.write(source.value))
}

/** The run as it was begun, what was done, and what is still to come: it can be begun again. */
function scenarioPieces({ request, status }: WorkerRun, catalogue: Catalogue): Result<Pieces> {
  const timeline = [...status.actions, ...status.toCome]
  if (timeline.length > timelineMax) {
    const most = `a scenario file has at most ${timelineMax} actions`
    return failure('refused', `${most}, and this run has ${timeline.length}; save it as JSON`)
  }
  const { scenario, seed } = request
  const parameters = changedParameters(catalogue, request)
  return success([
    scenarioText({
      title: '',
      about: '',
      scenario,
      seed,
      parameters,
      timeline,
      forSeconds: status.now > 0 ? status.now : undefined,
    }),
  ])
}
