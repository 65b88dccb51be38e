/** What is saved of a run: file names, and their contents in pieces. */
import type { Catalogue, SaveKind } from '../../shared/api'
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
): Promise<Result<SavedFile>> {
  const pieces = await piecesOf(run, kind, catalogue)
  if (!pieces.ok) return pieces
  const { scenario, seed, now } = run.status
  const name = `${scenario}-seed${seed}-${Math.floor(now)}s.${fileKinds[kind].extension}`
  return success({ kind, name, pieces: pieces.value })
}

async function piecesOf(
  run: WorkerRun,
  kind: SaveKind,
  catalogue: Catalogue,
): Promise<Result<Pieces>> {
  switch (kind) {
    case 'vmstat':
      return success(vmstatText(run.counters, run.samples.rows()))
    case 'csv':
      return success(csvText(run.counters, run.samples.rows()))
    case 'json': {
      const report = await run.ask({ call: 'report' })
      return report.ok ? success([`${JSON.stringify(report.value, undefined, 2)}\n`]) : report
    }
    case 'pprof': {
      const profile = await run.ask({ call: 'profile' })
      if (!profile.ok) return profile
      const { scenario, seed, digest } = run.status
      return success([encodePprof(profile.value, { version, scenario, seed, digest })])
    }
    case 'collapsed': {
      const profile = await run.ask({ call: 'profile' })
      return profile.ok ? success([collapsedStacks(profile.value)]) : profile
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
      ...{ title: '', about: '', scenario, seed, parameters, timeline },
      forSeconds: status.now > 0 ? status.now : undefined,
    }),
  ])
}
