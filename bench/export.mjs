/** Memory that a month of samples takes while it is exported. */
import { answerOf, ours } from './programs.mjs'

const kinds = ['csv', 'parquet', 'arrow', 'vmstat']

export async function measure() {
  const program = await ours('export')
  const figures = []
  console.log('\nExport of 30 days, a sample a second')
  for (const kind of kinds) {
    /** @type {{ rows: number, bytes: number, cpuSeconds: number, peakMB: number }} */
    const answer = await answerOf(program.command, [kind])
    const { bytes, cpuSeconds, peakMB } = answer
    console.log(
      `  ${kind.padEnd(8)}  ${peakMB.toFixed(0).padStart(4)} MB at most, ` +
        `${(bytes / 2 ** 20).toFixed(0)} MB written in ${cpuSeconds.toFixed(0)} s of CPU`,
    )
    figures.push({ figure: 'export of 30 days', ...answer })
  }
  return { figures, missing: [] }
}
