/**
 * Reads speedscope's own JSON. Its profiles of one unit are added up, one a thread elsewhere; of
 * ours the one of all CPUs is taken, because those of each CPU are the same cycles once more.
 * Format: https://www.speedscope.app/file-format-schema.json
 */
import { z } from 'zod'
import { success, type Result } from '../../../shared/result'
import { choose, FileFault, inWords, wrongWith, type Comparable, type Quantity } from './comparable'
import { originOfWords } from './origin-words'
import { ProfileRows, type Row } from './profile-rows'

/** Largest number: sums and shares of such numbers stay finite. */
const numberMax = 2 ** 80

const common = { name: z.string(), unit: z.string() }
const profileForm = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('sampled'),
    samples: z.array(z.unknown()),
    weights: z.array(z.unknown()),
  }),
  z.object({ ...common, type: z.literal('evented'), events: z.array(z.unknown()) }),
])
const form = z.object({
  name: z.string().optional(),
  exporter: z.string().optional(),
  shared: z.object({
    frames: z.array(z.object({ name: z.string(), file: z.string().optional() })),
  }),
  profiles: z.array(profileForm),
})
type File = z.infer<typeof form>
type OneProfile = z.infer<typeof profileForm>

/** What we call the profile of one CPU. */
const ofCpu = /^CPU (\d{1,2})$/

/** Nanoseconds of the units of time that the format has. */
const nanoseconds: Readonly<Record<string, number>> = {
  nanoseconds: 1,
  microseconds: 1e3,
  milliseconds: 1e6,
  seconds: 1e9,
}

export function readSpeedscope(
  path: string,
  value: unknown,
  asked: string | undefined,
  rows = new ProfileRows(),
): Result<Comparable> {
  const parsed = form.safeParse(value)
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.') || 'an object'
    return wrongWith(path, `is a speedscope profile, and ${at} of it is missing or wrong`)
  }
  try {
    return comparableOf(path, parsed.data, asked, rows)
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    return wrongWith(path, `is a speedscope profile, and ${error.message}`)
  }
}

function comparableOf(
  path: string,
  file: File,
  asked: string | undefined,
  rows: ProfileRows,
): Result<Comparable> {
  const [, version] = /^soakscope@(.+)$/.exec(file.exporter ?? '') ?? []
  const isOurs = version !== undefined
  const counted = file.profiles.filter(({ name }) => !isOurs || !ofCpu.test(name))
  const quantityOf = new Map(
    counted.map((profile) => [inWords(quantity(profile)), quantity(profile)]),
  )
  const quantities = [...quantityOf.values()]
  const chosen = choose(quantities, 0, asked)
  if (!chosen.ok) return wrongWith(path, chosen.error.message)
  const wanted = quantities[chosen.value]
  const taken = counted.filter((one) => wanted && inWords(quantity(one)) === inWords(wanted))
  const frames = new Frames(file, isOurs, rows)
  if (rows.tellsCpus && isOurs) addByCpu(file.profiles, taken, frames, rows)
  else for (const profile of taken) addUp(profile, frames, rows)
  const notes = []
  if (taken.length > 1) notes.push(`${taken.length} profiles of it are added up`)
  if (taken.length === 0) notes.push('it has no profiles')
  return success({
    path,
    kind: 'speedscope',
    quantity: wanted,
    quantities,
    rows: rows.rows(),
    total: rows.sum(),
    seconds: undefined,
    vmstat: undefined,
    rounds: undefined,
    origin: isOurs ? originOfWords(version, file.name ?? '') : new Map(),
    notes,
  })
}

