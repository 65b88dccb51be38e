/** An hour with the sampler on: how far it is off. sampler <scenario> [seconds] */
import { createServer, instant } from '../../src/sim'
import { samplerErrors } from '../../src/sim/observe/sampler-error'

const [, , scenario = 'sdet', seconds = '3600'] = process.argv
const parameters = { 'profiler.sampling': 'on' }
const made = createServer({ scenario, seed: 1, parameters })
if (typeof made === 'string') throw new Error(made)
const server = made

/** By procedure: cycles that the sampler could see, and its samples. */
interface Seen {
  readonly cycles: Float64Array
  readonly samples: Float64Array
}

function seen(): Seen {
  const { frames, stacks } = server.profile()
  const cycles = new Float64Array(frames.length)
  const samples = new Float64Array(frames.length)
  for (const stack of stacks) {
    const leaf = stack.frames.at(-1) ?? 0
    cycles[leaf]! += stack.whileSampling ?? 0
    for (const taken of stack.samples) samples[leaf]! += taken
  }
  return { cycles, samples }
}
const sum = (of: Float64Array): number => of.reduce((total, value) => total + value, 0)

/** Of each second, by procedure: samples beyond those expected. */
const batches: Float64Array[] = []
let before = seen()
for (let second = 1; second <= Number(seconds); second++) {
  server.advance(instant(second * 1e9))
  const now = seen()
  const cycles = now.cycles.map((value, i) => value - (before.cycles[i] ?? 0))
  const samples = now.samples.map((value, i) => value - (before.samples[i] ?? 0))
  const rate = sum(samples) / sum(cycles)
  batches.push(samples.map((value, i) => value - rate * (cycles[i] ?? 0)))
  before = now
}

/** Standard error of the samples of all batches: from how far single ones are off. */
function byBatches(frame: number): number {
  const off = Float64Array.from(batches, (batch) => batch[frame] ?? 0)
  const mean = sum(off) / off.length
  const squares = sum(off.map((value) => (value - mean) ** 2))
  return Math.sqrt((squares / (off.length - 1)) * off.length)
}

const profile = server.profile()
console.log(
  JSON.stringify(
    samplerErrors(profile, 10).map((row) => {
      const { image, procedure } = row
      const frame = profile.frames.findIndex(
        (other) => other.image === image && other.procedure === procedure,
      )
      return { ...row, batchErrors: (row.samples - row.expected) / byBatches(frame) }
    }),
  ),
)
