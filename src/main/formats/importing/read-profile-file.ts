/**
 * Profiles as recordings: pprof, speedscope, collapsed stacks, dcpiprof's table and reports, ours
 * and those of other programs. A recording counts cycles: what counts something else is shown as
 * cycles, and says so.
 */
import { gunzipSync, constants } from 'node:zlib'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { bytesMax, comparableIn } from '../read-profile'
import { compareTakes, inWords, type Comparable } from '../reading/comparable'
import { firstLines, kindOfText } from '../reading/foreign'
import { isDcpiprof } from '../reading/read-dcpiprof'
import { StackRows } from '../reading/stack-rows'
import { isBinary } from '../reading/text-of'
import { ImportFault, type ImportedAbout, type ImportFormat } from './imported-file'
import { headOf, type FileHead, type SourceFile } from './source-file'

/** Stacks that a recording holds. */
const stacksMax = 190_000
/** Of a file that names none: then a cycle is a nanosecond. */
const nanosecondMHz = 1000
/** Parts of one into which counts are cut that are fractions. */
const parts = 1000

export const profileImport: ImportFormat = {
  kind: 'pprof',
  title: 'a profile (pprof, speedscope, collapsed stacks, dcpiprof, a report)',
  tells(head) {
    const unpacked = unpackedHead(head)
    // What is packed and comes to nothing is damaged, which reading it says.
    return unpacked.bytes.length === 0 || isProfile(unpacked)
  },
  read(file) {
    const bytes = wholeOf(file)
    const { comparable, rows } = added(bytes)
    const { profile, notes } = profileFrom(comparable, rows, bytes)
    return {
      kind: comparable.kind,
      about: aboutOf(comparable),
      counters: [],
      rows: [],
      profile,
      notes: () => [...comparable.notes, ...notes],
    }
  },
}

/** @throws ImportFault */
function wholeOf(file: SourceFile): Buffer {
  if (file.size > bytesMax) {
    throw new ImportFault(`is a profile of more than ${bytesMax / 2 ** 20} MB`)
  }
  return Buffer.from(file.at(0, file.size))
}

/** What begins so; text and bytes of what is packed, as far as they have come. */
function unpackedHead(head: FileHead): FileHead {
  if (head.bytes[0] !== 0x1f || head.bytes[1] !== 0x8b) return head
  try {
    const bytes = gunzipSync(head.bytes, { finishFlush: constants.Z_SYNC_FLUSH })
    return isBinary(bytes) ? { bytes, text: '' } : headOf(bytes)
  } catch {
    return { bytes: new Uint8Array(), text: '' }
  }
}

/** Fields of pprof's Profile that are messages or strings, and those that are numbers. */
const messageFields = [1, 2, 3, 4, 5, 6, 11, 13]
const numberFields = [7, 8, 9, 10, 12, 13, 14, 15]
/** Writers may begin with any of them: Go's with the time, others with a type. */
const pprofKeys = new Set([
  ...messageFields.map((field) => field * 8 + 2),
  ...numberFields.map((field) => field * 8),
])

