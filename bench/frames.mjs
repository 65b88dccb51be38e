/**
 * Frames while a drawing is zoomed, in Chromium without a graphics card: a flame graph of 50,000
 * boxes, and traces of one second: of the herd, and of threads that switch 49,000 times. Beside the
 * time from frame to frame stands what the page's main thread computes for one, which a busy
 * machine does not change.
 */
import { chromium } from '@playwright/test'
import vue from '@vitejs/plugin-vue'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import flags from '../e2e/chromium-flags.json' with { type: 'json' }
import { ours, root } from './programs.mjs'

const frames = 240
const mostMs = 16
const outDir = path.join(root, 'node_modules/.cache/bench/frames-page')
const origin = 'http://frames.local/'

async function bundle() {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    base: './',
    plugins: [vue()],
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      'process.env.NODE_ENV': '"production"',
    },
    build: {
      outDir,
      target: 'chrome130',
      lib: {
        entry: 'src/renderer/frames.bench.ts',
        formats: ['es'],
        fileName: () => 'page.js',
        cssFileName: 'page',
      },
    },
  })
}

const html = `<!doctype html><html data-theme="dark"><link rel="stylesheet" href="./page.css">
<body style="margin:0"><div id="app"></div><script type="module" src="./page.js"></script></body>`

/** @param {import('@playwright/test').BrowserContext} context @param {Buffer} trace */
async function serveTo(context, trace) {
  await context.route(`${origin}**`, (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html })
    if (pathname === '/trace') return route.fulfill({ body: trace })
    const file = path.join(outDir, path.basename(pathname))
    return existsSync(file) ? route.fulfill({ path: file }) : route.fulfill({ status: 404 })
  })
}

/** @param {number[]} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.floor((sorted.length - 1) * share)] ?? NaN

/**
 * @param {import('@playwright/test').Browser} browser
 * @param {string} address
 * @param {Buffer} trace
 */
async function measured(browser, address, trace) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    await serveTo(context, trace)
    const page = await context.newPage()
    page.on('pageerror', (error) => console.error(error))
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const computed = async () => {
      const { metrics } = await session.send('Performance.getMetrics')
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN
    }
    await page.goto(`${origin}${address}`)
    await page.waitForFunction('window.zoomed')
    await page.evaluate('window.zoomed(120)')
    const before = await computed()
    /** @type {number[]} */
    const times = await page.evaluate(`window.zoomed(${frames})`)
    const cpuMs = (1000 * ((await computed()) - before)) / frames
    times.sort((a, b) => a - b)
    const drawn = /** @type {string} */ (await page.evaluate('window.drawn'))
    const picture = path.join(outDir, `${address.replace(/\W/g, '-')}.png`)
    await page.screenshot({ path: picture })
    return { drawn, medianMs: quantile(times, 0.5), worstMs: quantile(times, 0.95), cpuMs, picture }
  } finally {
    await context.close()
  }
}

/** One second of a scenario, as a file that is not packed. */
async function traceOf(/** @type {string} */ scenario) {
  const { command } = await ours('second-traced')
  const [file = '', ...args] = command
  const target = path.join(outDir, `${scenario}.trace`)
  await promisify(execFile)(file, [...args, scenario, target])
  return readFileSync(target)
}

export async function measure() {
  await bundle()
  const executablePath = process.env['SOAKSCOPE_CHROMIUM'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({
    args: flags,
    ...(existsSync(executablePath) && { executablePath }),
  })
  const figures = []
  console.log(`\nFrames while zooming, 1280 x 800; target: ${mostMs} ms`)
  try {
    for (const [name, address, scenario] of /** @type {const} */ ([
      ['flame graph', '?boxes=50000#flame', undefined],
      ['trace of web', '?web#trace', 'web'],
      ['trace of yield', '?yield#trace', 'yield'],
    ])) {
      const trace = scenario === undefined ? Buffer.alloc(0) : await traceOf(scenario)
      const result = await measured(browser, address, trace)
      const { drawn, medianMs, worstMs, cpuMs } = result
      console.log(
        `  ${name.padEnd(18)} ${cpuMs.toFixed(1).padStart(5)} ms of the main thread; frame to frame ` +
          `${medianMs.toFixed(1)} ms, 95 % within ${worstMs.toFixed(1)} ms (${drawn})`,
      )
      figures.push({ figure: 'frames', name, ...result })
    }
  } finally {
    await browser.close()
  }
  return { figures, missing: [] }
}
