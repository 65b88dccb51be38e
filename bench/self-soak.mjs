/**
 * Soaks the page itself: it runs against a live run for as long as it is told, while its heap, its
 * frames and the messages that wait for one are sampled. Needs out/ and Chromium.
 *   node bench/self-soak.mjs [--minutes 2] [--every 10] [--size 1280x800] [--out out] [--json]
 * `--check` fails, with exit code 1, where the page leaks, falls behind or stands still; how long a
 * frame took is printed only, because that is the machine's as well.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openServedPage } from './served-page.mjs'

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    every: { type: 'string', default: '10' },
    size: { type: 'string', default: '1280x800' },
    out: { type: 'string', default: 'out' },
    json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
})
const minutes = Number(options.minutes)
const everySeconds = Number(options.every)
if (!(minutes > 0 && everySeconds > 0)) throw new RangeError('--minutes and --every are above 0')
const [width = 1280, height = 800] = options.size.split('x').map(Number)

const slopeMax = 1
const frameMsMax = 50
/**
 * What may come together in a check, in MB: compiled code and caches settle in the first minutes. A
 * page that kept every frame of a hundred counters would hold more than this after one minute.
 */
const growthMax = 8
/** Four messages a second come; more than two seconds of them mean a page that falls behind. */
const waitingMax = 8

/** In the page: counts what comes, and looks at every frame. */
const watch = `
  const seen = { messages: 0, waiting: 0, waitingMost: 0, frames: 0, longest: 0, long: 0 }
  globalThis.selfSoak = seen
  globalThis.WebSocket = class extends WebSocket {
    constructor(...words) {
      super(...words)
      this.addEventListener('message', () => {
        seen.messages++
        seen.waitingMost = Math.max(seen.waitingMost, ++seen.waiting)
      })
    }
  }
  let last = performance.now()
  const step = (now) => {
    const took = now - last
    last = now
    seen.frames++
    seen.waiting = 0
    seen.longest = Math.max(seen.longest, took)
    if (took > ${frameMsMax}) seen.long++
    requestAnimationFrame(step)
  }
  requestAnimationFrame(step)
`

/**
 * What was seen since the last look.
 * @typedef {object} Seen
 * @property {number} messages
 * @property {number} waitingMost
 * @property {number} frames
 * @property {number} longest in ms
 * @property {number} long frames
 */

/**
 * Least squares: by how much y grows for each x.
 * @param {readonly (readonly [number, number])[]} points
 */
function slopeOf(points) {
  const mean = (/** @type {0 | 1} */ at) =>
    points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0)
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0)
}

const { page, heapMB, simulatedSeconds, close } = await openServedPage({
  out: options.out,
  width,
  height,
  init: watch,
})
try {
  const look = () =>
    /** @type {Promise<Seen>} */ (
      page.evaluate(`(() => {
        const seen = { ...selfSoak }
        Object.assign(selfSoak, { messages: 0, waitingMost: 0, frames: 0, longest: 0, long: 0 })
        return seen
      })()`)
    )
  const start = performance.now()
  const simulatedAtStart = await simulatedSeconds()
  /** @type {(Seen & { hours: number, heap: number })[]} */
  const samples = []
  const sample = async () => {
    // Collecting stops the page; that is this program's, not the page's.
    const seen = await look()
    const heap = await heapMB()
    await page.evaluate(
      'new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 100)))',
    )
    await look()
    samples.push({ hours: (performance.now() - start) / 3.6e6, heap, ...seen })
  }
  await look()
  await sample()
  while (performance.now() - start < minutes * 60_000) {
    await sleep(everySeconds * 1000)
    await sample()
    if (!options.json && samples.length % 30 === 0) {
      const { hours, heap } = samples[samples.length - 1] ?? { hours: 0, heap: 0 }
      console.log(`${(60 * hours).toFixed(0)} min: ${heap.toFixed(2)} MB`)
    }
  }
  const simulated = (await simulatedSeconds()) - simulatedAtStart
  const rest = samples.slice(1)
  const total = (/** @type {'frames' | 'messages' | 'long'} */ what) =>
    rest.reduce((sum, seen) => sum + seen[what], 0)
  const most = (/** @type {'longest' | 'waitingMost'} */ what) =>
    Math.max(...rest.map((seen) => seen[what]))
  const half = samples[Math.floor(samples.length / 2)]
  const end = samples[samples.length - 1]
  const result = {
    minutes,
    simulatedSeconds: simulated,
    heapMB: [half?.heap ?? NaN, end?.heap ?? NaN],
    slopeMBPerHour: slopeOf(
      samples.slice(samples.length >> 1).map(({ hours, heap }) => [hours, heap]),
    ),
    messages: total('messages'),
    waitingMost: most('waitingMost'),
    frames: total('frames'),
    longestMs: most('longest'),
    framesOver50Ms: total('long'),
    samples,
  }
  if (options.json) console.log(JSON.stringify(result))
  else {
    const verdict = (/** @type {boolean} */ ok) => (ok ? 'met' : 'missed')
    const { slopeMBPerHour: slope, longestMs } = result
    console.log(`page for ${minutes} min at pace 10, ${simulated.toFixed(0)} simulated seconds`)
    console.log(
      `heap after collection: half way and at the end ${result.heapMB.map((mb) => mb.toFixed(2)).join(', ')} MB`,
    )
    console.log(
      `  its slope over the second half: ${slope.toFixed(2)} MB/h, at most ${slopeMax}: ${verdict(slope <= slopeMax)}`,
    )
    console.log(
      `frames: ${result.frames}, the longest ${longestMs.toFixed(0)} ms, ${result.framesOver50Ms} over ` +
        `${frameMsMax} ms: ${verdict(longestMs <= frameMsMax)}`,
    )
    console.log(`messages: ${result.messages}, at most ${result.waitingMost} waiting for a frame`)
  }
  if (options.check) {
    const growth = (end?.heap ?? NaN) - (half?.heap ?? NaN)
    const problems = [
      ...(growth <= growthMax
        ? []
        : [`the heap grew by ${growth.toFixed(1)} MB, at most ${growthMax}`]),
      ...(result.waitingMost <= waitingMax ? [] : [`${result.waitingMost} messages waited`]),
      ...(result.messages > 0 && simulated > 0 ? [] : ['the page stood still']),
    ]
    for (const problem of problems) console.log(problem)
    process.exitCode = problems.length === 0 ? 0 : 1
  }
} finally {
  await close()
}
