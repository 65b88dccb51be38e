/** What a desktop expects of every program; all that is Soakscope's own is on the page. */
import { Menu, type BaseWindow, type WebContents } from 'electron'

/** Whether the run goes on when the window is closed. */
export interface StaySetting {
  readonly label: string
  readonly chosen: boolean
  readonly choose: (chosen: boolean) => void
}

export function setMenu({ label, chosen, choose }: StaySetting): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
      {
        label: 'File',
        submenu: [
          {
            id: 'open-scenario',
            label: 'Open scenario…',
            accelerator: 'CmdOrCtrl+O',
            // The page has the key itself; here it is only shown.
            registerAccelerator: false,
            click: (_item, window) => pressOpen(window, []),
          },
          {
            id: 'open-recording',
            label: 'Open recording…',
            accelerator: 'CmdOrCtrl+Shift+O',
            registerAccelerator: false,
            click: (_item, window) => pressOpen(window, ['shift']),
          },
          { type: 'separator' },
          {
            id: 'stay',
            label,
            type: 'checkbox',
            checked: chosen,
            click: ({ checked }) => choose(checked),
          },
          { type: 'separator' },
          { role: 'close' },
          ...(process.platform === 'darwin' ? [] : [{ role: 'quit' } as const]),
        ],
      },
      { role: 'editMenu' },
      {
        label: 'View',
        submenu: [
          { role: 'resetZoom' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { role: 'togglefullscreen' },
          { type: 'separator' },
          { role: 'toggleDevTools' },
        ],
      },
    ]),
  )
}

/** Presses the page's own key for it: only after a key or a click may a page ask for a file. */
function pressOpen(window: BaseWindow | undefined, more: readonly 'shift'[]): void {
  if (!window || !('webContents' in window)) return
  const contents = window.webContents as WebContents
  const command = process.platform === 'darwin' ? ('meta' as const) : ('control' as const)
  const modifiers = [command, ...more]
  contents.sendInputEvent({ type: 'keyDown', keyCode: 'O', modifiers })
  contents.sendInputEvent({ type: 'keyUp', keyCode: 'O', modifiers })
}
