/**
 * How the Api crosses a process border: the list of calls, Electron's channels and the messages of
 * the WebSocket. Main, preload and page derive from this one file; nothing is copied by hand.
 */
import type { ApiCall, ApiCalls } from './api'
import type { Frame } from './frame'
import type { Failure, Result } from './result'

/** Every call, once. */
export const apiCalls = [
  'catalogue',
  'start',
  'openScenario',
  'runAgain',
  'status',
  'pace',
  'pause',
  'resume',
  'step',
  'runUntil',
  'cancelUntil',
  'slowMotion',
  'act',
  'clearFaults',
  'snapshot',
  'range',
  'profile',
  'trace',
  'traceState',
  'forgetTrace',
  'takeTrace',
  'keptTraces',
  'openTrace',
  'saveTrace',
  'save',
  'saveState',
  'cancelSave',
  'recordings',
  'chooseRecordingsFolder',
  'limitRecordings',
  'describeRecording',
  'openRecording',
  'recordingRange',
  'recordingProfile',
  'saveRecording',
  'saveDifference',
  'recordingStatistics',
  'statistics',
  'trimRecording',
  'importRecording',
  'recordingRequest',
  'offerPast',
  'showPast',
  'pastState',
  'pastSnapshot',
  'pastProfile',
  'forgetPast',
  'beginRecordingAgain',
  'continueRecording',
  'branch',
  'goToChapter',
  'forgetChapter',
  'cancelAside',
  'revealRecording',
  'trashRecording',
  'history',
] as const satisfies readonly ApiCall[]

type Unlisted = Exclude<ApiCall, (typeof apiCalls)[number]>
/** Does not compile while a call is missing from the list. */
export const everyCallIsListed: Unlisted extends never ? true : never = true

export type CallArguments<C extends ApiCall> = Parameters<ApiCalls[C]>
export type CallAnswer<C extends ApiCall> = Awaited<ReturnType<ApiCalls[C]>>

/** Electron: the request/response channel of a call. */
export const channelOf = (call: ApiCall): string => `soakscope:${call}`

/** Electron: the one-way channels of the frame stream. */
export const frameChannels = {
  /** Page → main: send frames from now on. */
  watch: 'soakscope:frames-watch',
  /** Page → main: send no more. */
  unwatch: 'soakscope:frames-unwatch',
  /** Page → main, with the sequence number of the frame that has been taken in. */
  acknowledge: 'soakscope:frame-acknowledge',
  /** Page → main: whether nobody can see the page. */
  hidden: 'soakscope:frames-hidden',
  /** Main → page, with a Frame. */
  frame: 'soakscope:frame',
} as const

/** Web: where the WebSocket is, on the origin of the page. */
export const socketPath = '/api'

/** Web: page → host, as JSON text. */
export type PageMessage =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly call: ApiCall
      readonly args: readonly unknown[]
    }
  | { readonly kind: 'watch' }
  | { readonly kind: 'unwatch' }
  | { readonly kind: 'hidden'; readonly hidden: boolean }
  | { readonly kind: 'acknowledge'; readonly sequence: number }

/** Web: host → page, as MessagePack, so that typed arrays stay what they are. */
export type HostMessage =
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** Answer to something that was not a message. */
  | { readonly kind: 'refused'; readonly error: Failure }
