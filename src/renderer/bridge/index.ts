import type { Api, Away } from '../../shared/api'
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
  return window.soakscope ?? connectWeb(() => new WebSocket(socketAddress(window.location)), whyNot)
}

/** Asks for the page itself: only its status says who is there. */
async function whyNot(): Promise<Away> {
  try {
    const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store' })
    return status === 401 ? 'started-anew' : 'full'
  } catch {
    return 'gone'
  }
}

function socketAddress(page: Location): string {
  return `${page.protocol === 'https:' ? 'wss:' : 'ws:'}//${page.host}${socketPath}`
}
