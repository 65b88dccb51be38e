/** Runs to export in tests: the synthetic server for exact numbers, and real scenarios. */
import { createServer } from '../../../sim/server/simulated-server'
import { after, inSeconds, seconds, startOfTime } from '../../../sim/units/time'
import type { Server } from '../../../sim/server/server'
import { success } from '../../../shared/result'
import { ProfileLog } from '../../runs/profile-log'
import { SampleTiers } from '../../runs/sample-tiers'
import { SyntheticServer } from '../../runs/synthetic-server.test-support'
import { rowsWithin, type Exportable } from './exportable'
import type { Span } from './readable-span'
import type { Pieces } from '../write-file'

/** Everything in one string, or in one piece of bytes: tests may. */
export async function gathered(pieces: Pieces): Promise<string> {
  return (await gatheredBytes(pieces)).toString()
}

export async function gatheredBytes(pieces: Pieces): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) {
    all.push(typeof piece === 'string' ? Buffer.from(piece) : Buffer.from(piece))
  }
  return Buffer.concat(all)
}

/** A run of the synthetic server, whose every number is known. */
export const syntheticExport = (length: number, window?: Span): Exportable =>
  exportOf(new SyntheticServer(42), length, window)

/** A run of a real scenario. */
export function scenarioExport(
  scenario: string,
  length: number,
  options: { seed?: number; parameters?: Record<string, number | string>; window?: Span } = {},
): Exportable {
  const { seed = 1, parameters = {}, window } = options
  const server = createServer({ scenario, seed, parameters })
  if (typeof server === 'string') throw new Error(server)
  return exportOf(server, length, window, parameters)
}

function exportOf(
  server: Server,
  length: number,
  window: Span | undefined,
  changed: Record<string, number | string> = {},
): Exportable {
  const log = new SampleTiers(server.counters.width)
  const profiles = new ProfileLog()
  server.onSample = (at) => {
    log.append(inSeconds(at), server.counters.values.subarray(0, log.width))
    profiles.note(inSeconds(at), server.profileTotals())
  }
  server.advance(after(startOfTime, seconds(length)))
  const part = window && profiles.window(window.from, window.to, length, server.profileTotals())
  const profile = server.profile(part)
  const rows = log.rows()
  return {
    about: {
      version: '0.1.0',
      scenario: server.scenario,
      title: server.title,
      summary: server.summary,
      seed: server.seed,
      digest: server.digest(),
      changed,
      actions: [...server.actions],
      runSeconds: length,
    },
    window,
    counters: server.counters.specs,
    marks: server.takeMarks(),
    rounds: server.work().rounds,
    samples: () => rowsWithin(rows, window),
    profile: () => Promise.resolve(success(profile)),
  }
}
