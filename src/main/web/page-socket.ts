/**
 * One page over its WebSocket: calls are answered, frames are sent as fast as they are
 * acknowledged.
 */
import { Packr } from 'msgpackr'
import type { RawData, WebSocket } from 'ws'
import { scenarioTextMax, type ApiCalls } from '../../shared/api'
import type { HostMessage, PageMessage } from '../../shared/ipc-contract'
import { parsePageMessage } from '../../shared/parse'
import { failure } from '../../shared/result'
import { CallGate } from '../api/call-gate'
import { RateLimit } from '../api/rate-limit'
import type { RunSupervisor, ScreenKey, Watching } from '../runs/supervisor'
import type { WebLimits } from './limits'

/**
 * Largest message of a page in bytes: one that opens a scenario file, of which a character takes at
 * most six bytes of JSON. A piece of a recording that is imported has `importPieceMax`, any other
 * is well below a thousand.
 */
export const pageMessageMax = 6 * scenarioTextMax + 1024
/** What a page may send in a second beside its calls, steadily and at once. */
const messagesPerSecond = 100
const messageBurst = 300
/** A page that sends this many messages that are none is cut off. */
const rubbishMax = 20
/** RFC 6455: the peer violated a policy. */
const policyViolation = 1008

const packr = new Packr({ useRecords: false, moreTypes: true })

export interface PageHost {
  readonly apiFor: (screen: ScreenKey) => ApiCalls
  readonly supervisor: RunSupervisor
  readonly limits: Pick<WebLimits, 'unreadBytes' | 'closeMs'>
  readonly reportError: (error: unknown) => void
}

export function servePage(socket: WebSocket, host: PageHost): void {
  const { supervisor, limits, reportError } = host
  const screen: ScreenKey = Symbol('page')
  const gate = new CallGate(host.apiFor(screen), reportError)
  const limit = new RateLimit(messagesPerSecond, messageBurst)
  let rubbish = 0
  let watching: Watching | undefined
  const cutOff = (words: string): void => {
    unwatch()
    socket.close(policyViolation, words)
    // Who does not read does not hear of it either.
    const patience = setTimeout(() => socket.terminate(), limits.closeMs)
    socket.once('close', () => clearTimeout(patience))
  }
  const send = (message: HostMessage): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > limits.unreadBytes) return cutOff('too much is left unread')
    socket.send(packr.pack(message))
  }
  const unwatch = (): void => {
    watching?.end()
    watching = undefined
  }
  const obey = async (message: PageMessage): Promise<void> => {
    switch (message.kind) {
      case 'call': {
        const result = await gate.answer(message.call, message.args)
        send({ kind: 'answer', id: message.id, result })
        return
      }
      case 'watch':
        unwatch()
        watching = supervisor.watch((frame) => send({ kind: 'frame', frame }), lost, screen)
        return
      case 'unwatch':
        unwatch()
        return
      case 'hidden':
        watching?.setHidden(message.hidden)
        return
      case 'acknowledge':
        watching?.acknowledge(message.sequence)
        return
    }
  }
  const lost = (error: unknown): void => {
    reportError(error)
    socket.terminate()
  }
  socket.on('message', (received: RawData, isBinary: boolean) => {
    if (socket.readyState !== socket.OPEN) return
    const message = isBinary
      ? failure('bad-argument', 'a message is JSON text, not binary')
      : parsePageMessage(textOf(received))
    if (!message.ok) {
      send({ kind: 'refused', error: message.error })
      if (++rubbish >= rubbishMax) cutOff('too much that is no message')
      return
    }
    // Calls have a limit of their own, and are answered when they are over it.
    if (message.value.kind !== 'call' && !limit.take()) return cutOff('too many messages')
    obey(message.value).catch(lost)
  })
  socket.on('close', unwatch)
  // Protocol errors (a message that is too large, a broken frame) also close the socket.
  socket.on('error', unwatch)
}

function textOf(received: RawData): string {
  if (Buffer.isBuffer(received)) return received.toString()
  return Buffer.concat(Array.isArray(received) ? received : [new Uint8Array(received)]).toString()
}
