/**
 * Memory: the heap after many simulated hours, against the heap after the first; what is in it of
 * the run, and what of it is the program itself as V8 has compiled it.
 */
import { answersOf, ours } from './programs.mjs'

/** Simulated hours of each, and what it is, for people. */
const loads = {
  sdet: { hours: 100, words: 'SDET with one script', done: 'scripts' },
  soak: { hours: 720, words: 'soak-day at its lowest load, with its worker', done: 'requests' },
  'soak-again': {
    hours: 720,
    words: 'the same after a day of it in the same process',
    done: 'requests',
  },
}

/** @param {keyof typeof loads} load */
export function heapSuite(load) {
  return { measure: () => measure(load) }
}

/** @param {keyof typeof loads} load */
async function measure(load) {
  const { words, done } = loads[load]
  const hours = Number(process.env['SOAKSCOPE_BENCH_HOURS'] ?? loads[load].hours)
  const [node = '', ...program] = (await ours('heap')).command
  console.log(`\nHeap, ${words}, after a collection`)
  /**
   * @type {{ hour: number, bytes: number, code: number, arrayBuffers: number, rss: number,
   *   completed: number, digest: string }[]}
   */
  const used = []
  for await (const answer of answersOf([node, '--expose-gc', ...program], [hours, load])) {
    used.push(answer)
    const { hour, bytes, code, arrayBuffers, completed } = answer
    const from = used[0] ?? answer
    const data = bytes - code
    console.log(
      `  hour ${String(hour).padStart(3)}: ${mega(bytes)}, ${percent(bytes, from.bytes)} against ` +
        `hour 1; without compiled code ${mega(data)}, ${percent(data, from.bytes - from.code)}; ` +
        `array buffers ${mega(arrayBuffers)}; ` +
        `${completed} ${done}`,
    )
  }
  const first = used[0]?.bytes ?? 0
  const last = used.at(-1)?.bytes ?? 0
  return {
    figures: [{ figure: 'heap', load, hours, first, last, growth: last / first - 1, used }],
    missing: [],
  }
}

/** @param {number} bytes */
const mega = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`

/**
 * @param {number} now
 * @param {number} before
 */
function percent(now, before) {
  const growth = now / before - 1
  return `${growth < 0 ? '−' : '+'}${Math.abs(100 * growth).toFixed(1)} %`
}
