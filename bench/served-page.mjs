/** The page of a run, served by our own command line and opened in Chromium. */
import { chromium } from '@playwright/test'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import flags from '../e2e/chromium-flags.json' with { type: 'json' }

/** The charts' window is full after ten simulated minutes. */
const fullWindowSeconds = 620

/**
 * Starts `soakscope serve` and answers with the address that it prints.
 * @param {string} out folder of the build
 */
async function serve(out) {
  const server = spawn(
    process.execPath,
    [`${out}/main/cli.js`, 'serve', '--port', '0', '--pace', '100'],
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

/**
 * Opens it at pace 100 and answers at pace 10, when the charts' window is full.
 * @param {{ out: string, width: number, height: number, init?: string }} how init is a
 * script that runs in the page before anything else
 */
export async function openServedPage({ out, width, height, init }) {
  const { server, address } = await serve(out)
  const executablePath = process.env['SOAKSCOPE_CHROMIUM'] || '/usr/bin/chromium'
  const browser = await chromium.launch({
    args: flags,
    ...(existsSync(executablePath) && { executablePath }),
  })
  const close = async () => {
    await browser.close()
    server.kill('SIGTERM')
  }
  try {
    const page = await browser.newPage({ viewport: { width, height } })
    if (init !== undefined) await page.addInitScript({ content: init })
    await page.goto(address)
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable')
    const metrics = async () => {
      const { metrics: list } = await session.send('Performance.getMetrics')
      return Object.fromEntries(list.map(({ name, value }) => [name, value]))
    }
    const heapMB = async () => {
      await session.send('HeapProfiler.collectGarbage')
      return ((await metrics())['JSHeapUsedSize'] ?? NaN) / 2 ** 20
    }
    async function simulatedSeconds() {
      const text = await page.getByRole('timer').first().innerText()
      const [, d, h, m, s] = /(\d+) d (\d+):(\d+):([\d.]+)/.exec(text) ?? []
      return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s)
    }
    await page.waitForSelector('[data-chart]')
    while (!((await simulatedSeconds()) >= fullWindowSeconds)) await sleep(250)
    await page.getByRole('button', { name: '10 times real time', exact: true }).click()
    await sleep(3000)
    return { browser, page, metrics, heapMB, simulatedSeconds, close }
  } catch (error) {
    await close()
    throw error
  }
}
