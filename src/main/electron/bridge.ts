/** Main's side of the bridge: every channel goes through one check of its sender. */
import type { IpcMain, IpcMainEvent, WebContents } from 'electron'
import type { ApiCalls } from '../../shared/api'
import { apiCalls, channelOf, frameChannels } from '../../shared/ipc-contract'
import { parseSequence } from '../../shared/parse'
import { answerCall } from '../api/host-api'
import type { RunSupervisor } from '../runs/supervisor'
import type { TrustedSenders } from './senders'

export interface BridgeOptions {
  readonly ipc: Pick<IpcMain, 'handle' | 'on'>
  readonly senders: TrustedSenders
  readonly supervisor: RunSupervisor
  /** The Api as this window has it (its dialogs belong to the window). */
  readonly apiFor: (contents: WebContents) => ApiCalls
  readonly reportError: (error: unknown) => void
}

export function openBridge({ ipc, senders, supervisor, apiFor, reportError }: BridgeOptions): void {
  for (const call of apiCalls) {
    const channel = channelOf(call)
    ipc.handle(channel, (event, ...args: unknown[]) => {
      const objection = senders.objection(event)
      if (objection === undefined) return answerCall(apiFor(event.sender), call, args, reportError)
      reportError(new Error(`refused ${channel}: ${objection}`))
      return Promise.reject(new Error(`refused: ${objection}`))
    })
  }

  const watching = new Map<number, ReturnType<RunSupervisor['watch']>>()
  const unwatch = (id: number): void => {
    watching.get(id)?.end()
    watching.delete(id)
  }
  const listen = (channel: string, obey: (event: IpcMainEvent, value: unknown) => void): void => {
    ipc.on(channel, (event, value: unknown) => {
      const objection = senders.objection(event)
      if (objection === undefined) obey(event, value)
      else reportError(new Error(`refused ${channel}: ${objection}`))
    })
  }
  listen(frameChannels.watch, ({ sender }) => {
    const { id } = sender
    unwatch(id)
    watching.set(
      id,
      supervisor.watch((frame) => {
        if (sender.isDestroyed()) unwatch(id)
        else sender.send(frameChannels.frame, frame)
      }),
    )
  })
  listen(frameChannels.unwatch, ({ sender }) => unwatch(sender.id))
  listen(frameChannels.acknowledge, ({ sender }, value) => {
    const sequence = parseSequence(value)
    if (sequence.ok) watching.get(sender.id)?.acknowledge(sequence.value)
  })
}
