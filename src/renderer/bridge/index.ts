import type { Api } from '../../shared/api'
import { socketPath } from '../../shared/ipc-contract'
import { connectWeb } from './web-api'

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a browser. */
    readonly soakscope?: Api
  }
}

/** The run's Api in whichever shell this page is. */
export function connectApi(): Api {
  return window.soakscope ?? connectWeb(() => new WebSocket(socketAddress(window.location)))
}

function socketAddress(page: Location): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}${socketPath}`
}
