/** What the sampler reports against what really ran, over an hour of simulated time. */
/** @typedef {import('../src/sim/observe/sampler-error').SamplerError} SamplerError */
import { answerOf, ours } from './programs.mjs'

export async function measure() {
  const program = await ours('sampler')
  const figures = []
  for (const scenario of ['sdet', 'web', 'proxy']) {
    /** @type {(SamplerError & { batchErrors: number })[]} */
    const errors = await answerOf(program.command, [scenario])
    console.log(`\nSampled against exact, an hour of ${scenario}, the ten largest procedures`)
    for (const { procedure, image, samples, expected, standardErrors, batchErrors } of errors) {
      console.log(
        `  ${procedure.padEnd(24)} ${image.padEnd(16)} ${String(samples).padStart(9)} samples, ` +
          `${expected.toFixed(0).padStart(9)} expected: ${standardErrors.toFixed(2).padStart(5)} standard errors, ` +
          `${batchErrors.toFixed(2).padStart(5)} by batches of a second`,
      )
    }
    figures.push({ figure: 'sampler', scenario, errors })
  }
  return { figures, missing: [] }
}
