/** Two profiles in one file for pprof: of a recording, and of what is shown. */
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import type { ApiCalls, Catalogue } from '../../shared/api'
import type { DifferenceRequest } from '../../shared/recorded-parts'
import type { Result } from '../../shared/result'
import type { Exportable } from '../formats/exports/exportable'
import { pprofBytes } from '../formats/exports/pprof-bytes'
import { pprofDifference } from '../formats/exports/pprof-difference'
import type { Recording } from '../recordings/recording'
import type { RunSupervisor } from '../runs/supervisor'
import { exportableRecording } from './exportable-recording'
import { exportableRun } from './exportable-run'
import type { Saver } from './saving'

export interface DifferenceCallsOptions {
  readonly supervisor: RunSupervisor
  readonly catalogue: Catalogue
  readonly look: (id: string) => Promise<Result<Recording>>
  readonly save: Saver
}

export function differenceCalls(options: DifferenceCallsOptions): Pick<ApiCalls, 'saveDifference'> {
  const { supervisor, catalogue, look, save } = options
  const shown = async ({ of, window }: DifferenceRequest): Promise<Result<Exportable>> => {
    if (of !== undefined) {
      const recording = await look(of)
      if (!recording.ok) return recording
      return { ok: true, value: exportableRecording(recording.value, catalogue, window) }
    }
    const run = supervisor.current()
    return run.ok ? exportableRun(run.value, catalogue, window, true) : run
  }
  return {
    async saveDifference(request) {
      const base = await look(request.base)
      if (!base.ok) return base
      const other = await shown(request)
      if (!other.ok) return other
      const before = exportableRecording(base.value, catalogue, undefined)
      const { scenario, seed } = other.value.about
      const name = `${request.base}-to-${scenario}-seed${seed}.pb.gz`
      return save({ kind: 'pprof', name, pieces: differenceOf(before, other.value) })
    },
  }
}

/** @throws ExportFault where one of both has no profile */
async function* differenceOf(base: Exportable, other: Exportable): AsyncGenerator<Uint8Array> {
  yield pprofDifference(await decoded(base), await decoded(other))
}

async function decoded(source: Exportable): Promise<Profile> {
  const pieces: Uint8Array[] = []
  for await (const piece of pprofBytes(source)) pieces.push(piece)
  return Profile.decode(gunzipSync(Buffer.concat(pieces)))
}
