/** Traces as a screen asks for them: taken, kept with the recording of their run, opened again. */
import { basename } from 'node:path'
import type { ApiCalls, Catalogue, StartRequest, TakenTrace } from '../../shared/api'
import { failure, success, type Result } from '../../shared/result'
import { exportFormats, formatOf } from '../formats/exports/formats'
import { keepTrace, keptTracesIn, readKeptTrace } from '../recordings/kept-traces'
import type { Recording } from '../recordings/recording'
import type { RunSupervisor } from '../runs/supervisor'
import { version } from '../version'
import { exportableRecording } from './exportable-recording'
import type { Saver } from './saving'

type TraceCalls = Pick<ApiCalls, 'trace' | 'takeTrace' | 'keptTraces' | 'openTrace' | 'saveTrace'>

export interface TraceCallsOptions {
  readonly supervisor: RunSupervisor
  readonly catalogue: Catalogue
  readonly save: Saver
  /** The recording of the run on the screen. */
  readonly recordedNow: () => Promise<{ readonly folder: string } | undefined>
  readonly folderOf: (id: string) => Result<string>
  readonly look: (id: string) => Promise<Result<Recording>>
  readonly reopened: (
    id: string,
  ) => Promise<Result<{ readonly recording: Recording; readonly request: StartRequest }>>
}

export function traceCalls(options: TraceCallsOptions): TraceCalls {
  const { supervisor, catalogue, save, recordedNow, folderOf, look, reopened } = options
  const { traces } = supervisor
  return {
    async trace(order) {
      if (order.of === undefined) return traces.ask(order)
      const opened = await reopened(order.of)
      if (!opened.ok) return opened
      const { recording, request } = opened.value
      const { model } = recording.run
      if (model !== version) {
        const other = `it was recorded by Soakscope ${model}, and this one is ${version}`
        return failure('refused', `${order.of} cannot be executed again: ${other}`)
      }
      return traces.ask(order, { request, seconds: recording.seconds, recording: order.of })
    },

    async takeTrace() {
      const taken = await traces.take()
      if (!taken.ok) return taken
      const { trace, scenario, seed, recording } = taken.value
      const file = { origin: { version, scenario, seed }, trace }
      const folder =
        recording === undefined ? (await recordedNow())?.folder : valueOf(folderOf(recording))
      const kept = folder === undefined ? undefined : await keepTrace(folder, file)
      return success<TakenTrace>({
        ...file,
        kept: kept && valueOf(kept),
        problem: kept?.ok === false ? kept.error.message : undefined,
      })
    },

    keptTraces(id) {
      const folder = folderOf(id)
      return Promise.resolve(folder.ok ? success(keptTracesIn(folder.value)) : folder)
    },

    openTrace(id, name) {
      const folder = folderOf(id)
      return folder.ok ? readKeptTrace(folder.value, name) : Promise.resolve(folder)
    },

    async saveTrace(id, name, kind) {
      const recording = await look(id)
      if (!recording.ok) return recording
      const file = await readKeptTrace(recording.value.folder, name)
      if (!file.ok) return file
      const { trace } = file.value
      const window = { from: trace.fromSeconds, to: trace.toSeconds }
      const source = {
        ...exportableRecording(recording.value, catalogue, window),
        trace: () => Promise.resolve(success(trace)),
      }
      const ending = exportFormats.find((format) => format.kind === kind)?.endings[0] ?? kind
      const called = basename(name).replace(/trace\.gz$/, ending)
      return save({ kind, name: called, pieces: formatOf(kind).write(source) })
    },
  }
}

const valueOf = <Value>(result: Result<Value>): Value | undefined =>
  result.ok ? result.value : undefined
