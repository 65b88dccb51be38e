/**
 * Programs side by side: they take turns, so that whatever else the machine does falls on all of
 * them.
 */
import { answerOf } from './programs.mjs'

/**
 * One line of a table.
 * @typedef {{
 *   readonly name: string,
 *   readonly command: readonly string[],
 *   readonly args: readonly (string | number)[],
 *   readonly checkArgs?: readonly (string | number)[],
 * }} Contender
 * @typedef {{
 *   readonly name: string,
 *   readonly median: number,
 *   readonly samples: readonly number[],
 * }} Measured
 */

/** @param {readonly number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2
}

/**
 * The rates, in million events per CPU second, median of so many turns.
 * @param {readonly Contender[]} contenders
 * @param {number} turns
 * @returns {Promise<Measured[]>}
 */
export async function takeTurns(contenders, turns) {
  /** @type {number[][]} */
  const samples = contenders.map(() => [])
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, { command, args }] of contenders.entries()) {
      const { rate } = await answerOf(command, args)
      samples[index]?.push(rate)
    }
  }
  return contenders.map(({ name }, index) => {
    const own = samples[index] ?? []
    return { name, median: median(own), samples: own }
  })
}

/**
 * Makes sure that every program does the same work: after as many events they must agree on a
 * figure.
 * @param {readonly Contender[]} contenders those without `checkArgs` are left out
 */
export async function agree(contenders) {
  let agreed
  for (const { name, command, checkArgs } of contenders) {
    if (checkArgs === undefined) continue
    const { check } = await answerOf(command, checkArgs)
    agreed ??= { name, check }
    if (check !== agreed.check) {
      throw new Error(`${name} comes to ${check} where ${agreed.name} comes to ${agreed.check}`)
    }
  }
}

/**
 * A table of rates, and of how many times as fast ours is.
 * @param {string} title
 * @param {readonly Measured[]} rows the first is ours
 */
export function printTable(title, rows) {
  const ours = rows[0]?.median ?? NaN
  const width = Math.max(...rows.map((row) => row.name.length))
  console.log(`\n${title}`)
  for (const { name, median: rate, samples } of rows) {
    const spread = `${Math.min(...samples).toFixed(2)}–${Math.max(...samples).toFixed(2)}`
    const ratio = `${(ours / rate).toFixed(2)}×`
    console.log(
      `  ${name.padEnd(width)}  ${rate.toFixed(2).padStart(6)} M/s  ${spread.padStart(12)}  ${ratio.padStart(7)}`,
    )
  }
}
