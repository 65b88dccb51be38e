/** The window: hidden until it has something to show, and never silently empty. */
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pageAddress } from './app-scheme'
import { leastSize, parsePlace, placeIn, type WindowPlace } from './window-place'

/** Chromium's net::ERR_ABORTED. */
const aborted = -3

export interface WindowOptions {
  /** The bundled preload, out/preload/index.cjs. */
  readonly preload: string
  readonly onOpened: (contents: Electron.WebContents) => void
  readonly onClosed: (webContentsId: number) => void
  /** It cannot be shown at all. */
  readonly onFailed: (message: string) => void
}

export function openWindow({ preload, onOpened, onClosed, onFailed }: WindowOptions): void {
  const { maximized, ...bounds } = placeIn(rememberedPlace(), workAreas())
  const least = leastSize(screen.getDisplayMatching(bounds).workArea)
  const window = new BrowserWindow({
    title: 'Soakscope',
    ...bounds,
    minWidth: least.width,
    minHeight: least.height,
    show: false,
    autoHideMenuBar: true,
    // What the page begins with, unless another theme was chosen in it.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0c0f13' : '#f3f5f7',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      spellcheck: false,
    },
  })
  const { webContents } = window
  const { id } = webContents
  onOpened(webContents)
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    rememberPlace({ ...window.getNormalBounds(), maximized: window.isMaximized() })
  })
  window.on('closed', () => onClosed(id))
  webContents.on('preload-error', (_event, _path, error) => {
    onFailed(`The bridge to the page could not be loaded: ${error.message}`)
  })
  webContents.on('did-fail-load', (_event, code, description, _address, isMainFrame) => {
    // A load that something else took the place of has not failed.
    if (!isMainFrame || code === aborted) return
    onFailed(`The page could not be loaded: ${description} (${code})`)
  })
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return
    offerReload(window, reason).catch((error: unknown) => onFailed(String(error)))
  })
  // Failures are reported by the events above.
  window.loadURL(pageAddress).catch(() => undefined)
}

/** Of the displays that are there, the main one first. */
function workAreas(): [Electron.Rectangle, ...Electron.Rectangle[]] {
  const main = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter(({ id }) => id !== main.id)
  return [main.workArea, ...others.map(({ workArea }) => workArea)]
}

const placeFile = (): string => join(app.getPath('userData'), 'window.json')

function rememberedPlace(): WindowPlace | undefined {
  try {
    return parsePlace(readFileSync(placeFile(), 'utf8'))
  } catch {
    // There is none before the first window was closed.
    return undefined
  }
}

function rememberPlace(place: WindowPlace): void {
  try {
    writeFileSync(placeFile(), `${JSON.stringify(place)}\n`)
  } catch {
    // A profile that cannot be written to: the next window stands where the first one did.
  }
}

async function offerReload(window: BrowserWindow, reason: string): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The page of this window ended.',
    detail: `Reason: ${reason}. The run goes on, and nothing of it is lost.`,
    buttons: ['Show it again', 'Quit'],
    defaultId: 0,
  })
  if (window.isDestroyed()) return
  if (response === 0) window.reload()
  else app.quit()
}
