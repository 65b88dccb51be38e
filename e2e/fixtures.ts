/**
 * Opens Soakscope in the shell of the project, hands the spec a driver, and always closes what it
 * opened. A spec fails when the page or its host reports an error that it did not announce.
 */
import { test as base, type Page } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ownDisplay } from './display'
import { Soakscope } from './driver'
import { openElectron } from './electron-shell'
import { openBrowser, openWeb } from './web-shell'

export interface ShellOption {
  readonly shell: 'electron' | 'web'
}

export interface SavedFile {
  readonly name: string
  readonly bytes: Buffer
}

/** What a shell gives to a spec, and what it must give back. */
export interface OpenShell {
  readonly page: Page
  /** What the host (main process, or server) wrote to standard error. */
  readonly hostErrors: () => string
  /**
   * Does what saves a file, up to the page's word that it is saved, and hands over what was
   * written. Electron's dialog is answered with the name it proposes, in a folder of the spec.
   */
  readonly saved: (save: () => Promise<void>) => Promise<SavedFile>
  /** Chooses an item of the window's menu; undefined where there is no such menu. */
  readonly chooseInMenu?: (id: string) => Promise<void>
  /**
   * Kills the host; what it gives starts another at the same address, and gives the page's. Browser
   * only.
   */
  readonly killHost?: () => Promise<() => Promise<string>>
  /**
   * Kills the page's process, and answers what the window says of it with its first button. Window
   * only. Playwright gives a page up that was killed: what the next one shows is read by main.
   */
  readonly killPage?: () => Promise<KilledPage>
  /**
   * From now on the file manager and the trash of the system only note what they are asked for; the
   * trash throws it away, or refuses with these words. What they were asked for. Window only.
   */
  readonly noteDesktop?: (refusal?: string) => Promise<() => Promise<readonly string[]>>
  /** Closes the window or the page, and gives the one at which somebody comes back. */
  readonly comeBack: () => Promise<Page>
  /** Closes window or page and host; throws when the host does not end by itself. */
  readonly close: () => Promise<void>
}

/** A page that was killed, and came back in its window. */
export interface KilledPage {
  /** What the window has said. */
  readonly said: () => Promise<string>
  /** The text of what a selector finds in the page that came back; empty until there is one. */
  readonly text: (selector: string) => Promise<string>
}

/** How a spec may start Soakscope otherwise than `npm start` does. */
export interface OpenOptions {
  /** Environment variables for the host. */
  readonly env?: Readonly<Record<string, string>>
  /** The page's size in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number }
}

interface Fixtures {
  /** Soakscope as `npm start` opens it: the scenario sdet is running. */
  readonly app: Soakscope
  /**
   * The same run before its first event, at the pace `as fast as possible`: nothing goes on
   * unasked.
   */
  readonly atRest: Soakscope
  /** For specs that start it in another way. */
  readonly open: (options?: OpenOptions) => Promise<Soakscope>
}

/** Errors that mean a fault of the host, not the chatter of Chromium's own libraries. */
const hostFault = /^([Ss]oakscope: .*|.*(Uncaught|UnhandledPromiseRejection|\bError:).*)$/m

/** Opens the shell of the project once more. */
type OpenAnother = (folder: string, options: OpenOptions) => Promise<OpenShell>

export const test = base.extend<Fixtures, ShellOption & { openShell: OpenAnother }>({
  shell: ['web', { option: true, scope: 'worker' }],

  // What the specs of a worker share: a display, or a browser in which each has its own profile.
  openShell: [
    async ({ shell }, use) => {
      if (shell === 'web') {
        const browser = await openBrowser()
        await use((_folder, options) => openWeb(browser, options))
        await browser.close()
        return
      }
      const display = await ownDisplay()
      const named = display && { DISPLAY: display.name }
      await use((folder, options) =>
        openElectron(folder, { ...options, env: { ...options.env, ...named } }),
      )
      await display?.close()
    },
    { scope: 'worker' },
  ],

  open: async ({ shell, openShell }, use, testInfo) => {
    const opened: { app: Soakscope; host: OpenShell; errors: string[] }[] = []
    const folders: string[] = []
    await use(async (options = {}) => {
      const folder = await mkdtemp(path.join(tmpdir(), 'soakscope-e2e-'))
      folders.push(folder)
      const host = await openShell(folder, options)
      const errors: string[] = []
      host.page.on('pageerror', (error) => errors.push(error.stack ?? error.message))
      host.page.on('console', (message) => {
        if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`)
      })
      // What was said while the page was being opened.
      for (const error of await host.page.pageErrors()) errors.push(error.stack ?? error.message)
      for (const message of await host.page.consoleMessages())
        if (message.type() === 'error') errors.push(message.text())
      const app = new Soakscope(host, shell)
      opened.push({ app, host, errors })
      return app
    })

    const found: string[] = []
    for (const { app, host, errors } of opened) {
      if (testInfo.status !== testInfo.expectedStatus && !host.page.isClosed()) {
        // A page that was killed has none.
        const body = await host.page.screenshot().catch(() => undefined)
        if (body) await testInfo.attach('screen', { body, contentType: 'image/png' })
      }
      await host.close()
      const fault = hostFault.exec(host.hostErrors())
      found.push(
        ...(fault ? [...errors, fault[0]] : errors).filter((error) => !app.announced(error)),
      )
    }
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
    if (found.length > 0) throw new Error(`Errors on the page or in its host:\n${found.join('\n')}`)
  },

  app: async ({ open }, use) => {
    const app = await open()
    await app.isRunning()
    await use(app)
  },

  atRest: async ({ open }, use) => {
    const app = await open({ env: { SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' } })
    await app.isPaused()
    await use(app)
  },
})

export { expect } from '@playwright/test'
