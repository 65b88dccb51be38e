/**
 * The bridge between the page and main: the Api, one named method per call, and the stream of
 * frames. Bundled to one CommonJS file, because a sandboxed preload can load nothing else.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { Api, ApiCall } from '../shared/api'
import type { Frame } from '../shared/frame'
import {
  channelOf,
  frameChannels,
  type CallAnswer,
  type CallArguments,
} from '../shared/ipc-contract'

const ask = <C extends ApiCall>(call: C, ...args: CallArguments<C>): Promise<CallAnswer<C>> =>
  ipcRenderer.invoke(channelOf(call), ...args) as Promise<CallAnswer<C>>

const watchers = new Set<(frame: Frame) => void>()
ipcRenderer.on(frameChannels.frame, (_event: IpcRendererEvent, frame: Frame) => {
  try {
    for (const receive of watchers) receive(frame)
  } finally {
    // Whatever the page made of it, it has had this frame.
    ipcRenderer.send(frameChannels.acknowledge, frame.sequence)
  }
})

const api: Api = {
  shell: 'electron',
  catalogue: () => ask('catalogue'),
  start: (request) => ask('start', request),
  openScenario: (text) => ask('openScenario', text),
  runAgain: () => ask('runAgain'),
  status: () => ask('status'),
  pace: (pace) => ask('pace', pace),
  pause: () => ask('pause'),
  resume: () => ask('resume'),
  step: (kind) => ask('step', kind),
  runUntil: (until) => ask('runUntil', until),
  cancelUntil: () => ask('cancelUntil'),
  slowMotion: (on) => ask('slowMotion', on),
  act: (action) => ask('act', action),
  clearFaults: () => ask('clearFaults'),
  snapshot: (...which) => ask('snapshot', ...which),
  range: (request) => ask('range', request),
  profile: (...window) => ask('profile', ...window),
  trace: (request) => ask('trace', request),
  traceState: () => ask('traceState'),
  forgetTrace: () => ask('forgetTrace'),
  takeTrace: () => ask('takeTrace'),
  keptTraces: (recording) => ask('keptTraces', recording),
  openTrace: (recording, name) => ask('openTrace', recording, name),
  saveTrace: (recording, name, kind) => ask('saveTrace', recording, name, kind),
  save: (kind, ...window) => ask('save', kind, ...window),
  saveState: () => ask('saveState'),
  cancelSave: () => ask('cancelSave'),
  recordings: () => ask('recordings'),
  chooseRecordingsFolder: () => ask('chooseRecordingsFolder'),
  limitRecordings: (bytes) => ask('limitRecordings', bytes),
  describeRecording: (id, words) => ask('describeRecording', id, words),
  openRecording: (id) => ask('openRecording', id),
  recordingRange: (id, request) => ask('recordingRange', id, request),
  recordingProfile: (id, window) => ask('recordingProfile', id, window),
  saveDifference: (request) => ask('saveDifference', request),
  saveRecording: (id, kind, window) => ask('saveRecording', id, kind, window),
  recordingStatistics: (id, window) => ask('recordingStatistics', id, window),
  statistics: (window) => ask('statistics', window),
  trimRecording: (id, window) => ask('trimRecording', id, window),
  importRecording: (step) => ask('importRecording', step),
  recordingRequest: (id) => ask('recordingRequest', id),
  offerPast: (request) => ask('offerPast', request),
  showPast: (request) => ask('showPast', request),
  pastState: () => ask('pastState'),
  pastProfile: () => ask('pastProfile'),
  pastSnapshot: (...which) => ask('pastSnapshot', ...which),
  forgetPast: () => ask('forgetPast'),
  beginRecordingAgain: (id) => ask('beginRecordingAgain', id),
  continueRecording: (id) => ask('continueRecording', id),
  branch: (request) => ask('branch', request),
  goToChapter: (request) => ask('goToChapter', request),
  forgetChapter: () => ask('forgetChapter'),
  cancelAside: () => ask('cancelAside'),
  revealRecording: (id) => ask('revealRecording', id),
  trashRecording: (id) => ask('trashRecording', id),
  history: () => ask('history'),
  onFrame(receive) {
    watchers.add(receive)
    if (watchers.size === 1) ipcRenderer.send(frameChannels.watch)
    return () => {
      if (watchers.delete(receive) && watchers.size === 0) ipcRenderer.send(frameChannels.unwatch)
    }
  },
  setHidden: (hidden) => ipcRenderer.send(frameChannels.hidden, hidden),
  // The host is this very program: it is never out of reach.
  onConnection: () => () => undefined,
}

contextBridge.exposeInMainWorld('soakscope', api)
