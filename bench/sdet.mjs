/** The model: simulated seconds per second of this machine, SDET with 128 scripts on the fixed kernel, one core. */
import { median } from './compare.mjs'
import { answerOf, ours } from './programs.mjs'

const rounds = 3

/** @param {number} turns */
export async function measure(turns) {
  const program = await ours('sdet')
  const runs = []
  for (let turn = 0; turn < turns; turn++) runs.push(await answerOf(program.command, [rounds]))
  const rate = median(runs.map((run) => run.rate))
  const perCpuSecond = median(runs.map((run) => run.perCpuSecond))
  const events = median(runs.map((run) => run.eventsPerSecond)) / 1e6
  console.log(`\nSDET, 128 scripts, fixed kernel, ${rounds} rounds after one of warm-up`)
  console.log(
    `  ${rate.toFixed(0)}× real time (${perCpuSecond.toFixed(0)} simulated seconds per CPU second), ${events.toFixed(2)} M events/s`,
  )
  return {
    figures: [{ figure: 'sdet', rate, perCpuSecond, eventsPerSecond: events * 1e6, runs }],
    missing: [],
  }
}
