/**
 * A recording in a format: how much memory that takes at most, and how long.
 * export <kind> <folder>
 */
import { exportableRecording } from '../../src/main/api/exportable-recording'
import { formatOf } from '../../src/main/formats/exports/formats'
import { writeWhole } from '../../src/main/formats/write-file'
import { Recording } from '../../src/main/recordings/recording'
import { scenarios } from '../../src/sim'
import type { ExportKind } from '../../src/shared/api'

const [, , kind = 'csv', folder = ''] = process.argv
const recording = await Recording.open(folder)
if (!recording.ok) throw new Error(recording.error.message)
const source = exportableRecording(recording.value, { scenarios }, undefined)
const before = process.cpuUsage()
const written = await writeWhole('/dev/null', formatOf(kind as ExportKind).write(source))
const { user, system } = process.cpuUsage(before)
if (!written.ok) throw new Error(written.error.message)
console.log(
  JSON.stringify({
    kind,
    bytes: written.value,
    cpuSeconds: (user + system) / 1e6,
    peakMB: process.resourceUsage().maxRSS / 1024,
  }),
)
