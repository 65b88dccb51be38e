/**
 * What a page could send over the bridge: every call and every one-way channel with mutated
 * arguments, from right and wrong senders, against the real implementation with a real run behind
 * it.
 */
import { EventEmitter } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { catalogue } from '../api/catalogue'
import { hostApi } from '../api/host-api'
import type { Saver } from '../api/saving'
import type { Frame } from '../../shared/frame'
import { apiCalls, channelOf, frameChannels } from '../../shared/ipc-contract'
import { failure, success, type Result } from '../../shared/result'
import { ExportFault } from '../formats/exports/export-fault'
import { Mutations } from '../mutations.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import { RunSupervisor } from '../runs/supervisor'
import { openBridge, type BridgeOptions } from './bridge'
import { TrustedSenders, type SenderEvent } from './senders'

const seed = 20_260_102
const callsThrown = 10_000
/** A window that asks for more at once is refused, so that this many windows ask. */
const windows = 40
/** Thrown before what is kept is measured for the first time. */
const warmUp = 2000
/** Bytes that may be kept more after 8,000 calls than before them. */
const growthMax = 10_000_000

const workerPath = bundledWorker('worker.ts')
let supervisor: RunSupervisor
beforeAll(() => {
  supervisor = new RunSupervisor({ workerPath: workerPath(), sampleMemoryBytes: 1_000_000 })
})
afterAll(() => supervisor.close())

type Handler = (event: SenderEvent, ...args: unknown[]) => unknown
/** The part of ipcMain that the bridge uses. */
class Channels extends EventEmitter {
  readonly handlers = new Map<string, Handler>()
  handle(channel: string, handler: Handler): void {
    this.handlers.set(channel, handler)
  }
}

/** A window as main sees it; some are gone when they are spoken to. */
class Window {
  readonly mainFrame = { origin: 'app://soakscope' }
  readonly frames: Frame[] = []
  gone = false
  constructor(readonly id: number) {}
  isDestroyed(): boolean {
    return this.gone && this.id % 2 === 0
  }
  send(_channel: string, frame: Frame): void {
    if (this.gone) throw new Error('Object has been destroyed')
    // What cannot cross a process border does not arrive.
    this.frames.push(structuredClone(frame))
    if (this.frames.length > 4) this.frames.shift()
  }
}

const nothing = { at: 1, action: 'fault:nothing=1' }
/** Arguments to be mutated. */
const usual: Readonly<Record<(typeof apiCalls)[number], readonly unknown[]>> = {
  catalogue: [],
  status: [],
  pause: [],
  resume: [],
  cancelUntil: [],
  slowMotion: [true],
  clearFaults: [],
  range: [{ from: 0, to: 100, rows: 16 }],
  profile: [],
  history: [],
  recordings: [],
  chooseRecordingsFolder: [],
  limitRecordings: [4e9],
  describeRecording: ['nothing', { name: 'a name', notes: 'a note', kept: true }],
  openRecording: ['nothing'],
  recordingRange: ['nothing', { from: 0, to: 60, rows: 100 }],
  recordingProfile: ['nothing', { from: 0, to: 60 }],
  saveState: [],
  cancelSave: [],
  saveDifference: [{ base: 'nothing', window: { from: 0, to: 60 } }],
  saveRecording: ['nothing', 'csv', { from: 0, to: 60 }],
  recordingStatistics: ['nothing', { from: 0, to: 60 }],
  statistics: [{ from: 0, to: 60 }],
  trimRecording: ['nothing', { from: 0, to: 60 }],
  importRecording: [{ step: 'piece', file: 'run.json', base64: 'e30=' }],
  recordingRequest: ['nothing'],
  offerPast: [{ at: 1e6 }],
  showPast: [{ of: 'nothing', at: 1e6 }],
  pastState: [],
  pastProfile: [],
  pastSnapshot: ['run-queue'],
  forgetPast: [],
  beginRecordingAgain: ['nothing'],
  continueRecording: ['nothing'],
  branch: [{ at: 0, changes: ['set:nothing=1'] }],
  goToChapter: [{ at: 1, title: 'x', isWanted: 'now' }],
  forgetChapter: [],
  cancelAside: [],
  revealRecording: ['nothing'],
  trashRecording: ['nothing'],
  traceState: [],
  forgetTrace: [],
  takeTrace: [],
  keptTraces: ['nothing'],
  openTrace: ['nothing', 'web-seed1-from-1s-20ms.trace.gz'],
  saveTrace: ['nothing', 'web-seed1-from-1s-20ms.trace.gz', 'trace'],
  trace: [{ reason: 'nothing', milliseconds: 10, fromSeconds: 1e6 }],
  // What is wrong with these is found last, so that every check before it is come to.
  start: [{ scenario: 'web', seed: 1, parameters: { 'httpd.processes': 10 }, timeline: [nothing] }],
  openScenario: [
    JSON.stringify({
      soakscope: 'scenario',
      version: 1,
      title: 'x',
      about: 'x',
      scenario: 'yield',
      seed: 1,
      parameters: { 'yield.threads': 2 },
      timeline: [nothing],
    }),
  ],
  runAgain: ['now'],
  pace: [1],
  step: ['event'],
  runUntil: [{ kind: 'time', seconds: 1e6 }],
  act: ['fault:slow-disk=0.5'],
  snapshot: ['run-queue'],
  save: ['csv'],
}

