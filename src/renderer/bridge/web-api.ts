/**
 * The Api over a WebSocket, for the page that `soakscope serve` hands out. Connects again by
 * itself, and subscribes again when it has; a call that was under way when the line broke is
 * answered so.
 */
import { Unpackr } from 'msgpackr/index-no-eval'
import type { Api, ApiCall, ApiCalls, Away } from '../../shared/api'
import type { Frame } from '../../shared/frame'
import { apiCalls, type HostMessage, type PageMessage } from '../../shared/ipc-contract'
import { failure, type Result } from '../../shared/result'

/** Wall milliseconds before the first attempt to connect again, doubled up to the largest. */
const retryMs = { first: 250, largest: 5000 }
/** Wall milliseconds that a call waits for a connection before it gives up. */
const connectPatienceMs = 8000

const lost = failure(
  'connection-lost',
  'the connection to Soakscope was lost; is it still running?',
)

/**
 * @param open makes a socket; called again for every attempt to connect.
 * @param whyNot asks why an attempt failed, which a socket does not tell.
 */
export function connectWeb(open: () => WebSocket, whyNot: () => Promise<Away>): Api {
  const connection = new Connection(open, whyNot)
  const calls = Object.fromEntries(
    apiCalls.map((call) => [call, (...args: unknown[]) => connection.call(call, args)]),
  ) as unknown as ApiCalls
  return {
    ...calls,
    shell: 'web',
    onFrame: (receive) => connection.onFrame(receive),
    setHidden: (hidden) => connection.setHidden(hidden),
    onConnection: (receive) => connection.onConnection(receive),
  }
}

class Connection {
  private socket: WebSocket | undefined
  private retry = retryMs.first
  private lastId = 0
  private readonly pending = new Map<number, (result: Result<unknown>) => void>()
  private readonly waiting = new Set<(socket: WebSocket | undefined) => void>()
  private readonly watchers = new Set<(frame: Frame) => void>()
  private readonly listeners = new Set<(connected: boolean, away?: Away) => void>()
  private hidden = false
  /** Set while the next attempt is waited for. */
  private attempt: ReturnType<typeof setTimeout> | undefined
  private readonly decoder = new Unpackr({ useRecords: false, moreTypes: true })

  constructor(
    private readonly open: () => WebSocket,
    private readonly whyNot: () => Promise<Away>,
  ) {
    this.connect()
  }

  async call(call: ApiCall, args: readonly unknown[]): Promise<Result<unknown>> {
    const socket = this.socket ?? (await this.connected())
    if (!socket) return lost
    const id = ++this.lastId
    return new Promise((resolve) => {
      this.pending.set(id, resolve)
      send(socket, { kind: 'call', id, call, args })
    })
  }

  onFrame(receive: (frame: Frame) => void): () => void {
    this.watchers.add(receive)
    if (this.watchers.size === 1 && this.socket) this.watch(this.socket)
    return () => {
      if (!this.watchers.delete(receive) || this.watchers.size > 0) return
      if (this.socket) send(this.socket, { kind: 'unwatch' })
    }
  }

  onConnection(receive: (connected: boolean, away?: Away) => void): () => void {
    this.listeners.add(receive)
    return () => this.listeners.delete(receive)
  }

  /** Whoever comes back to the page does not wait for the next attempt. */
  setHidden(hidden: boolean): void {
    this.hidden = hidden
    if (this.socket) send(this.socket, { kind: 'hidden', hidden })
    else if (!hidden && this.attempt !== undefined) this.connect()
  }

  private watch(socket: WebSocket): void {
    send(socket, { kind: 'watch' })
    if (this.hidden) send(socket, { kind: 'hidden', hidden: true })
  }

  private connect(): void {
    clearTimeout(this.attempt)
    this.attempt = undefined
    const socket = this.open()
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => this.onOpen(socket))
    socket.addEventListener('message', (event) => this.onMessage(socket, event.data))
    // A socket that fails also closes, so an error needs no handling of its own.
    socket.addEventListener('close', () => this.onClose())
  }

  private onOpen(socket: WebSocket): void {
    this.socket = socket
    this.retry = retryMs.first
    if (this.watchers.size > 0) this.watch(socket)
    for (const proceed of this.waiting) proceed(socket)
    this.tell(true)
  }

  private onClose(): void {
    const wasOpen = this.socket !== undefined
    this.socket = undefined
    if (wasOpen) this.tell(false)
    else void this.tellWhy()
    for (const answer of this.pending.values()) answer(lost)
    this.pending.clear()
    this.attempt = setTimeout(() => this.connect(), this.retry)
    this.retry = Math.min(this.retry * 2, retryMs.largest)
  }

  private async tellWhy(): Promise<void> {
    const away = await this.whyNot()
    if (this.socket === undefined) this.tell(false, away)
  }

  private tell(connected: boolean, away?: Away): void {
    for (const listener of this.listeners) listener(connected, away)
  }

  private onMessage(socket: WebSocket, bytes: ArrayBuffer): void {
    const message = this.decoder.unpack(new Uint8Array(bytes)) as HostMessage
    switch (message.kind) {
      case 'answer':
        this.pending.get(message.id)?.(message.result)
        this.pending.delete(message.id)
        return
      case 'frame':
        try {
          for (const receive of this.watchers) receive(message.frame)
        } finally {
          send(socket, { kind: 'acknowledge', sequence: message.frame.sequence })
        }
        return
      case 'refused':
        throw new Error(`Soakscope refused a message of this page: ${message.error.message}`)
    }
  }

  /** The next socket that opens, or undefined when none does in time. */
  private connected(): Promise<WebSocket | undefined> {
    return new Promise((resolve) => {
      const proceed = (socket: WebSocket | undefined): void => {
        this.waiting.delete(proceed)
        clearTimeout(patience)
        resolve(socket)
      }
      const patience = setTimeout(() => proceed(undefined), connectPatienceMs)
      this.waiting.add(proceed)
    })
  }
}

function send(socket: WebSocket, message: PageMessage): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
}
