/**
 * Two runs side by side: what each procedure took in both, and what differs between the runs
 * themselves.
 */
import { failure, success, type Result } from '../../shared/result'
import {
  inWords,
  type Comparable,
  type ComparableRow,
  type Quantity,
} from '../formats/reading/comparable'

/** What only one side has is left out on the other. */
export interface Sides<T> {
  readonly a?: T
  readonly b?: T
}

export interface ProfileChange {
  readonly image: string
  readonly procedure: string
  /** Present when the other side does not have the procedure at all. */
  readonly only?: 'a' | 'b'
  /** Of the total; left out where that is not positive. */
  readonly shareA?: number
  readonly shareB?: number
  readonly difference?: number
  /** In the quantity's unit, spent by the procedure itself. */
  readonly ownA: number
  readonly ownB: number
  readonly change: number
  /** Left out where the file does not say how long it was. */
  readonly perSecondA?: number
  readonly perSecondB?: number
  /** Share with everything that it called; left out where the file has no stacks. */
  readonly withCalleesA?: number
  readonly withCalleesB?: number
}

export interface SideOfComparison {
  readonly path: string
  readonly kind: string
  readonly total: number
  readonly seconds?: number
  readonly perSecond?: number
  readonly notes: readonly string[]
}

export interface Comparison {
  readonly a: string
  readonly b: string
  readonly sides: { readonly a: SideOfComparison; readonly b: SideOfComparison }
  /** What differs in what the files say of their runs. */
  readonly differs: Readonly<Record<string, Sides<string>>>
  /** In words, for the line on top. */
  readonly proof: string
  /** What was compared; left out when neither file names it. */
  readonly quantity?: Quantity
  /**
   * By size of the change of the share, largest first; by the change itself where there are no
   * shares.
   */
  readonly profile: readonly ProfileChange[]
  /** Means; left out when neither file has them. */
  readonly vmstat?: Readonly<Record<string, Sides<number>>>
  /** Mean throughput of the rounds per hour; left out when neither file has rounds. */
  readonly perHour?: Sides<number>
}

/** Failure `bad-argument` when the two count different things. */
export function compareRuns(a: Comparable, b: Comparable): Result<Comparison> {
  if (a.quantity && b.quantity && inWords(a.quantity) !== inWords(b.quantity)) {
    return failure('bad-argument', differentQuantities(a, b))
  }
  const quantity = a.quantity ?? b.quantity
  const differs = differences(a, b)
  const vmstat = [...new Set([...(a.vmstat?.keys() ?? []), ...(b.vmstat?.keys() ?? [])])]
  const perHour = sides(mean(a.rounds), mean(b.rounds))
  return success({
    a: a.path,
    b: b.path,
    differs,
    sides: { a: sideOf(a, b), b: sideOf(b, a) },
    proof: proof(a, b, Object.keys(differs)),
    ...(quantity ? { quantity } : {}),
    profile: changes(a, b),
    ...(vmstat.length > 0 ? { vmstat: bothOf(vmstat, a.vmstat, b.vmstat) } : {}),
    ...(Object.keys(perHour).length > 0 ? { perHour } : {}),
  })
}

function differentQuantities(a: Comparable, b: Comparable): string {
  const [one, other] = [a, b].map(({ quantity }) => quantity && inWords(quantity))
  const has = ({ quantities }: Comparable): string => quantities.map(inWords).join(', ')
  const both = a.quantities.filter((each) => b.quantities.map(inWords).includes(inWords(each)))
  const advice =
    both.length > 0
      ? `choose with --type ${both.map(inWords).join(' or ')}`
      : `nothing is in both: A has ${has(a)}; B has ${has(b)}`
  return `A counts ${one} and B ${other}, which cannot be compared; ${advice}`
}

function sideOf(side: Comparable, other: Comparable): SideOfComparison {
  const { path, kind, total, seconds } = side
  const notes = [...side.notes]
  if (total === 0) notes.push('everything in it adds up to 0, so it has no shares')
  if (total < 0) notes.push('its total is negative: a difference of profiles, which has no shares')
  if (!side.quantity && other.quantity) {
    notes.push(`it does not name what it counts; taken for ${inWords(other.quantity)}`)
  }
  return {
    path,
    kind,
    total,
    notes,
    ...(seconds === undefined ? {} : { seconds, perSecond: total / seconds }),
  }
}

/** Only what both say: a profile says less of its run than a report. */
function differences(a: Comparable, b: Comparable): Record<string, Sides<string>> {
  const words = [...a.origin].filter(([word, said]) => {
    const other = b.origin.get(word)
    return word !== 'digest' && other !== undefined && other !== said
  })
  return Object.fromEntries(
    words.map(([word, said]) => [word, { a: said, b: b.origin.get(word) ?? '' }]),
  )
}

