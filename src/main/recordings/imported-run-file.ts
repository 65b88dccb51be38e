/** `run.json` of what was imported: what the file says of its run, and nothing that it does not. */
import { secondsMax, seedMax, timelineMax } from '../../shared/parse'
import { oneLine, type ImportedFile, type ImportFormat } from '../formats/importing/imported-file'
import type { SourceFile } from '../formats/importing/source-file'
import type { CounterSpec } from '../../sim/observe/counters'
import type { RunMachine } from '../runs/protocol'
import type { SampleRow } from '../runs/wide-row'
import { recordingVersion, type RunFile } from './run-file'

/** @param first its first two rows, of which it is seen how far apart they are */
export function importedRunFile(
  called: string,
  source: SourceFile,
  { title }: ImportFormat,
  { kind, about, counters, profile }: ImportedFile,
  first: readonly SampleRow[],
): RunFile {
  const { scenario = '', parameters, actions } = about
  const seed = seedOf(about.seed)
  const file = oneLine(called, 200)
  const machine = profile ?? machineIn(counters, first[0])
  const begins =
    scenario !== '' && seed !== undefined && parameters !== undefined && actions !== undefined
  return {
    soakscope: 'recording',
    version: recordingVersion,
    model: oneLine(about.version ?? '', 40),
    title: oneLine(about.title ?? file, 200),
    summary: oneLine(about.summary ?? '', 1000),
    scenario: oneLine(scenario, 200),
    seed: seed ?? 0,
    parameters: { ...parameters },
    // What was done stands in its events.
    timeline: [],
    counters: counters.map(({ id, unit, kind, help }) => ({
      id: oneLine(id, 200),
      unit: oneLine(unit, 40),
      kind,
      help: oneLine(help, 1000),
    })),
    structures: [],
    machine: { cpus: machine?.cpus ?? 1, clockMHz: machine?.clockMHz ?? 1 },
    every: everyOf(first),
    begun: new Date().toISOString(),
    name: '',
    notes: '',
    kept: true,
    tags: [],
    imported: {
      file,
      format: kind ?? title,
      fingerprint: source.fingerprint(),
      begins: begins && actions.length <= timelineMax,
      hasSamples: counters.length > 0,
      hasMachine: machine !== undefined,
      hasProfile: profile !== undefined,
      hasSeed: seed !== undefined,
      notes: [],
    },
    state: 'recording',
    reason: '',
    seconds: 0,
    events: 0,
    digest: oneLine(about.digest ?? '', 16),
    actions: 0,
  }
}

function everyOf([one, other]: readonly SampleRow[]): number {
  const every = one && other ? (other.time - one.time) / other.samples : (one?.time ?? 1)
  return Math.min(Math.max(every, 1e-6), secondsMax)
}

/** Only what is a seed. */
const seedOf = (seed: number | undefined): number | undefined =>
  seed !== undefined && Number.isInteger(seed) && seed >= 0 && seed <= seedMax ? seed : undefined

/** Ticks of a second on the kernels there are: i386, and the Alpha. */
const tickRates = [100, 1024]
const modes = ['user', 'system', 'spin', 'interrupt', 'wait', 'idle'].map(
  (mode) => `cycles.${mode}`,
)

/** Every tick and every cycle of every CPU is in one of these totals, from the beginning on. */
function machineIn(
  counters: readonly CounterSpec[],
  row: SampleRow | undefined,
): RunMachine | undefined {
  const sumOf = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => {
      const column = counters.findIndex((spec) => spec.id === id)
      return sum + (row?.values[column] ?? NaN)
    }, 0)
  const ticks = sumOf(['cpu.user', 'cpu.system', 'cpu.idle']) / (row?.time ?? NaN)
  const cycles = sumOf(modes) / (row?.time ?? NaN)
  const isWhole = (cpus: number): boolean =>
    Math.round(cpus) > 0 && Math.abs(cpus - Math.round(cpus)) < 0.02
  const rate = tickRates.find((each) => isWhole(ticks / each))
  const cpus = rate === undefined ? NaN : Math.round(ticks / rate)
  const clockMHz = cycles / cpus / 1e6
  // What lacks one of these counters has no number here.
  return cpus <= 1024 && clockMHz > 0 && Number.isFinite(clockMHz) ? { cpus, clockMHz } : undefined
}
