/**
 * The model: simulated seconds per CPU second, one core. Beside it, if asked for, the same loads on
 * the sources of another checkout: nothing else of its kind exists.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { median } from './compare.mjs'
import { ours } from './programs.mjs'

/** Slices before anything is measured: fewer measure the compiler. */
const warmSlices = 3
/** Slices that each program is measured in, turn by turn. */
const slices = 3

const titles = {
  sdet: 'SDET, 128 scripts, fixed kernel',
  herd: '1,000 httpds, 400 connections/s, all woken',
  'wake-one': '1,000 httpds, 400 connections/s, wake-one',
  proxy: 'proxy, 750 cold and 50 hot connections, 220 requests/s',
  'proxy-50k': 'proxy, 50,000 cold connections open, 100 requests/s',
  yield: 'sched_yield, 64 threads on 8 CPUs',
}

/**
 * @typedef {{ simulated: number, cpu: number, wall: number, events: number, digest: string }} Slice
 * @typedef {{ readonly rates: number[], readonly eventRates: number[], digest: string }} Side
 */

/** A program that simulates a slice whenever it is told to. */
class Running {
  /** @param {readonly string[]} command @param {string} load */
  constructor([file = '', ...args], load) {
    this.child = spawn(file, [...args, load], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]()
  }
  /** @returns {Promise<Slice>} */
  async next() {
    this.child.stdin.write('\n')
    const { done, value } = await this.lines.next()
    if (done) throw new Error('a program of the bench ended early; what it said stands above')
    return JSON.parse(value)
  }
  end() {
    this.child.stdin.end()
  }
}

/** @param {keyof typeof titles} load */
export const loadSuite = (load) => ({
  /** @param {number} turns @param {string} [against] the folder of another checkout */
  async measure(turns, against) {
    const programs = [await ours('model')]
    if (against !== undefined) programs.push(await ours('model', against))
    /** @type {Side[]} */
    const sides = programs.map(() => ({ rates: [], eventRates: [], digest: '' }))
    for (let turn = 0; turn < turns; turn++) {
      // Programs take turns slice by slice, so that whatever else the machine does falls on both,
      // and who begins changes from turn to turn.
      const running = programs.map(({ command }) => new Running(command, load))
      const order = running.map((program, index) => ({ program, side: sides[index] }))
      if (turn % 2 === 1) order.reverse()
      for (let slice = 0; slice < warmSlices + slices; slice++) {
        for (const { program, side } of order) {
          const { simulated, cpu, events, digest } = await program.next()
          if (side === undefined || slice < warmSlices) continue
          side.rates.push(simulated / cpu)
          side.eventRates.push(events / cpu)
          side.digest = digest
        }
      }
      for (const program of running) program.end()
    }
    return { figures: [report(load, sides)], missing: [] }
  },
})

/** @param {keyof typeof titles} load @param {Side[]} sides */
function report(load, [own, other]) {
  if (own === undefined) throw new Error('nothing was measured')
  const rate = median(own.rates)
  const events = median(own.eventRates)
  console.log(
    `\n${titles[load]}\n  ${rate.toFixed(0)} simulated seconds per CPU second, ${(events / 1e6).toFixed(2)} M events`,
  )
  const figure = { figure: load, perCpuSecond: rate, eventsPerCpuSecond: events, ...own }
  if (other === undefined) return figure
  // Neighbours in time are compared, not medians of the whole run.
  const ratios = own.rates.map((own, index) => own / (other.rates[index] ?? NaN))
  const ratio = median(ratios)
  const eventRatio = median(
    own.eventRates.map((own, index) => own / (other.eventRates[index] ?? NaN)),
  )
  const sameDigest = own.digest === other.digest
  console.log(
    `  ${ratio.toFixed(2)}× the other checkout, which does ${median(other.rates).toFixed(0)} ` +
      `(${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)} by slice); ` +
      `digests ${sameDigest ? 'equal' : 'DIFFER'}`,
  )
  // A model that does more work for the same second is slower by that alone.
  console.log(
    `  ${eventsEach(own)} events a simulated second, there ${eventsEach(other)}; ` +
      `${eventRatio.toFixed(2)}× as many events per CPU second`,
  )
  return { ...figure, other, ratio, ratios, eventRatio, sameDigest }
}

/** Events executed for a simulated second. @param {Side} side */
function eventsEach({ rates, eventRates }) {
  return Math.round(median(eventRates.map((events, index) => events / (rates[index] ?? NaN))))
}
