/** What Parquet and Arrow of Soakscope say of their run: `exports/sample-metadata.ts` read back. */
import { z } from 'zod'
import type { CounterSpec } from '../../../sim/observe/counters'
import { ImportFault, nameWithUnit, type ImportedAbout } from './imported-file'

const texts = z.record(z.string(), z.string())
const kinds = z.record(z.string(), z.enum(['gauge', 'monotonic']))
const parameters = z.record(z.string(), z.union([z.number(), z.string()]))
const actions = z.array(z.object({ at: z.number(), action: z.string() }))
const span = z.object({ from: z.number(), to: z.number() })

const right = 'Soakscope writes time, a column for each counter, samples, and what they mean'

export interface FileMetadata {
  readonly about: ImportedAbout
  readonly counters: readonly CounterSpec[]
  readonly notes: readonly string[]
}

/**
 * @param names of the columns, in order
 * @param known counters by name and unit @param helps what the file itself says of them, in words
 * @throws ImportFault when they are others than ours
 */
export function metadataIn(
  said: ReadonlyMap<string, string>,
  names: readonly string[],
  known: ReadonlyMap<string, CounterSpec>,
  helps: ReadonlyMap<string, string | undefined> = new Map(),
): FileMetadata {
  const of = (word: string): string | undefined => said.get(`soakscope.${word}`)
  const units = read(texts, of('units'))
  const kindOf = read(kinds, of('kinds'))
  if (!units || !kindOf) {
    const what = said.has('soakscope.units') ? 'cannot be read' : 'are not in it'
    throw new ImportFault(`is of another program: units and kinds of its columns ${what}; ${right}`)
  }
  if (names[0] !== 'time' || names.at(-1) !== 'samples') {
    throw new ImportFault(`has other columns: it does not begin with time; ${right}`)
  }
  const counters = names.slice(1, -1).map((id): CounterSpec => {
    const [unit, kind] = [valueAt(units, id), valueAt(kindOf, id)]
    if (unit === undefined || kind === undefined) {
      throw new ImportFault(`has a column of which it does not say what it counts; ${right}`)
    }
    const help = helps.get(id) ?? known.get(nameWithUnit(id, unit))?.help ?? ''
    return { id, unit, kind, help }
  })
  const seed = of('seed')
  const remark = of('remark')
  return {
    counters,
    notes: remark === undefined ? [] : [`it says of itself: ${remark}`],
    about: {
      version: of('version'),
      title: of('title'),
      summary: of('summary'),
      scenario: of('scenario'),
      seed: seed === undefined || seed === '' ? undefined : Number(seed),
      digest: of('digest'),
      parameters: read(parameters, of('parameters')),
      actions: read(actions, of('actions')),
      window: read(span, of('window')),
      runSeconds: Number(of('seconds')) || undefined,
    },
  }
}

function read<T>(schema: z.ZodType<T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

const valueAt = <T>(values: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(values, key) ? values[key] : undefined
