/**
 * Finds pages that are gone without a word: a machine that slept, a tunnel that broke, a stopped
 * browser.
 */
import type { WebSocket, WebSocketServer } from 'ws'

/** Pings every page, and ends those that did not answer the ping before. Returns what stops it. */
export function beat(sockets: WebSocketServer, everyMs: number): () => void {
  const answered = new WeakSet<WebSocket>()
  sockets.on('connection', (page) => {
    answered.add(page)
    page.on('pong', () => answered.add(page))
  })
  const timer = setInterval(() => {
    for (const page of sockets.clients) {
      if (!answered.delete(page)) page.terminate()
      else if (page.readyState === page.OPEN) page.ping()
    }
  }, everyMs)
  return () => clearInterval(timer)
}