function proof(a: Comparable, b: Comparable, differing: readonly string[]): string {
  const [one, other] = [a.origin.get('digest'), b.origin.get('digest')]
  if (differing.length === 0 && one !== undefined && one === other) {
    return 'A and B are of the same run.'
  }
  const known = a.origin.size > 0 && b.origin.size > 0
  const said =
    differing.length > 0
      ? ''
      : known
        ? 'Nothing that both say of their runs differs. '
        : 'What run they are of is not said in both. '
  return `${said}One run of each is no proof of a difference: repeat both with several seeds.`
}

interface Pair {
  image: string
  procedure: string
  a?: ComparableRow
  b?: ComparableRow
}

function changes(a: Comparable, b: Comparable): ProfileChange[] {
  const pairs = new Map<string, Pair>()
  // Where a file names no image at all, a procedure is known by its name alone.
  const images = [a, b].every(({ rows }) => rows.some(({ image }) => image !== ''))
  for (const [side, { rows }] of [
    ['a', a],
    ['b', b],
  ] as const) {
    for (const row of rows) {
      const key = `${images ? baseName(row.image) : ''}\0${row.identity}`
      const pair = pairs.get(key)
      if (!pair) pairs.set(key, { image: row.image, procedure: row.procedure, [side]: row })
      else meet(pair, side, row)
    }
  }
  // A file without stacks does not list what spent nothing itself.
  const stacks = hasStacks(a) && hasStacks(b)
  const found = [...pairs.values()]
    .map((pair) => change(pair, a, b))
    .filter(({ ownA, ownB }) => stacks || ownA !== 0 || ownB !== 0)
  const shares = a.total > 0 && b.total > 0
  const size = (row: ProfileChange): number => Math.abs(shares ? (row.difference ?? 0) : row.change)
  return found.sort(
    (x, y) =>
      size(y) - size(x) ||
      Math.abs(y.ownA) + Math.abs(y.ownB) - Math.abs(x.ownA) - Math.abs(x.ownB) ||
      order(x.procedure, y.procedure) ||
      order(x.image, y.image),
  )
}

/** One row more for a procedure: of the other file, or of another build in the same one. */
function meet(pair: Pair, side: 'a' | 'b', row: ComparableRow): void {
  const before = pair[side]
  pair[side] = before ? together(before, row) : row
  if (pair.image !== row.image) pair.image = baseName(row.image)
  if (pair.procedure !== row.procedure) pair.procedure = row.identity
}

function together(one: ComparableRow, other: ComparableRow): ComparableRow {
  const { withCallees } = one
  const added = withCallees === undefined ? undefined : withCallees + (other.withCallees ?? 0)
  return { ...one, own: one.own + other.own, withCallees: added }
}

function change({ image, procedure, ...of }: Pair, a: Comparable, b: Comparable): ProfileChange {
  const [ownA, ownB] = [of.a?.own ?? 0, of.b?.own ?? 0]
  const [shareA, shareB] = [share(ownA, a), share(ownB, b)]
  return {
    image,
    procedure,
    ownA,
    ownB,
    change: ownB - ownA,
    ...(of.a && of.b ? {} : { only: of.a ? 'a' : 'b' }),
    ...present({
      shareA,
      shareB,
      difference: shareA === undefined || shareB === undefined ? undefined : shareB - shareA,
      perSecondA: a.seconds === undefined ? undefined : ownA / a.seconds,
      perSecondB: b.seconds === undefined ? undefined : ownB / b.seconds,
      withCalleesA: hasStacks(a) ? share(of.a?.withCallees ?? 0, a) : undefined,
      withCalleesB: hasStacks(b) ? share(of.b?.withCallees ?? 0, b) : undefined,
    }),
  }
}

const share = (own: number, { total }: Comparable): number | undefined =>
  total > 0 ? own / total : undefined
const hasStacks = ({ rows }: Comparable): boolean => rows[0]?.withCallees !== undefined
const baseName = (path: string): string => /[^\\/]*$/.exec(path)?.[0] ?? ''
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const mean = (values: readonly number[] = []): number | undefined =>
  values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined

function bothOf(
  keys: readonly string[],
  a: ReadonlyMap<string, number> | undefined,
  b: ReadonlyMap<string, number> | undefined,
): Record<string, Sides<number>> {
  return Object.fromEntries(keys.map((key) => [key, sides(a?.get(key), b?.get(key))]))
}

const sides = <T>(a: T | undefined, b: T | undefined): Sides<T> => present({ a, b }) as Sides<T>

/** Without what is undefined. */
function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
