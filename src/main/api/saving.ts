/** What is saved of a run: file names, and their contents in pieces. */
import type { Catalogue, SaveKind, TimeWindow } from '../../shared/api'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { timelineMax } from '../../shared/parse'
import { failure, success, type Result } from '../../shared/result'
import { scenarioText } from '../../shared/scenario-file'
import { collapsedStacks } from '../formats/collapsed'
import { csvText } from '../formats/csv'
import { encodePprof } from '../formats/pprof'
import { vmstatText } from '../formats/vmstat-text'
import type { Pieces } from '../formats/write-file'
import type { WorkerRun } from '../runs/worker-run'
import { changedParameters } from './changed-parameters'
import { version } from '../version'

interface FileKind {
  /** What a dialog calls it. */
  readonly title: string
  /** Without the leading dot. */
  readonly extension: string
  readonly mediaType: string
}

export const fileKinds: Readonly<Record<SaveKind, FileKind>> = {
  vmstat: { title: 'vmstat text', extension: 'vmstat.txt', mediaType: 'text/plain; charset=utf-8' },
  csv: { title: 'Counters as CSV', extension: 'csv', mediaType: 'text/csv; charset=utf-8' },
  json: { title: 'The run as JSON', extension: 'json', mediaType: 'application/json' },
  pprof: { title: 'Profile for pprof', extension: 'pb.gz', mediaType: 'application/gzip' },
  collapsed: {
    title: 'Collapsed stacks',
    extension: 'collapsedstack.txt',
    mediaType: 'text/plain; charset=utf-8',
  },
  scenario: { title: 'Scenario file', extension: 'scenario.json', mediaType: 'application/json' },
}

export interface SavedFile {
  readonly kind: SaveKind
  /** Proposed name: scenario, seed and simulated seconds. */
  readonly name: string
  readonly pieces: Pieces
}

/** A file of the run as it stands. Failure `worker-died` for what only its worker knows. */
export async function fileOf(
  run: WorkerRun,
  kind: SaveKind,
  catalogue: Catalogue,
  window?: TimeWindow,
): Promise<Result<SavedFile>> {
  const { scenario, seed } = run.status
  const named = (span: string, pieces: Pieces): Result<SavedFile> =>
    success({
      kind,
      pieces,
      name: `${scenario}-seed${seed}-${span}.${fileKinds[kind].extension}`,
    })
  if (kind === 'pprof' || kind === 'collapsed') {
    const profile = await run.ask({ call: 'profile', window })
    if (!profile.ok) return profile
    const { fromSeconds, toSeconds } = profile.value
    const from = window ? `${tidy(fromSeconds)}s-to-` : ''
    return named(
      `${from}${window ? tidy(toSeconds) : Math.floor(toSeconds)}s`,
      profilePieces(run, kind, profile.value, window !== undefined),
    )
  }
  const pieces = await piecesOf(run, kind, catalogue)
  return pieces.ok ? named(`${Math.floor(run.status.now)}s`, pieces.value) : pieces
}

/** At most milliseconds: what a file is named after need not be more exact. */
const tidy = (seconds: number): number => Math.round(seconds * 1000) / 1000

/** The profile as a file, which says of which part of the run it is. */
function profilePieces(
  { status }: WorkerRun,
  kind: 'pprof' | 'collapsed',
  profile: ProfileSnapshot,
  isWindow: boolean,
): Pieces {
  const { scenario, seed, digest, now } = status
  if (kind === 'collapsed') return [collapsedStacks(profile, isWindow)]
  const runSeconds = isWindow ? now : undefined
  return [encodePprof(profile, { version, scenario, seed, digest, runSeconds })]
}

async function piecesOf(
  run: WorkerRun,
  kind: Exclude<SaveKind, 'pprof' | 'collapsed'>,
  catalogue: Catalogue,
): Promise<Result<Pieces>> {
  switch (kind) {
    case 'vmstat':
      return success(vmstatText(run.counters, run.rows()))
    case 'csv':
      return success(csvText(run.counters, run.rows()))
    case 'json': {
      const report = await run.ask({ call: 'report' })
      return report.ok ? success([`${JSON.stringify(report.value, undefined, 2)}\n`]) : report
    }
    case 'scenario':
      return scenarioPieces(run, catalogue)
  }
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
