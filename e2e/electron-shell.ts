import { _electron as electron } from '@playwright/test'
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { OpenOptions, OpenShell } from './fixtures'
import { shortLived } from './short-lived'

const root = path.resolve(import.meta.dirname, '..')
/** As `npm start` has them. */
const electronFlags = (process.env['SOAKSCOPE_ELECTRON_FLAGS'] ?? '').split(' ').filter(Boolean)

/** Wall milliseconds that the app may take to end. */
const endMs = 15_000

/** How often a call to main is made before it is said to have failed. */
const callsMax = 10

/**
 * The inspector holds a call's answer weakly, and loses it when main collects garbage before it
 * hands it on, as it does often while it starts. So a call that may be made twice is made again.
 */
async function answered(call: () => Promise<unknown>): Promise<void> {
  for (let made = 1; ; made++) {
    try {
      await call()
      return
    } catch (error) {
      if (made === callsMax || !String(error).includes('garbage collected')) throw error
    }
  }
}

/** The app from the checkout, with a profile folder of its own. */
export async function openElectron(folder: string, options: OpenOptions): Promise<OpenShell> {
  const saves = path.join(folder, 'saves')
  await mkdir(saves)
  const environment = Object.entries({ ...process.env, ...options.env })
  const app = await electron.launch({
    executablePath: createRequire(import.meta.url)('electron') as string,
    args: [
      '--no-sandbox',
      ...electronFlags,
      `--js-flags=${shortLived.join(' ')}`,
      `--user-data-dir=${path.join(folder, 'profile')}`,
      '.',
    ],
    cwd: root,
    env: Object.fromEntries(environment.filter((entry): entry is [string, string] => !!entry[1])),
  })
  let stderr = ''
  app.process().stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  // What main has most to do for is over when its window is there.
  const page = await app.firstWindow()
  // A native dialog cannot be driven: main is told what the user chooses.
  await answered(() =>
    app.evaluate(({ dialog }, into) => {
      dialog.showSaveDialog = (...args: unknown[]) => {
        const { defaultPath } = args.at(-1) as { defaultPath?: string }
        const name = (defaultPath ?? 'unnamed').split(/[\\/]/).at(-1) ?? 'unnamed'
        return Promise.resolve({ canceled: false, filePath: `${into}/${name}` })
      }
    }, saves),
  )
  if (options.size) {
    const { size } = options
    await answered(() =>
      app.evaluate(({ BrowserWindow }, { width, height }) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(width, height)
      }, size),
    )
    // The page hears of it when it comes to it.
    await page.waitForFunction(({ width }) => innerWidth === width, options.size)
  }

  return {
    page,
    hostErrors: () => stderr,
    async saved(save) {
      await save()
      const [name, ...more] = await readdir(saves)
      if (name === undefined || more.length > 0)
        throw new Error(`one file should have been written, not ${[name, ...more].join(', ')}`)
      const bytes = await readFile(path.join(saves, name))
      await rm(path.join(saves, name))
      return { name, bytes }
    },
    chooseInMenu: (id) =>
      app.evaluate(({ BrowserWindow, Menu }, item) => {
        const [window] = BrowserWindow.getAllWindows()
        Menu.getApplicationMenu()?.getMenuItemById(item)?.click({}, window, window?.webContents)
      }, id),
    async killPage() {
      await app.evaluate(({ BrowserWindow, dialog }) => {
        const [window] = BrowserWindow.getAllWindows()
        dialog.showMessageBox = (...args: unknown[]) => {
          const { message, detail, buttons } = args.at(-1) as Electron.MessageBoxOptions
          Object.assign(globalThis, { said: [message, detail, buttons?.[0]].join(' ') })
          return Promise.resolve({ response: 0, checkboxChecked: false })
        }
        window?.webContents.forcefullyCrashRenderer()
      })
      return {
        said: () => app.evaluate(() => String((globalThis as { said?: string }).said ?? '')),
        text: (selector) =>
          app.evaluate(async ({ BrowserWindow }, what) => {
            const page = BrowserWindow.getAllWindows()[0]?.webContents
            if (!page || page.isLoading() || page.isCrashed()) return ''
            const script = `document.querySelector(${JSON.stringify(what)})?.innerText ?? ''`
            return String(await page.executeJavaScript(script))
          }, selector),
      }
    },
    async noteDesktop(refusal) {
      await app.evaluate(({ shell }, refused) => {
        const asked: string[] = []
        Object.assign(globalThis, { asked })
        shell.showItemInFolder = (item) => void asked.push(`show ${item}`)
        shell.trashItem = (item) => {
          asked.push(`trash ${item}`)
          if (refused !== undefined) return Promise.reject(new Error(refused))
          return process.getBuiltinModule('node:fs').promises.rm(item, { recursive: true })
        }
      }, refusal)
      return () => app.evaluate(() => (globalThis as { asked?: string[] }).asked ?? [])
    },
    async comeBack() {
      await page.close()
      const next = app.waitForEvent('window')
      // What main hears when the program is started again.
      await app.evaluate((electron) => electron.app.emit('second-instance'))
      return next
    },
    async close() {
      const closed = app.close()
      const patience = new AbortController()
      const late = sleep(endMs, 'late', { signal: patience.signal }).catch(() => 'ended')
      const outcome = await Promise.race([closed, late])
      patience.abort()
      if (outcome !== 'late') return
      app.process().kill('SIGKILL')
      await closed
      throw new Error('the app did not end when its window was closed')
    },
  }
}
