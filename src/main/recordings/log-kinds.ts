/** The logs of a recording and their columns, for whoever writes and whoever reads them. */
import type { CounterSpec } from '../../sim/observe/counters'
import { tierSeconds } from '../runs/sample-tiers'
import type { Column } from './arrow/columns'
import type { LogKind } from './batch-log'
import type { RunFile } from './run-file'

const hour = 3600
const day = 24 * hour
/** Longer than a run can be: one segment for all of it. */
const endOfTime = 1e9

/** A total's tiers have how fast it grew between samples: least, largest and mean, per second. */
export const tierName = (seconds: number): string => `tier-${seconds}s`
export const tiersOf = tierSeconds

const float = (name: string, about = {}): Column => ({ name, type: 'float64', about })
const ofCounter = ({ unit, kind, help }: CounterSpec) => ({ unit, kind, help })

export const sampleColumns = (counters: readonly CounterSpec[]): readonly Column[] => [
  float('time', { unit: 's' }),
  ...counters.map((counter) => float(counter.id, ofCounter(counter))),
]

export const tierColumns = (counters: readonly CounterSpec[]): readonly Column[] => [
  float('time', { unit: 's' }),
  { name: 'samples', type: 'int32' },
  ...counters.flatMap((counter): Column[] => {
    const { id, unit, kind } = counter
    const words = kind === 'gauge' ? ['min', 'max', 'mean'] : ['rate.min', 'rate.max', 'rate.mean']
    const of = { unit: kind === 'gauge' ? unit : `${unit}/s` }
    return [
      float(id, ofCounter(counter)),
      ...words.map((word): Column => ({ name: `${id}.${word}`, type: 'float32', about: of })),
    ]
  }),
]

export const profileColumns: readonly Column[] = [
  float('to', { unit: 's' }),
  float('from', { unit: 's' }),
  { name: 'stack', type: 'int32' },
  { name: 'cpu', type: 'uint8' },
  float('cycles', { unit: 'cycles' }),
  float('samples'),
  float('cycles.whileSampling', { unit: 'cycles' }),
]
export const stackColumns: readonly Column[] = [
  float('stack'),
  { name: 'parent', type: 'int32' },
  { name: 'procedure', type: 'text' },
  { name: 'image', type: 'text' },
]
export const eventColumns: readonly Column[] = [
  float('number'),
  float('time', { unit: 's' }),
  { name: 'kind', type: 'text' },
  { name: 'text', type: 'text' },
  float('round'),
  float('round.start', { unit: 's' }),
  float('round.length', { unit: 's' }),
  float('round.perHour'),
]
export const digestColumns: readonly Column[] = [
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
  const small = { about, batchRows: 10_000, segmentSeconds: endOfTime, tail: true }
  return {
    samples: {
      name: 'samples',
      columns: sampleColumns(counters),
      about,
      tail: true,
      batchRows: 600,
      segmentSeconds: Math.max(1, every) * hour,
    },
    tiers: tiersOf.map((seconds): LogKind => ({
      name: tierName(seconds),
      columns: tierColumns(counters),
      about,
      tail: false,
      batchRows: 360,
      segmentSeconds: (seconds / 10) * day,
    })),
    profile: {
      name: 'profile',
      columns: profileColumns,
      about,
      tail: true,
      batchRows: 60_000,
      segmentSeconds: hour,
      sortedBy: [2, 3, 0],
    },
    stacks: { ...small, name: 'stacks', columns: stackColumns },
    events: { ...small, name: 'events', columns: eventColumns },
    digests: { ...small, name: 'digests', columns: digestColumns },
  } satisfies Record<string, LogKind | readonly LogKind[]>
}
