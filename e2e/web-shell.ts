import { chromium, type Browser } from '@playwright/test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { OpenOptions, OpenShell } from './fixtures'
import flags from './chromium-flags.json' with { type: 'json' }
import { shortLived } from './short-lived'

const root = path.resolve(import.meta.dirname, '..')
/** Wall milliseconds that the server may take to end. */
const endMs = 5000

/** `soakscope serve` on a port, 0 for any free one. */
function startServer(options: OpenOptions, port: number) {
  const args = [...shortLived, 'out/main/cli.js', 'serve', '--port', String(port)]
  const server = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  server.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  server.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(server, 'exit')
  const address = new Promise<string>((resolve, reject) => {
    server.stdout.on('data', () => {
      const found = /https?:\/\/\S+/.exec(stdout)
      if (found) resolve(found[0])
    })
    void ended.then(() => reject(new Error(`the server ended at once: ${stdout}${stderr}`)))
  })
  // Whoever needs it waits for it; one that is killed later has had its address.
  address.catch(() => undefined)
  return { process: server, ended, address, errors: () => stderr }
}

/**
 * A Chromium of this machine. Its flags have Playwright's list of features that are off, which a
 * second list takes the place of, and the two pages that would make suggestions for an address
 * bar that nobody sees: a sixth of the browser's CPU time.
 */
export function openBrowser(): Promise<Browser> {
  const executablePath = process.env['SOAKSCOPE_CHROMIUM']
  return chromium.launch({ args: flags, ...(executablePath && { executablePath }) })
}

/** The server on a free port, and its page in a profile of its own. */
export async function openWeb(browser: Browser, options: OpenOptions): Promise<OpenShell> {
  let server = startServer(options, 0)

  async function end(): Promise<void> {
    const { process, ended } = server
    if (process.exitCode !== null || process.signalCode !== null) return
    process.kill('SIGTERM')
    const forced = setTimeout(() => process.kill('SIGKILL'), endMs)
    await ended
    clearTimeout(forced)
    if (process.signalCode === 'SIGKILL')
      throw new Error('the server did not end when it was told to')
  }

  try {
    const address = await server.address
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1440, height: 900 },
      acceptDownloads: true,
    })
    const page = await context.newPage()
    await page.goto(address)
    return {
      page,
      hostErrors: () => server.errors(),
      async saved(save) {
        const [download] = await Promise.all([page.waitForEvent('download'), save()])
        return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
      },
      async killHost() {
        server.process.kill('SIGKILL')
        await server.ended
        return () => {
          server = startServer(options, Number(new URL(address).port))
          return server.address
        }
      },
      async comeBack() {
        await page.close()
        const next = await context.newPage()
        await next.goto(address)
        return next
      },
      async close() {
        await context.close()
        await end()
      },
    }
  } catch (error) {
    await end()
    throw error
  }
}
