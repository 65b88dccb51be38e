/** The window: hidden until it has something to show, and never silently empty. */
import { BrowserWindow, dialog } from 'electron'
import { pageAddress } from './app-scheme'

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
  const window = new BrowserWindow({
    title: 'Soakscope',
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: '#0c0f13',
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
  window.once('ready-to-show', () => window.show())
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
  else window.close()
}
