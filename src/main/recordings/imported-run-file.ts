/** `run.json` of what was imported: what the file says of its run, and nothing that it does not. */
import { secondsMax, seedMax, timelineMax } from '../../shared/parse'
import { oneLine, type ImportedFile, type ImportFormat } from '../formats/importing/imported-file'
import type { SourceFile } from '../formats/importing/source-file'
import type { SampleRow } from '../runs/wide-row'
import { recordingVersion, type RunFile } from './run-file'

/** @param first its first two rows, of which it is seen how far apart they are */
export function importedRunFile(
  called: string,
  source: SourceFile,
  { title: format }: ImportFormat,
  { about, counters, profile }: ImportedFile,
  first: readonly SampleRow[],
): RunFile {
  const { scenario = '', parameters, actions } = about
  const seed = seedOf(about.seed)
  const file = oneLine(called, 200)
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
    machine: { cpus: profile?.cpus ?? 1, clockMHz: profile?.clockMHz ?? 1 },
    every: everyOf(first),
    begun: new Date().toISOString(),
    name: '',
    notes: '',
    kept: true,
    tags: [],
    imported: {
      file,
      format,
      fingerprint: source.fingerprint(),
      begins: begins && actions.length <= timelineMax,
      hasSamples: counters.length > 0,
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
