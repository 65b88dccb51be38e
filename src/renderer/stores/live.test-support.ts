/** Frames, a host whose answers a test decides, and a live store for each test of a file. */
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, vi } from 'vitest'
import type { Api, ApiCalls, Away } from '../../shared/api'
import { firstStatus } from '../../shared/first-status'
import type { Frame, RunFacts, RunStatus } from '../../shared/frame'
import { failure, success, type Result } from '../../shared/result'
import { useLiveStore } from './live'

const request = { scenario: 'sdet', seed: 7, parameters: { 'sdet.scripts': 128 } }
const first = firstStatus({ run: 1, title: 'SDET', pace: 10, request })

function statusAt(now: number, changes: Partial<RunStatus> = {}): RunStatus {
  const goes = { phase: 'running', eventsPerSecond: 1000, speed: 10 } as const
  return { ...first, ...goes, now, events: now * 1000, digest: '0123456789abcdef', ...changes }
}

export function frameOf(
  times: readonly number[],
  changes: Partial<RunStatus> = {},
  more: Partial<Frame> = {},
): Frame {
  const values = Float64Array.from(times)
  return {
    sequence: 0,
    facts: undefined,
    status: statusAt(times.at(-1) ?? 0, changes),
    samples: {
      rows: times.length,
      columns: 1,
      time: values,
      merged: new Uint32Array(times.length).fill(1),
      last: values,
      min: values,
      max: values,
      mean: values,
    },
    marks: [],
    rounds: [],
    ...more,
  }
}

export const facts: RunFacts = {
  scenario: 'sdet',
  title: 'SDET',
  summary: 'a machine',
  seed: 1,
  structures: [],
  counters: [{ id: 'memory.free', unit: 'kB', kind: 'gauge', help: 'Free memory.' }],
}

const noTrace = {
  phase: 'off',
  reason: 'time',
  records: 0,
  bytes: 0,
  maxBytes: 0,
  again: undefined,
} as const

/** A host whose answers a test decides; it records the calls it got. */
export function hostWith(answers: Partial<ApiCalls> = {}) {
  const calls: string[] = []
  let send: (frame: Frame) => void = () => undefined
  let connect: (connected: boolean, away?: Away) => void = () => undefined
  const answered =
    (name: string) =>
    (argument?: unknown): Promise<Result<RunStatus>> => {
      calls.push(argument === undefined ? name : `${name} ${JSON.stringify(argument)}`)
      return Promise.resolve(success(statusAt(0)))
    }
  const api: Api = {
    shell: 'web',
    onFrame: (receive) => {
      send = receive
      return () => (send = () => undefined)
    },
    setHidden: (hidden) => void calls.push(`hidden ${hidden}`),
    onConnection: (receive) => {
      connect = receive
      return () => undefined
    },
    catalogue: () =>
      Promise.resolve(
        success({
          version: '1',
          demonstrations: [],
          disturbances: [],
          scenarios: [
            {
              id: 'sdet',
              title: 'SDET',
              summary: '',
              citation: '',
              workloads: [],
              structures: [],
              parameters: [],
              counters: [],
            },
          ],
        }),
      ),
    trace: () => Promise.resolve(success(noTrace)),
    traceState: () => Promise.resolve(success(noTrace)),
    forgetTrace: () => Promise.resolve(success(noTrace)),
    takeTrace: () => Promise.resolve(failure('refused', 'there is no finished trace')),
    keptTraces: () => Promise.resolve(success([])),
    openTrace: () => Promise.resolve(failure('bad-argument', 'there is no such trace')),
    saveTrace: () => Promise.resolve(success({ kind: 'cancelled' })),
    status: answered('status'),
    start: answered('start'),
    openScenario: answered('openScenario'),
    runAgain: answered('runAgain'),
    pace: answered('pace'),
    pause: answered('pause'),
    resume: answered('resume'),
    step: answered('step'),
    runUntil: answered('runUntil'),
    cancelUntil: answered('cancelUntil'),
    slowMotion: answered('slowMotion'),
    act: answered('act'),
    clearFaults: answered('clearFaults'),
    snapshot: () => Promise.resolve(failure('no-run', 'there is no run')),
    range: () => Promise.resolve(failure('no-run', 'there is no run')),
    profile: () => Promise.resolve(failure('no-run', 'there is no run')),
    recordings: () =>
      Promise.resolve(
        success({ folder: undefined, limitBytes: 0, hasDesktop: false, recordings: [] }),
      ),
    chooseRecordingsFolder: () => Promise.resolve(failure('refused', 'only a window can')),
    limitRecordings: () => Promise.resolve(failure('refused', 'only a window can')),
    describeRecording: () => Promise.resolve(success(null)),
    openRecording: () => Promise.resolve(failure('bad-argument', 'there is no such recording')),
    recordingRange: () => Promise.resolve(failure('no-run', 'there is no run')),
    recordingProfile: () => Promise.resolve(failure('no-run', 'there is no run')),
    saveRecording: () => Promise.resolve(success({ kind: 'cancelled' as const })),
    saveState: () => Promise.resolve(success({ files: 0, bytes: 0 })),
    cancelSave: () => Promise.resolve(success(null)),
    saveDifference: () => Promise.resolve(success({ kind: 'cancelled' as const })),
    recordingStatistics: () => Promise.resolve(failure('no-run', 'there is no run')),
    statistics: () => Promise.resolve(failure('no-run', 'there is no run')),
    trimRecording: () => Promise.resolve(failure('no-run', 'there is no run')),
    importRecording: () => Promise.resolve(success({ id: undefined })),
    offerPast: () => Promise.resolve(success({ seconds: undefined, digests: 0 })),
    showPast: () => Promise.resolve(failure('no-run', 'there is no run')),
    pastState: () => Promise.resolve(failure('refused', 'no past moment is looked into')),
    pastSnapshot: () => Promise.resolve(failure('no-run', 'there is no run')),
    pastProfile: () => Promise.resolve(failure('refused', 'no window was asked for')),
    forgetPast: () => Promise.resolve(success(null)),
    recordingRequest: () => Promise.resolve(failure('no-run', 'there is no run')),
    beginRecordingAgain: answered('beginRecordingAgain'),
    continueRecording: answered('continueRecording'),
    branch: answered('branch'),
    goToChapter: answered('goToChapter'),
    forgetChapter: answered('forgetChapter'),
    cancelAside: answered('cancelAside'),
    revealRecording: () => Promise.resolve(success(null)),
    trashRecording: () => Promise.resolve(success(null)),
    save: () => Promise.resolve(success({ kind: 'cancelled' as const })),
    history: () => Promise.resolve(success(frameOf([1, 2, 3], {}, { facts }))),
    ...answers,
  }
  return {
    api,
    calls,
    send: (frame: Frame) => send(frame),
    connection: (now: boolean, away?: Away) => connect(now, away),
  }
}

/** Stores of its own for each test, and a clock that the test moves. */
export function freshStores(): void {
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.useFakeTimers()
  })
  afterEach(() => {
    useLiveStore().disconnect()
    vi.useRealTimers()
  })
}
