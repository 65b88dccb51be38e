/** A recording as what is exported of it. */
import type { TimeWindow } from '../../shared/api'
import { rowsWithin, type Exportable } from '../formats/exports/exportable'
import { BatchRooms } from '../recordings/arrow/columns'
import type { Recording } from '../recordings/recording'
import { importedWords, noRunWords } from '../recordings/run-file'
import { changedFrom, type Defaults } from './changed-parameters'

export function exportableRecording(
  recording: Recording,
  { scenarios }: { readonly scenarios: readonly Defaults[] },
  asked: TimeWindow | undefined,
): Exportable {
  const { run, actions, marks, rounds, seconds, missing } = recording
  // A run may have ended between two samples; its digest is of that instant.
  const runSeconds = Math.max(seconds, run.state === 'ended' ? run.seconds : 0)
  // What makes it again cannot have a window that ends after the run.
  const window = asked && { from: asked.from, to: Math.min(asked.to, runSeconds) }
  const scenario = scenarios.find(({ id }) => id === run.scenario)
  const remark = [
    ...(run.imported ? [`imported ${importedWords(run.imported)}`] : []),
    ...(missing.length > 0 ? [`parts are missing: ${missing.join('; ')}`] : []),
  ].join('; ')
  return {
    about: {
      version: run.model,
      scenario: run.scenario,
      title: run.title,
      summary: run.summary,
      seed: run.imported?.hasSeed === false ? undefined : run.seed,
      digest: run.digest,
      changed: changedFrom(scenario, run.parameters),
      actions,
      runSeconds,
      remark: remark === '' ? undefined : remark,
      noCommand: run.imported?.begins === true ? undefined : noRunWords(run),
      ...(run.imported?.hasMachine === false && { hasMachine: false }),
    },
    window,
    counters: run.counters,
    machine: run.machine,
    marks,
    rounds,
    samples: (columns) =>
      rowsWithin(recording.rows(new BatchRooms(), columns, window?.from), window),
    profile: () => recording.profileBetween(window ?? { from: 0, to: Infinity }),
  }
}
