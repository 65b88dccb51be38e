/**
 * Memory: the heap after 100 simulated hours of SDET with one script, against the heap after the
 * first.
 */
import { answerOf, ours } from './programs.mjs'

const hours = 100

export async function measure() {
  const [node = '', ...program] = (await ours('heap')).command
  const answer = await answerOf([node, '--expose-gc', ...program], [hours])
  const first = answer.used[0].bytes
  const last = answer.used.at(-1).bytes
  const growth = last / first - 1
  console.log(`\nHeap, SDET with one script, after a collection`)
  for (const { hour, bytes } of answer.used)
    console.log(`  hour ${hour}: ${(bytes / 1e6).toFixed(2)} MB`)
  console.log(
    `  ${(100 * growth).toFixed(1)} % more after ${hours} hours and ${answer.rounds} rounds than after 1`,
  )
  return { figures: [{ figure: 'heap', hours, first, last, growth }], missing: [] }
}
