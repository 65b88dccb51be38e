/** A recording in the form in which two runs are compared. */
import { scenarios } from '../../sim/index'
import { success, type Result } from '../../shared/result'
import { exportableRecording } from '../api/exportable-recording'
import { chartedOf } from '../formats/exports/charted'
import { figuresOf, reportObject } from '../formats/exports/report/figures'
import { choose, wrongWith, type Comparable } from '../formats/reading/comparable'
import { readReport } from '../formats/reading/read-report'
import { quantitiesOf, snapshotRows } from '../formats/reading/snapshot-rows'
import { Recording } from '../recordings/recording'

/** @param type the quantity that is wanted; cycles when left out */
export async function comparableRecording(
  folder: string,
  type: string | undefined,
): Promise<Result<Comparable>> {
  const opened = await Recording.open(folder)
  if (!opened.ok) return opened
  const recording = opened.value
  if (recording.seconds === 0) {
    return wrongWith(folder, `has nothing to compare: ${recording.whyEmpty}`)
  }
  const source = exportableRecording(recording, { scenarios }, undefined)
  const found = await source.profile()
  const profile = found.ok ? found.value : undefined
  const figures = figuresOf(source, profile, await chartedOf(source, recording.run.machine))
  const report = readReport(folder, reportObject(source, figures), undefined)
  if (!report.ok) return report
  const notes = [...recording.missing]
  const common = { ...report.value, kind: 'a recording' }
  if (!profile) {
    notes.push('it has no profile')
    return success({ ...common, notes })
  }
  const quantities = quantitiesOf(profile)
  const chosen = choose(quantities, 0, type)
  if (!chosen.ok) return wrongWith(folder, chosen.error.message)
  const quantity = quantities[chosen.value]
  return success({
    ...common,
    notes,
    quantities,
    quantity,
    ...(quantity ? snapshotRows(profile, quantity) : {}),
    seconds: profile.toSeconds - profile.fromSeconds,
  })
}
