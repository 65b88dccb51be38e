/** What a trace costs the run while it records, and when it does not. */
import { answerOf, ours } from './programs.mjs'

export async function measure() {
  const program = await ours('tracing')
  const figures = []
  console.log('\nCPU time of a run that is traced, of that of the same run without')
  for (const scenario of ['web', 'sdet', 'proxy']) {
    /** @type {{ recording: number, forgotten: number }} */
    const answer = await answerOf(program.command, [scenario])
    const { recording, forgotten } = answer
    const percent = (/** @type {number} */ share) =>
      `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(0)} %`
    console.log(
      `  ${scenario.padEnd(6)} ${percent(recording).padStart(6)} while it records, ` +
        `${percent(forgotten).padStart(6)} when it was taken back`,
    )
    figures.push({ figure: 'tracing', scenario, ...answer })
  }
  return { figures, missing: [] }
}
