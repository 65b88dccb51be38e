/**
 * What the page of a run costs at pace 10 with the charts at 4 updates a second: CPU time of its
 * process, frames a second while the crosshair moves, growth of its heap. Needs out/ and Chromium.
 *   node bench/live.mjs [--seconds 30] [--size 1280x800] [--out out] [--json]
 * Process times come from the system: they count every thread of the page and need no graphics
 * card, but a quiet machine, because two hyperthreads slow each other down.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openServedPage } from './served-page.mjs'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    size: { type: 'string', default: '1280x800' },
    out: { type: 'string', default: 'out' },
    json: { type: 'boolean', default: false },
  },
})
const seconds = Number(options.seconds)
const [width = 1280, height = 800] = options.size.split('x').map(Number)
const cpuShareMax = 0.25

/** CPU seconds used so far by the browser's processes, by kind. */
async function processSeconds(/** @type {import('@playwright/test').CDPSession} */ browser) {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
  /** @type {Record<string, number>} */
  const byType = {}
  for (const { type, cpuTime } of processInfo) byType[type] = (byType[type] ?? 0) + cpuTime
  return byType
}

const { browser, page, metrics, heapMB, close } = await openServedPage({
  out: options.out,
  width,
  height,
})
try {
  const system = await browser.newBrowserCDPSession()

  /** Shares of one core that the page used while `doing` went on. */
  async function share(/** @type {() => Promise<unknown>} */ doing) {
    const [before, counted, since] = [
      await processSeconds(system),
      await metrics(),
      performance.now(),
    ]
    await doing()
    const [after, countedAfter] = [await processSeconds(system), await metrics()]
    const wall = (performance.now() - since) / 1000
    const of = (/** @type {string} */ type) => ((after[type] ?? 0) - (before[type] ?? 0)) / wall
    const part = (/** @type {string} */ name) =>
      ((countedAfter[name] ?? 0) - (counted[name] ?? 0)) / wall
    return {
      page: of('renderer'),
      drawing: of('GPU'),
      script: part('ScriptDuration'),
      layout: part('LayoutDuration') + part('RecalcStyleDuration'),
    }
  }

  const heapBefore = await heapMB()
  const live = await share(() => sleep(seconds * 1000))
  const heapAfter = await heapMB()

  const plot = await page.locator('[data-chart] [role=slider]').first().boundingBox()
  if (!plot) throw new Error('there is no chart on the page')
  let frames = 0
  let longestMs = 0
  const moving = await share(async () => {
    const counting = page.evaluate(`new Promise((resolve) => {
      let frames = 0, longest = 0, last = performance.now()
      const end = last + 5000
      const step = (now) => {
        frames++
        longest = Math.max(longest, now - last)
        last = now
        if (now < end) requestAnimationFrame(step)
        else resolve([frames / 5, longest])
      }
      requestAnimationFrame(step)
    })`)
    const until = performance.now() + 5000
    for (let i = 0; performance.now() < until; i++) {
      await page.mouse.move(plot.x + 50 + ((i * 3) % 80), plot.y + plot.height / 2)
      await sleep(12)
    }
    ;[frames, longestMs] = /** @type {[number, number]} */ (await counting)
  })

  /** @type {Record<string, Awaited<ReturnType<typeof share>>>} */
  const views = {}
  for (const [name, key] of /** @type {const} */ ([
    ['Profile', 'P'],
    ['Kernel', 'K'],
  ])) {
    await page.keyboard.press(key)
    await sleep(2000)
    views[name] = await share(() => sleep((seconds * 1000) / 3))
  }

  const result = { width, height, seconds, live, moving, frames, longestMs, views }
  const heap = { beforeMB: heapBefore, afterMB: heapAfter }
  if (options.json) console.log(JSON.stringify({ ...result, heap }))
  else {
    const line = (/** @type {string} */ name, /** @type {typeof live} */ s) =>
      console.log(
        `${name.padEnd(28)}${[s.page, s.script, s.layout, s.drawing]
          .map((part) => `${(part * 100).toFixed(1)} %`.padStart(10))
          .join('')}`,
      )
    console.log(`page at pace 10, ${width} x ${height}, shares of one core over ${seconds} s`)
    console.log(`${''.padEnd(28)}      page  (script)  (layout) compositor`)
    line('Live', live)
    line('Live, crosshair moving', moving)
    for (const [name, s] of Object.entries(views)) line(name, s)
    console.log(`frames while moving: ${frames.toFixed(0)} /s, longest ${longestMs.toFixed(0)} ms`)
    console.log(`heap after collection: ${heapBefore.toFixed(1)} -> ${heapAfter.toFixed(1)} MB`)
    const verdict = live.page <= cpuShareMax ? 'met' : 'missed'
    console.log(`target: Live at most ${cpuShareMax * 100} % of one core: ${verdict}`)
  }
} finally {
  await close()
}
