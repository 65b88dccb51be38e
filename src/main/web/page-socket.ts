/** One page over its WebSocket: calls are answered, frames are sent as fast as they are acknowledged. */
import { Packr } from 'msgpackr'
import type { RawData, WebSocket } from 'ws'
import { scenarioTextMax, type ApiCalls } from '../../shared/api'
import type { HostMessage, PageMessage } from '../../shared/ipc-contract'
import { parsePageMessage } from '../../shared/parse'
import { failure } from '../../shared/result'
import { answerCall } from '../api/host-api'
import type { RunSupervisor } from '../runs/supervisor'
import { RateLimit } from './rate-limit'

/**
 * Largest message of a page in bytes: one that opens a scenario file, of which a character takes at most
 * six bytes of JSON. Any other is well below a thousand.
 */
export const pageMessageMax = 6 * scenarioTextMax + 1024
/** What a page may send in a second, steadily and at once. */
const messagesPerSecond = 100
const messageBurst = 300
/** A page that sends this many messages that are none is cut off. */
const rubbishMax = 20
/** RFC 6455: the peer violated a policy. */
const policyViolation = 1008

const packr = new Packr({ useRecords: false, moreTypes: true })

export function servePage(
  socket: WebSocket,
  api: ApiCalls,
  supervisor: RunSupervisor,
  reportError: (error: unknown) => void,
): void {
  const limit = new RateLimit(messagesPerSecond, messageBurst)
  let rubbish = 0
  let watching: ReturnType<RunSupervisor['watch']> | undefined
  const send = (message: HostMessage): void => {
    if (socket.readyState === socket.OPEN) socket.send(packr.pack(message))
  }
  const unwatch = (): void => {
    watching?.end()
    watching = undefined
  }
  const obey = async (message: PageMessage): Promise<void> => {
    switch (message.kind) {
      case 'call': {
        const result = await answerCall(api, message.call, message.args, reportError)
        send({ kind: 'answer', id: message.id, result })
        return
      }
      case 'watch':
        unwatch()
        watching = supervisor.watch((frame) => send({ kind: 'frame', frame }))
        return
      case 'unwatch':
        unwatch()
        return
      case 'acknowledge':
        watching?.acknowledge(message.sequence)
        return
    }
  }
  socket.on('message', (received: RawData, isBinary: boolean) => {
    const message = isBinary
      ? failure('bad-argument', 'a message is JSON text, not binary')
      : parsePageMessage(textOf(received))
    if (!message.ok) {
      send({ kind: 'refused', error: message.error })
      if (++rubbish >= rubbishMax) socket.close(policyViolation, 'too much that is no message')
      return
    }
    if (message.value.kind === 'call' && !limit.take()) {
      const result = failure('refused', `a page may ask ${messagesPerSecond} times a second`)
      send({ kind: 'answer', id: message.value.id, result })
      return
    }
    void obey(message.value)
  })
  socket.on('close', unwatch)
  // Protocol errors (a message that is too large, a broken frame) also close the socket.
  socket.on('error', unwatch)
}

function textOf(received: RawData): string {
  if (Buffer.isBuffer(received)) return received.toString()
  return Buffer.concat(Array.isArray(received) ? received : [new Uint8Array(received)]).toString()
}