it('answers 10,000 mutated calls, and the run goes on', async () => {
  const ipc = new Channels()
  const senders = new TrustedSenders()
  const reported: string[] = []
  openBridge({
    ipc: ipc as unknown as BridgeOptions['ipc'],
    senders,
    supervisor,
    apiFor: (_contents, screen) => {
      const save: Saver = async ({ pieces }) => {
        let bytes = 0
        try {
          for await (const piece of pieces) bytes += piece.length
        } catch (error) {
          if (error instanceof ExportFault) return failure('refused', error.message)
          throw error
        }
        return success({ kind: 'written', path: 'nowhere', bytes })
      }
      return hostApi(supervisor, catalogue(), save, screen)
    },
    reportError: (error) => reported.push(String(error)),
  })
  const screens = Array.from({ length: windows }, (_, id) => new Window(id))
  for (const { id } of screens) senders.add(id)
  const began = await supervisor.start({ scenario: 'yield', seed: 1, parameters: {} })
  expect(began.ok).toBe(true)

  const codes = new Set<string>()
  const throwOne = async (number: number): Promise<void> => {
    const mutations = new Mutations(seed, `call ${number}`)
    const sender = mutations.one(screens)
    const wrong = mutations.chance(0.1)
    sender.gone ||= mutations.chance(0.003)
    const event = {
      sender,
      get senderFrame() {
        if (wrong && number % 2 === 0) throw new Error('Render frame was disposed')
        return wrong ? null : sender.mainFrame
      },
    }
    if (mutations.chance(0.1)) {
      const channel = mutations.one(Object.values(frameChannels))
      ipc.emit(
        channel,
        event,
        mutations.chance(0.5) ? sender.frames.at(-1)?.sequence : mutations.strange(),
      )
      return
    }
    const call = mutations.one(apiCalls)
    const args = mutations.chance(0.1) ? usual[call] : mutations.value(usual[call])
    const handler = ipc.handlers.get(channelOf(call))
    if (!handler) throw new Error(`there is no handler for ${call}`)
    const given = Array.isArray(args) ? (args as unknown[]) : [args]
    try {
      const answer = (await handler(event, ...given)) as Result<unknown>
      if (!answer.ok) {
        codes.add(answer.error.code)
        if (answer.error.message.includes('\n')) throw new Error(answer.error.message)
      }
    } catch (error) {
      if (!wrong) throw new Error(`call ${number} of seed ${seed} threw`, { cause: error })
    }
  }
  const throwAll = async (from: number, to: number): Promise<void> => {
    let next = from
    const thrower = async (): Promise<void> => {
      while (next < to) await throwOne(next++)
    }
    await Promise.all(Array.from({ length: 16 }, thrower))
  }
  await throwAll(0, warmUp)
  const before = kept()
  await throwAll(warmUp, callsThrown)
  expect(kept() - before).toBeLessThan(growthMax)
  expect([...codes]).toEqual(
    expect.arrayContaining(['bad-argument', 'unknown-path', 'unknown-action']),
  )
  // Wrong senders and windows that are gone are told of; a defect of the host would be, too.
  const expected = /^Error: refused soakscope:|^Error: Object has been destroyed$/
  expect(reported.filter((error) => !expected.test(error))).toEqual([])

  const fresh = new Window(windows)
  senders.add(fresh.id)
  expect(screens.some(({ gone }) => gone)).toBe(true)
  const event = { sender: fresh, senderFrame: fresh.mainFrame }
  ipc.emit(frameChannels.watch, event)
  const pace = await ipc.handlers.get(channelOf('pace'))?.(event, 'max')
  expect(pace).toMatchObject({ ok: true })
  // One of the runs that were asked for may still be beginning, and says so.
  const resume = () => ipc.handlers.get(channelOf('resume'))?.(event)
  await expect.poll(resume, { timeout: 120_000 }).toMatchObject({ value: { phase: 'running' } })
  const newest = (): Frame | undefined => {
    ipc.emit(frameChannels.acknowledge, event, fresh.frames.at(-1)?.sequence)
    return fresh.frames.at(-1)
  }
  await expect.poll(() => newest()?.samples.rows, { timeout: 120_000 }).toBeGreaterThan(0)
})

/** Bytes that this process keeps. */
function kept(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
