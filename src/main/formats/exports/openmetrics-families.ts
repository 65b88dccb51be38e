/**
 * Counters as metric families: names in the letters that are allowed, base units at their end
 * (bytes, seconds), and the cycles of procedures as one family with image and procedure as labels.
 */
import type { CounterSpec } from '../../../sim/observe/counters'
import { functionCounters } from '../../../shared/charts/function-counters'

export interface Metric {
  /** Column of the samples. */
  readonly column: number
  readonly labels: Readonly<Record<string, string>>
}

export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  /** Empty where there is none. */
  readonly unit: string
  readonly help: string
  /** What a value is multiplied with to be in that unit. */
  readonly scale: number
  readonly metrics: readonly Metric[]
}

/** Of all procedures, which its labels tell apart. */
export const procedureFamily = 'soakscope_procedure_cycles'

/** Base units, and what one of ours is in them; other units are no more than words. */
const baseUnits: Readonly<Record<string, readonly [string, number]>> = {
  kB: ['bytes', 1024],
  blocks: ['bytes', 1024],
  bytes: ['bytes', 1],
  ns: ['seconds', 1e-9],
  jiffies: ['seconds', 0.01],
  s: ['seconds', 1],
  cycles: ['cycles', 1],
}

export function familiesOf(counters: readonly CounterSpec[]): Family[] {
  const procedures = functionCounters(counters)
  const columns = new Set(procedures.map(({ column }) => column))
  const families = counters.flatMap((spec, column) =>
    columns.has(column) ? [] : [familyOf(spec, column)],
  )
  if (procedures.length === 0) return families
  return [
    ...families,
    {
      name: procedureFamily,
      type: 'counter',
      unit: 'cycles',
      help: 'Cycles that a procedure spent itself, on all CPUs.',
      scale: 1,
      metrics: procedures.map(({ column, image, procedure }) => ({
        column,
        labels: { image, procedure },
      })),
    },
  ]
}

function familyOf({ id, unit, kind, help }: CounterSpec, column: number): Family {
  const [base, scale] = baseUnits[unit] ?? ['', 1]
  const words = id
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
  const ends = base === '' || words.endsWith(`_${base}`) ? '' : `_${base}`
  return {
    name: `soakscope_${words}${ends}`,
    type: kind === 'gauge' ? 'gauge' : 'counter',
    unit: base,
    help,
    scale,
    metrics: [{ column, labels: {} }],
  }
}