/** Of ours: each CPU's own profile, where there are several and time is wanted. */
function addByCpu(
  all: readonly OneProfile[],
  taken: readonly OneProfile[],
  frames: Frames,
  rows: ProfileRows,
): void {
  const ofCpus = all.filter(({ name }) => ofCpu.test(name))
  const isTime = taken.some(({ unit }) => Object.hasOwn(nanoseconds, unit))
  if (!isTime || ofCpus.length === 0) {
    for (const profile of taken) addUp(profile, frames, rows)
    return
  }
  for (const profile of ofCpus) {
    addUp(profile, frames, rows, Number(ofCpu.exec(profile.name)?.[1]))
  }
}

/** Time is compared in nanoseconds; what has no unit is taken for samples. */
function quantity({ unit }: OneProfile): Quantity {
  if (Object.hasOwn(nanoseconds, unit)) return { type: 'time', unit: 'nanoseconds' }
  return unit === 'bytes' ? { type: 'space', unit } : { type: 'samples', unit: 'count' }
}

function addUp(profile: OneProfile, frames: Frames, rows: ProfileRows, cpu = 0): void {
  const per = nanoseconds[profile.unit] ?? 1
  if (profile.type === 'evented') return addEvents(profile.events, frames, rows, per)
  const { samples, weights } = profile
  if (samples.length !== weights.length) {
    throw new FileFault(
      `a profile of it has ${samples.length} samples and ${weights.length} weights`,
    )
  }
  for (const [at, stack] of samples.entries()) {
    if (!Array.isArray(stack)) throw new FileFault(`sample ${at} of it is no list of frames`)
    const value = numberOf(weights[at], `weight ${at}`) * per
    rows.begin({ cpu })
    let spender: Row | undefined
    for (const number of stack as readonly unknown[]) {
      spender = frames.row(number)
      rows.passes(spender, value)
    }
    if (spender) rows.spends(spender, value)
    else rows.alone(value)
  }
}

/** Opens and closes: what a frame spent with callees is from its outermost open to its close. */
function addEvents(
  events: readonly unknown[],
  frames: Frames,
  rows: ProfileRows,
  per: number,
): void {
  const stack: Row[] = []
  const opened = new Map<Row, { depth: number; since: number }>()
  let [now, begun] = [0, false]
  for (const [number, event] of events.entries()) {
    const { type, frame, at } = (event ?? {}) as Readonly<Record<string, unknown>>
    const time = numberOf(at, `event ${number}`) * per
    if (begun && time < now) throw new FileFault(`event ${number} of it goes back in time`)
    const row = frames.row(frame)
    const top = stack.at(-1)
    rows.spendsOn(stack, time - now)
    ;[now, begun] = [time, true]
    const open = opened.get(row)
    if (type === 'O') {
      if (open) open.depth++
      else opened.set(row, { depth: 1, since: time })
      stack.push(row)
      continue
    }
    if (type !== 'C') throw new FileFault(`event ${number} of it neither opens nor closes`)
    if (top !== row || !open) {
      throw new FileFault(`event ${number} of it closes a frame that is not the innermost`)
    }
    stack.pop()
    if (--open.depth > 0) continue
    rows.begin()
    rows.passes(row, time - open.since)
    opened.delete(row)
  }
  if (stack.length > 0) throw new FileFault(`${stack.length} frames of it are never closed`)
}

function numberOf(value: unknown, what: string): number {
  if (typeof value === 'number' && Math.abs(value) <= numberMax) return value
  throw new FileFault(`${what} of it is no number`)
}

/** The rows of the file's frames; those that no stack has make none. */
class Frames {
  private readonly known: Row[] = []

  constructor(
    private readonly file: File,
    /** Elsewhere the file is that of the source, and no image. */
    private readonly hasImages: boolean,
    private readonly rows: ProfileRows,
  ) {}

  row(number: unknown): Row {
    const frame = typeof number === 'number' ? this.file.shared.frames[number] : undefined
    if (!frame) throw new FileFault('it names a frame that it does not have')
    const image = this.hasImages ? (frame.file ?? '') : ''
    return (this.known[number as number] ??= this.rows.row(image, frame.name || '(no name)'))
  }
}