function isProfile({ bytes, text }: FileHead): boolean {
  if (text === '') return pprofKeys.has(bytes[0] ?? 0)
  if (/^\s*\{/.test(text)) {
    return /"shared"\s*:|speedscope\.app\/file-format/.test(text) || isReport(text)
  }
  if (/^\s*<!doctype html>/i.test(text)) return text.includes('content="soakscope ')
  return isDcpiprof(firstLines(text)) || isCollapsed(text)
}

/** What `run --json` writes; a scenario file says what it is. */
const isReport = (text: string): boolean =>
  /"simulatedSeconds"\s*:/.test(text) && !/^\s*\{\s*"soakscope"/.test(text)

/**
 * Most of its first lines are frames, a blank and a count, and some have a frame in another; or all
 * are one name and a count, and no text of another kind.
 */
function isCollapsed(text: string): boolean {
  const lines = firstLines(text)
    .slice(0, -1)
    .filter((line) => /\S/.test(line))
  const stacks = lines.filter((line) => /^\S.*\s[-+]?(\d+\.?\d*|\.\d+)\s*$/.test(line))
  if (stacks.some((line) => line.includes(';'))) return stacks.length > lines.length / 2
  const alone = lines.every((line) => /^[^\s\d"#,{}]\S* \d+\s*$/.test(line))
  return lines.length > 0 && alone && kindOfText(text) === undefined
}

interface Added {
  readonly comparable: Comparable
  readonly rows: StackRows
}

/** @throws ImportFault @param type the quantity that is wanted, else the file's own default */
function added(bytes: Buffer, type?: string): Added {
  const rows = new StackRows()
  const read = comparableIn('it', bytes, type, rows)
  if (!read.ok) {
    throw new ImportFault(read.error.message.replace(/^it /, '').replace(compareTakes, ''))
  }
  return { comparable: read.value, rows }
}

function profileFrom(
  { quantity, quantities, seconds, origin }: Comparable,
  rows: StackRows,
  bytes: Buffer,
) {
  if (rows.isNegative) {
    const way = 'soakscope compare shows it'
    throw new ImportFault(`is a difference of profiles, with negative values; ${way}`)
  }
  if (rows.stacks.size === 0) throw new ImportFault('is a profile with nothing in it')
  const notes: string[] = []
  const isTime = quantity?.unit === 'nanoseconds'
  const isCycles = quantity?.type === 'cycles'
  const machine = /^\d+ CPUs? at ([\d.]+) MHz$/.exec(origin.get('CPUs') ?? '')
  const said = machine ? Number(machine[1]) : undefined
  const clockMHz = said !== undefined && said > 0 && said < 1e6 ? said : nanosecondMHz
  const scale = isTime ? clockMHz / 1000 : rows.isWhole ? 1 : parts
  if (!isTime && !rows.isWhole) notes.push(`its counts are fractions: shown in ${parts}ths`)
  if (said === undefined) {
    const as = isTime ? 'one a nanosecond' : `as if a CPU had ${nanosecondMHz} MHz`
    notes.push(`it does not say how fast its CPUs are: its cycles are shown ${as}`)
  }
  if (!isTime && !isCycles) {
    notes.push(
      `it counts ${quantity ? inWords(quantity) : 'what it does not name'}: shown as cycles`,
    )
  }
  const sampled = (isCycles || isTime) && quantities.some(({ type }) => type === 'samples')
  const samples = sampled ? added(bytes, 'samples').rows : undefined
  const cpus = Math.max(rows.cpus, samples?.cpus ?? 1)
  const profile = snapshotOf(rows, samples, cpus, clockMHz, scale, spanOf(origin, seconds))
  const many = profile.stacks.reduce((sum, { frames }) => sum + frames.length, 0)
  if (profile.stacks.length > stacksMax || (many > stacksMax && nodesOf(profile) > stacksMax)) {
    throw new ImportFault(`has more than ${stacksMax} call stacks, which a recording does not hold`)
  }
  return { profile, notes }
}

function snapshotOf(
  rows: StackRows,
  samples: StackRows | undefined,
  cpus: number,
  clockMHz: number,
  scale: number,
  span: { readonly from: number; readonly to: number | undefined },
): ProfileSnapshot {
  // Both were read of the same file in the same order, so frames of a stack may be other places.
  const placeOf = new Map(
    rows.frames.map(({ image, procedure }, at) => [`${image}\n${procedure}`, at]),
  )
  const frames = [...rows.frames]
  const sampleOf = new Map<string, readonly number[]>()
  const place = (at: number): number => {
    const frame = samples?.frames[at] ?? { procedure: '', image: '' }
    const key = `${frame.image}\n${frame.procedure}`
    const known = placeOf.get(key) ?? frames.push(frame) - 1
    placeOf.set(key, known)
    return known
  }
  for (const kept of samples?.stacks.values() ?? []) {
    sampleOf.set(kept.frames.map(place).join(), kept.values)
  }
  const byCpu = (values: readonly number[], by: number): number[] =>
    Array.from({ length: cpus }, (_, cpu) => Math.round((values[cpu] ?? 0) * by))
  const stacks = [...rows.stacks].map(([key, kept]) => {
    const found = sampleOf.get(key) ?? []
    sampleOf.delete(key)
    return { frames: kept.frames, cycles: byCpu(kept.values, scale), samples: byCpu(found, 1) }
  })
  for (const [key, values] of sampleOf) {
    const none = new Array<number>(cpus).fill(0)
    stacks.push({ frames: key.split(',').map(Number), cycles: none, samples: byCpu(values, 1) })
  }
  const cycles = stacks.reduce((sum, stack) => sum + stack.cycles.reduce((a, b) => a + b, 0), 0)
  const { from } = span
  const toSeconds = span.to ?? Math.max(1e-6, cycles / cpus / clockMHz / 1e6)
  return { clockMHz, cpus, fromSeconds: from, toSeconds, frames, stacks, meanPeriod: 0 }
}

/** Of the run where the file says it, else from 0 on. */
function spanOf(origin: ReadonlyMap<string, string>, seconds: number | undefined) {
  const second = (word: string): number => Number(/^([\d.]+) s$/.exec(origin.get(word) ?? '')?.[1])
  const [from, to] = [second('warm-up') || 0, second('length')]
  if (to > from) return { from, to }
  return { from: 0, to: seconds }
}

/** Call stacks with all that lead to them. */
function nodesOf({ stacks }: ProfileSnapshot): number {
  const nodes = new Set<string>()
  for (const { frames } of stacks) {
    for (let depth = 1; depth <= frames.length && nodes.size <= stacksMax; depth++) {
      nodes.add(frames.slice(0, depth).join())
    }
  }
  return nodes.size
}

function aboutOf({ origin }: Comparable): ImportedAbout {
  const seed = origin.get('seed')
  return {
    version: origin.get('version'),
    scenario: origin.get('scenario'),
    seed: seed === undefined ? undefined : Number(seed),
    digest: origin.get('digest'),
  }
}
