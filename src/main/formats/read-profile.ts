/**
 * Reads what a run left behind, to compare it: the object of `run --json`, or pprof. Files may come from
 * anybody, so they are read with limits, and what is wrong with one is said by name.
 */
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { z } from 'zod'
import { failure, success, type Result } from '../../shared/result'
import { readBounded } from './read-file'

/** Largest file, and largest content once unpacked, in bytes. */
const bytesMax = 256 * 1024 * 1024

export interface ComparableRow {
  readonly image: string
  readonly procedure: string
  readonly cycles: number
  /** Of all cycles in the file. */
  readonly share: number
}
export interface Comparable {
  readonly path: string
  readonly rows: readonly ComparableRow[]
  /** Means of vmstat; only reports have them. */
  readonly vmstat: Readonly<Record<string, number>> | undefined
  /** Throughput of each round per hour; only reports have them. */
  readonly rounds: readonly number[] | undefined
}

const report = z.object({
  profile: z.array(z.object({ image: z.string(), procedure: z.string(), cycles: z.number() })),
  vmstat: z.record(z.string(), z.number()),
  work: z.object({ rounds: z.array(z.object({ perHour: z.number() })) }),
})

/** Failure `bad-argument` in words for people when the file is not one of the two. */
export function readComparable(path: string): Result<Comparable> {
  const bytes = readBounded(path, bytesMax)
  if (!bytes.ok) return bytes
  const [first] = bytes.value
  return first === 0x7b ? readReport(path, bytes.value) : readPprof(path, bytes.value)
}

function readReport(path: string, bytes: Buffer): Result<Comparable> {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString())
  } catch {
    return failure('bad-argument', `${path} begins like JSON but is none; is it cut off?`)
  }
  const parsed = report.safeParse(value)
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') ?? ''
    return failure(
      'bad-argument',
      `${path} is not what run --json writes: ${at} is missing or wrong`,
    )
  }
  const { profile, vmstat, work } = parsed.data
  return success({
    ...{ path, vmstat, rounds: work.rounds.map((round) => round.perHour) },
    rows: withShares(profile),
  })
}

function readPprof(path: string, bytes: Buffer): Result<Comparable> {
  const wrong = (what: string): Result<never> =>
    failure('bad-argument', `${path} is ${what}; compare takes what run --json or --profile wrote`)
  let profile: Profile
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
    profile = Profile.decode(zipped ? gunzipSync(bytes, { maxOutputLength: bytesMax }) : bytes)
  } catch {
    return wrong('neither JSON nor pprof')
  }
  const text = (index: number | bigint): string => profile.stringTable.strings[Number(index)] ?? ''
  const types = profile.sampleType.map((type) => text(type.type))
  const column = types.includes('cycles') ? types.indexOf('cycles') : types.length - 1
  if (column < 0) return wrong('neither JSON nor pprof')
  const functions = new Map(profile.function.map((each) => [Number(each.id), each]))
  const mappings = new Map(profile.mapping.map((each) => [Number(each.id), text(each.filename)]))
  const locations = new Map(profile.location.map((each) => [Number(each.id), each]))
  const cycles = new Map<string, { image: string; procedure: string; cycles: number }>()
  for (const sample of profile.sample) {
    const leaf = locations.get(Number(sample.locationId[0] ?? 0))
    if (!leaf) return wrong('a pprof file with a sample that points nowhere')
    const procedure = text(functions.get(Number(leaf.line[0]?.functionId ?? 0))?.name ?? 0)
    const image = mappings.get(Number(leaf.mappingId)) ?? ''
    const key = `${image}\0${procedure}`
    const row = cycles.get(key) ?? { image, procedure, cycles: 0 }
    row.cycles += Number(sample.value[column] ?? 0)
    cycles.set(key, row)
  }
  return success({
    ...{ path, vmstat: undefined, rounds: undefined },
    rows: withShares([...cycles.values()]),
  })
}

function withShares(rows: readonly Omit<ComparableRow, 'share'>[]): ComparableRow[] {
  const total = rows.reduce((sum, row) => sum + row.cycles, 0)
  return rows.map((row) => ({ ...row, share: total > 0 ? row.cycles / total : 0 }))
}
