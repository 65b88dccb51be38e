/** Main's side of the bridge: every channel goes through one check of its sender. */
import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import type { ApiCalls } from '../../shared/api'
import { apiCalls, channelOf, frameChannels } from '../../shared/ipc-contract'
import { parseSequence } from '../../shared/parse'
import { CallGate } from '../api/call-gate'
import { RateLimit } from '../api/rate-limit'
import type { RunSupervisor, ScreenKey, Watching } from '../runs/supervisor'
import type { TrustedSenders } from './senders'

/**
 * Refusals that are told in a second, steadily and at once: what calls without a right may do so
 * for ever.
 */
const refusalsPerSecond = 0.1
const refusalBurst = 10

export interface BridgeOptions {
  readonly ipc: Pick<IpcMain, 'handle' | 'on'>
  readonly senders: TrustedSenders
  readonly supervisor: RunSupervisor
  /** The Api as this window has it (its dialogs belong to the window). */
  readonly apiFor: (contents: WebContents, screen: ScreenKey) => ApiCalls
  readonly reportError: (error: unknown) => void
}

/** What main keeps of a window that calls. */
interface Caller {
  readonly screen: ScreenKey
  readonly gate: CallGate
  watching: Watching | undefined
}

export function openBridge({ ipc, senders, supervisor, apiFor, reportError }: BridgeOptions): void {
  const callers = new WeakMap<WebContents, Caller>()
  const callerOf = (contents: WebContents): Caller => {
    const known = callers.get(contents)
    if (known) return known
    const screen: ScreenKey = Symbol('window')
    const gate = new CallGate(apiFor(contents, screen), reportError)
    const caller = { screen, gate, watching: undefined }
    callers.set(contents, caller)
    return caller
  }
  const unwatch = (caller: Caller): void => {
    caller.watching?.end()
    caller.watching = undefined
  }
  const told = new RateLimit(refusalsPerSecond, refusalBurst)
  let untold = 0
  const tellOf = (channel: string, objection: string): void => {
    if (!told.take()) return void untold++
    const others = untold === 0 ? '' : `; ${untold} before it were not told`
    untold = 0
    reportError(new Error(`refused ${channel}: ${objection}${others}`))
  }
  for (const call of apiCalls) {
    const channel = channelOf(call)
    ipc.handle(channel, (event, ...args: unknown[]) => {
      const objection = senders.objection(event)
      if (objection === undefined) return callerOf(event.sender).gate.answer(call, args)
      tellOf(channel, objection)
      return Promise.reject(new Error(`refused: ${objection}`))
    })
  }

  const listen = (channel: string, obey: (event: IpcMainEvent, value: unknown) => void): void => {
    ipc.on(channel, (event, value: unknown) => {
      const objection = senders.objection(event)
      if (objection !== undefined) return tellOf(channel, objection)
      // Nobody above would catch it: a window may be gone by the time its word is heard.
      try {
        obey(event, value)
      } catch (error) {
        reportError(error)
      }
    })
  }
  listen(frameChannels.watch, ({ sender }) => {
    const caller = callerOf(sender)
    unwatch(caller)
    caller.watching = supervisor.watch(
      (frame) => {
        if (sender.isDestroyed()) unwatch(caller)
        else sender.send(frameChannels.frame, frame)
      },
      reportError,
      caller.screen,
    )
  })
  listen(frameChannels.unwatch, ({ sender }) => unwatch(callerOf(sender)))
  listen(frameChannels.hidden, ({ sender }, value) => {
    callerOf(sender).watching?.setHidden(value === true)
  })
  listen(frameChannels.acknowledge, ({ sender }, value) => {
    const sequence = parseSequence(value)
    if (sequence.ok) callerOf(sender).watching?.acknowledge(sequence.value)
  })
}
