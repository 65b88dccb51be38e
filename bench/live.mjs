/**
 * What the page of a run costs at pace 10 with the charts at 4 updates a second: CPU time of its
 * process, frames a second while the crosshair moves, growth of its heap. Needs out/ and Chromium.
 *   node bench/live.mjs [--seconds 30] [--size 1280x800] [--out out] [--json]
 * Process times come from the system: they count every thread of the page and need no graphics
 * card, but a quiet machine, because two hyperthreads slow each other down.
 */
import { chromium } from '@playwright/test'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import flags from '../e2e/chromium-flags.json' with { type: 'json' }

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
/** The charts' window is full after ten simulated minutes. */
const fullWindowSeconds = 620
const cpuShareMax = 0.25

/** Starts `soakscope serve` and answers with the address that it prints. */
async function serve() {
  const server = spawn(
    process.execPath,
    [`${options.out}/main/cli.js`, 'serve', '--port', '0', '--pace', '100'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const address = await new Promise((resolve, reject) => {
    let said = ''
    server.stdout.on('data', (chunk) => {
      said += String(chunk)
      const found = /http:\/\/\S+/.exec(said)
      if (found) resolve(found[0])
    })
    server.once('exit', (code) => reject(new Error(`serve ended with ${code}: ${said}`)))
  })
  return { server, address: String(address) }
}

/** CPU seconds used so far by the browser's processes, by kind. */
async function processSeconds(/** @type {import('@playwright/test').CDPSession} */ browser) {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
  /** @type {Record<string, number>} */
  const byType = {}
  for (const { type, cpuTime } of processInfo) byType[type] = (byType[type] ?? 0) + cpuTime
  return byType
}

const { server, address } = await serve()
const executablePath = process.env['SOAKSCOPE_CHROMIUM'] ?? '/usr/bin/chromium'
const browser = await chromium.launch({
  args: flags,
  ...(existsSync(executablePath) && { executablePath }),
})
try {
  const page = await browser.newPage({ viewport: { width, height } })
  await page.goto(address)
  const system = await browser.newBrowserCDPSession()
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')

  async function metrics() {
    const { metrics: list } = await session.send('Performance.getMetrics')
    return Object.fromEntries(list.map(({ name, value }) => [name, value]))
  }
  async function heapMB() {
    await session.send('HeapProfiler.collectGarbage')
    return ((await metrics())['JSHeapUsedSize'] ?? NaN) / 2 ** 20
  }
  async function simulatedSeconds() {
    const text = await page.getByRole('timer').first().innerText()
    const [, d, h, m, s] = /(\d+) d (\d+):(\d+):([\d.]+)/.exec(text) ?? []
    return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s)
  }
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

  await page.waitForSelector('[data-chart]')
  while (!((await simulatedSeconds()) >= fullWindowSeconds)) await sleep(250)
  await page.getByRole('button', { name: '10 times real time', exact: true }).click()
  await sleep(3000)

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
  await browser.close()
  server.kill('SIGTERM')
}
