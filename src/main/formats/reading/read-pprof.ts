/**
 * Reads pprof: which sample type counts, what each frame is called, and what is wrong with the
 * file.
 */
import type { Result } from '../../../shared/result'
import {
  choose,
  FileFault,
  notComparable,
  wrongWith,
  type Comparable,
  type Quantity,
} from './comparable'
import { frameNames, stringsOf } from './pprof-frames'
import { decodePprof, eachSample, type PprofMessage } from './pprof-message'
import { ProfileRows } from './profile-rows'

/** @param asked the sample type that is wanted, else the file's own default */
export function readPprof(
  path: string,
  bytes: Uint8Array,
  asked: string | undefined,
  rows = new ProfileRows(),
): Result<Comparable> {
  let profile: PprofMessage | undefined
  try {
    profile = decodePprof(bytes)
    if (profile.strings[0] !== '' || profile.sampleTypes.length === 0) profile = undefined
    else return profileOf(path, bytes, profile, asked, rows)
  } catch (error) {
    if (error instanceof FileFault) return wrongWith(path, `is pprof, and ${error.message}`)
    // Any other fault of the decoder's: bytes that are no such message.
    if (profile) throw error
  }
  return notComparable(path, 'neither JSON nor pprof nor text, or is cut off or damaged')
}

function profileOf(
  path: string,
  bytes: Uint8Array,
  profile: PprofMessage,
  asked: string | undefined,
  rows: ProfileRows,
): Result<Comparable> {
  const text = stringsOf(profile)
  const quantities = profile.sampleTypes.map(({ type, unit }): Quantity => ({
    type: text(type),
    unit: text(unit),
  }))
  const usual = usualType(quantities, text(profile.defaultSampleType))
  const column = choose(quantities, usual, asked)
  if (!column.ok) return wrongWith(path, column.error.message)
  const { samples, negative } = addUp(bytes, profile, column.value, quantities.length, rows)
  const notes = []
  if (samples === 0) notes.push('it has no samples')
  if (negative > 0) {
    const of = `${negative.toLocaleString('en')} of ${samples.toLocaleString('en')}`
    notes.push(`samples with a negative value: ${of}; it is a difference of profiles`)
  }
  return {
    ok: true,
    value: {
      path,
      kind: 'pprof',
      quantities,
      notes,
      total: rows.sum(),
      rows: rows.rows(),
      quantity: quantities[column.value],
      seconds: profile.durationNanos > 0n ? Number(profile.durationNanos) / 1e9 : undefined,
      vmstat: undefined,
      rounds: undefined,
      origin: originIn(profile, text),
    },
  }
}

/** As pprof chooses: by the name that the file gives, else the last one. */
function usualType(quantities: readonly Quantity[], named: string): number {
  const at = named === '' ? -1 : quantities.findIndex(({ type }) => type === named)
  return at >= 0 ? at : quantities.length - 1
}

function addUp(
  bytes: Uint8Array,
  profile: PprofMessage,
  column: number,
  width: number,
  rows: ProfileRows,
) {
  const cpuKey = profile.strings.indexOf('cpu')
  const framesOf = frameNames(profile, rows)
  let [samples, negative] = [0, 0]
  eachSample(bytes, ({ locationIds, values, labels }) => {
    samples++
    const value = values[column]
    if (value === undefined || values.length !== width) {
      const wanted = `${width} as it has sample types`
      throw new FileFault(`a sample of it has ${values.length} values, and not ${wanted}`)
    }
    if (value < 0n) negative++
    const cpu = Number(labels.find(({ key }) => Number(key) === cpuKey)?.number ?? 0n)
    rows.begin({ cpu, leafFirst: true })
    const number = Number(value)
    for (const location of locationIds) {
      for (const row of framesOf(location)) rows.passes(row, number)
    }
    const [leaf] = locationIds
    const spender = leaf === undefined ? undefined : framesOf(leaf)[0]
    if (spender) rows.spends(spender, number, value)
    else rows.alone(number, value)
  })
  return { samples, negative }
}

/** How it was sampled, and what our own files say of their run in their comments. */
function originIn(
  { comments, period, periodType }: PprofMessage,
  text: (at: bigint) => string,
): ReadonlyMap<string, string> {
  const origin = new Map<string, string>()
  for (const comment of comments.map(text)) {
    const [, word = '', rest = ''] =
      /^(soakscope|scenario|seed|digest|simulated) (.+)$/.exec(comment) ?? []
    const length = /^(\d+(?:\.\d+)?) s to (\d+(?:\.\d+)?) s(?:,|$)/.exec(rest)
    if (word === 'soakscope') origin.set('version', rest)
    else if (length) origin.set('warm-up', `${length[1]} s`).set('length', `${length[2]} s`)
    else if (word !== '') origin.set(word, rest)
    else if (/^\d+ CPUs? at [\d.]+ MHz$/.test(comment)) origin.set('CPUs', comment)
  }
  if (period > 0n) {
    const [unit, type] = periodType ? [text(periodType.unit), text(periodType.type)] : ['', '']
    // Some profilers leave either of them empty.
    const words = [`${period}`, unit, type === '' ? '' : `of ${type}`]
    origin.set('period', words.filter((word) => word !== '').join(' '))
  }
  return origin
}
