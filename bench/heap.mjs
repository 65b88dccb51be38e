/**
 * Memory: the heap after 100 simulated hours of SDET with one script, against the heap after the
 * first.
 */
import { answersOf, ours } from './programs.mjs'

const hours = 100

export async function measure() {
  const [node = '', ...program] = (await ours('heap')).command
  console.log(`\nHeap, SDET with one script, after a collection`)
  /** @type {{ hour: number, bytes: number, rounds: number, digest: string }[]} */
  const used = []
  for await (const answer of answersOf([node, '--expose-gc', ...program], [hours])) {
    used.push(answer)
    const { hour, bytes, rounds } = answer
    const growth = bytes / (used[0]?.bytes ?? bytes) - 1
    const sign = growth < 0 ? '−' : '+'
    console.log(
      `  hour ${String(hour).padStart(3)}: ${(bytes / 1e6).toFixed(2)} MB, ` +
        `${sign}${Math.abs(100 * growth).toFixed(1)} % against hour 1, ${rounds} rounds`,
    )
  }
  const first = used[0]?.bytes ?? 0
  const last = used.at(-1)?.bytes ?? 0
  return {
    figures: [{ figure: 'heap', hours, first, last, growth: last / first - 1, used }],
    missing: [],
  }
}
