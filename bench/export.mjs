/** Memory that a recording of a month takes while it is exported. It is made for that first. */
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { answerOf, ours } from './programs.mjs'

const days = Number(process.env['SOAKSCOPE_EXPORT_DAYS'] ?? 30)

export async function measure() {
  const program = await ours('export')
  const recorder = await ours('month-recorded')
  const figures = []
  const folder = mkdtempSync(path.join(os.tmpdir(), 'soakscope-bench-'))
  try {
    const made = await answerOf(recorder.command, [path.join(folder, 'month'), days])
    const size = `${made.counters} counters, ${(made.bytes / 2 ** 20).toFixed(0)} MB`
    console.log(`\nExport of a recording of ${days} days, ${size}`)
    for (const kind of ['csv', 'parquet', 'arrow']) {
      figures.push(await one(program.command, kind, path.join(folder, 'month')))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return { figures, missing: [] }
}

/**
 * @param {readonly string[]} command
 * @param {string} kind
 * @param {string} folder
 */
async function one(command, kind, folder) {
  /** @type {{ rows: number, bytes: number, cpuSeconds: number, peakMB: number }} */
  const answer = await answerOf(command, [kind, folder])
  const { bytes, cpuSeconds, peakMB } = answer
  console.log(
    `  ${kind.padEnd(8)}  ${peakMB.toFixed(0).padStart(4)} MB at most, ` +
      `${(bytes / 2 ** 20).toFixed(0)} MB written in ${cpuSeconds.toFixed(0)} s of CPU`,
  )
  return { figure: 'export of a recording', days, ...answer }
}
