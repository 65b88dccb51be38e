/** The model: simulated seconds per second of this machine, 1,000 sleepers in accept and 400 connections a second, one core. */
import { median } from './compare.mjs'
import { answerOf, ours } from './programs.mjs'

const simulated = 60

/** @param {number} turns */
export async function measure(turns) {
  const program = await ours('web')
  const figures = []
  console.log(
    `\n1,000 httpds, 400 connections/s of 15 kB, ${simulated} s after a minute of warm-up`,
  )
  for (const wakeup of ['all', 'one']) {
    const runs = []
    for (let turn = 0; turn < turns; turn++) {
      runs.push(await answerOf(program.command, [wakeup, simulated]))
    }
    const rate = median(runs.map((run) => run.rate))
    const perCpuSecond = median(runs.map((run) => run.perCpuSecond))
    const { eventsPerRequest } = runs[0]
    console.log(
      `  ${wakeup === 'all' ? 'all woken' : 'wake-one '}  ${rate.toFixed(0)}× real time ` +
        `(${perCpuSecond.toFixed(0)} simulated seconds per CPU second), ${eventsPerRequest.toFixed(0)} events a request`,
    )
    figures.push({ figure: `web, ${wakeup}`, rate, perCpuSecond, eventsPerRequest, runs })
  }
  return { figures, missing: [] }
}
