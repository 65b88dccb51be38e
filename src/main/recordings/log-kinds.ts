/** The logs of a recording and their columns, for whoever writes and whoever reads them. */
import type { CounterSpec } from '../../sim/observe/counters'
import { tierSeconds } from '../runs/sample-tiers'
import type { LogKind } from './batch-log'
import type { LogColumn } from './packing'
import type { RunFile } from './run-file'

const hour = 3600
const day = 24 * hour
/** Longer than a run can be: one segment for all of it. */
const endOfTime = 1e9

const tierName = (seconds: number): string => `tier-${seconds}s`
export const tiersOf = tierSeconds
/** Rows of a batch of a tier: its many columns are dear to unpack, however short they are. */
const tierRows = 720

const float = (name: string, about = {}): LogColumn => ({ name, type: 'float64', about })
const narrow = (name: string, about = {}): LogColumn => ({ ...float(name, about), pack: 'narrow' })
const isTotal = ({ kind }: CounterSpec): boolean => kind === 'monotonic'

/** What each counter means stands in run.json. */
const ofCounter = (counter: CounterSpec): LogColumn => ({
  ...float(counter.id, { unit: counter.unit, kind: counter.kind }),
  pack: isTotal(counter) ? 'growth' : 'narrow',
})

export const sampleColumns = (counters: readonly CounterSpec[]): readonly LogColumn[] => [
  narrow('time', { unit: 's' }),
  ...counters.map(ofCounter),
]

/** How many samples a row stands for; those of a run are one by one, those of a file may not be. */
const standsFor: LogColumn = { name: 'samples', type: 'int32', pack: 'narrow' }

/** What a row was between: a gauge's values, and of a total how fast it grew, per second. */
const between = (name: string): LogColumn => ({
  name,
  type: 'float32',
  pack: 'narrow',
  optional: true,
})

/** The mean of a total is how much it grew in the row. */
const tierColumns = (counters: readonly CounterSpec[]): readonly LogColumn[] => [
  narrow('time', { unit: 's' }),
  standsFor,
  ...counters.flatMap((counter): LogColumn[] => {
    const words = isTotal(counter) ? ['min', 'max'] : ['min', 'max', 'mean']
    return [ofCounter(counter), ...words.map((word) => between(`${counter.id}.${word}`))]
  }),
]

const profileColumns: readonly LogColumn[] = [
  narrow('to', { unit: 's' }),
  { ...float('from', { unit: 's' }), pack: 'distance' },
  { name: 'stack', type: 'int32', pack: 'narrow' },
  { name: 'cpu', type: 'uint8' },
  narrow('cycles', { unit: 'cycles' }),
  narrow('samples'),
  narrow('cycles.whileSampling', { unit: 'cycles' }),
]
const stackColumns: readonly LogColumn[] = [
  float('stack'),
  { name: 'parent', type: 'int32' },
  { name: 'procedure', type: 'text' },
  { name: 'image', type: 'text' },
]
export const eventColumns: readonly LogColumn[] = [
  float('number'),
  float('time', { unit: 's' }),
  { name: 'kind', type: 'text' },
  { name: 'text', type: 'text' },
  float('round'),
  float('round.start', { unit: 's' }),
  float('round.length', { unit: 's' }),
  float('round.perHour'),
]
export const digestColumns: readonly LogColumn[] = [
  float('time', { unit: 's' }),
  float('events'),
  { name: 'digest', type: 'text' },
]

export function logKinds(run: RunFile) {
  const { counters, every } = run
  const about = {
    'soakscope.model': run.model,
    'soakscope.scenario': run.scenario,
    'soakscope.seed': String(run.seed),
  }
  const profile = { about, columns: profileColumns, batchRows: 60_000, segmentSeconds: hour }
  const small = { about, batchRows: 10_000, segmentSeconds: endOfTime, tail: true }
  return {
    samples: {
      name: 'samples',
      columns: [...sampleColumns(counters), ...(run.imported ? [standsFor] : [])],
      about,
      tail: true,
      batchRows: 1200,
      segmentSeconds: Math.max(1, every) * 2 * hour,
    },
    tiers: tiersOf.map((seconds): LogKind => ({
      name: tierName(seconds),
      columns: tierColumns(counters),
      about,
      tail: false,
      batchRows: tierRows,
      segmentSeconds: (seconds / 10) * day,
    })),
    profile: { ...profile, name: 'profile', tail: true, sortedBy: [2, 3] },
    part: { ...profile, name: 'profile-part', tail: false },
    stacks: { ...small, name: 'stacks', columns: stackColumns },
    events: { ...small, name: 'events', columns: eventColumns },
    digests: { ...small, name: 'digests', columns: digestColumns },
  } satisfies Record<string, LogKind | readonly LogKind[]>
}
