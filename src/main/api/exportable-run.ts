/** The run of this host as what is exported of it, all of it from one instant. */
import type { ProfileSnapshot } from '../../sim/observe/profile'
import type { Trace } from '../../sim/observe/trace'
import type { Catalogue, TimeWindow } from '../../shared/api'
import { success, type Result } from '../../shared/result'
import { rowsWithin, type Exportable } from '../formats/exports/exportable'
import type { WorkerRun } from '../runs/worker-run'
import { version } from '../version'
import { changedParameters } from './changed-parameters'

/**
 * @param withProfile whether the profile is wanted: it is asked for now, because a dialog may stand
 * before the file is written, and the run goes on. Failure `worker-died` when nobody answers.
 * @param exactly the profile, where the run was executed again for exactly this window
 * @param takeTrace where a trace is wanted, which is taken now too; failure when there is none
 */
export async function exportableRun(
  run: WorkerRun,
  catalogue: Catalogue,
  window: TimeWindow | undefined,
  withProfile: boolean,
  takeTrace?: () => Promise<Result<Trace>>,
  exactly?: ProfileSnapshot,
): Promise<Result<Exportable>> {
  const rows = run.rows()
  const { status, facts, counters } = run
  const { marks, rounds } = run.happened
  const asked = withProfile && !exactly ? await run.ask({ call: 'profile', window }) : undefined
  const profile = exactly ? success(exactly) : asked
  if (profile && !profile.ok) return profile
  const trace = await takeTrace?.()
  if (trace && !trace.ok) return trace
  return success({
    about: {
      version,
      scenario: status.scenario,
      title: facts.title,
      summary: facts.summary,
      seed: status.seed,
      digest: status.digest,
      changed: changedParameters(catalogue, run.request),
      actions: status.actions,
      runSeconds: status.now,
    },
    window,
    counters,
    marks,
    rounds,
    ...(trace && { trace: () => Promise.resolve(trace) }),
    samples: () => rowsWithin(rows, window),
    profile: () => (profile ? Promise.resolve(profile) : run.ask({ call: 'profile', window })),
  })
}
