/** What no page in this program may do, whatever it holds. */
import type { App, Session } from 'electron'
import { pageAddress, pageScheme } from './app-scheme'

/** Schemes that a page may load from: its own, what it made itself, and the developer tools. */
const ownSchemes = new Set([`${pageScheme}:`, 'data:', 'blob:', 'devtools:'])

/** No other page is navigated to, no window opened, no web view attached. */
export function denyNavigation(app: App): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      // A reload is the one navigation there is.
      if (event.url !== pageAddress) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** No permission is given but to fill the screen, and nothing is loaded from elsewhere. */
export function denyRequests(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, { isMainFrame }) => {
    // Who presents asks for it by a key of the page; Escape and F11 take it back.
    answer(permission === 'fullscreen' && isMainFrame && contents.getURL() === pageAddress)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) =>
    answer({ cancel: !(URL.canParse(url) && ownSchemes.has(new URL(url).protocol)) }),
  )
}
