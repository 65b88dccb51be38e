/**
 * What a file says of a run, in the form in which two of them are compared: how much of one
 * quantity each procedure spent itself, and with all that it called.
 */
import { failure, success, type Result } from '../../../shared/result'

export interface Comparable {
  readonly path: string
  /** What kind of file it is, in words. */
  readonly kind: string
  /** Undefined when the file does not name what it counts. */
  readonly quantity: Quantity | undefined
  /** Every quantity that the file has; one of them was taken. */
  readonly quantities: readonly Quantity[]
  readonly rows: readonly ComparableRow[]
  /** Of the whole file. Not positive when it is a difference of profiles, or empty. */
  readonly total: number
  /** Time that the profile covers; undefined when the file does not say. */
  readonly seconds: number | undefined
  /** Means of vmstat by column; only reports have them. */
  readonly vmstat: ReadonlyMap<string, number> | undefined
  /** Throughput of each round per hour; only reports have them. */
  readonly rounds: readonly number[] | undefined
  /** What the file says of the run, by words such as `seed`. Empty when it says nothing. */
  readonly origin: ReadonlyMap<string, string>
  /** What is odd about the file, a sentence each. */
  readonly notes: readonly string[]
}

/** A sample type: what was counted, and in which unit. */
export interface Quantity {
  readonly type: string
  readonly unit: string
}

export interface ComparableRow {
  /** As the file names it; empty when it names none. */
  readonly image: string
  /** A name, or an address in hexadecimal where there is no name. */
  readonly procedure: string
  /** What the procedure is known by in another file: its name, or its place in the image's file. */
  readonly identity: string
  readonly own: number
  /** With everything it called, each stack counted once; undefined when the file has no stacks. */
  readonly withCallees: number | undefined
}

/** A file of a known kind that does not hold together: a sentence after "it is pprof, and". */
export class FileFault extends Error {}

export const inWords = ({ type, unit }: Quantity): string => `${type}/${unit}`

/**
 * The place of the quantity that was asked for, by its type or as `type/unit`; else the usual one.
 *
 * @param usual the place of the usual one
 */
export function choose(
  quantities: readonly Quantity[],
  usual: number,
  asked: string | undefined,
): Result<number> {
  if (asked === undefined) return success(usual)
  const exact = quantities.findIndex((each) => inWords(each) === asked)
  const at = exact >= 0 ? exact : quantities.findIndex(({ type }) => type === asked)
  if (at >= 0) return success(at)
  const what = quantities.length > 0 ? quantities.map(inWords).join(', ') : 'no named type'
  return failure('bad-argument', `has no type ${JSON.stringify(asked)}; it has ${what}`)
}

/** Failure that names the file, what it is instead, and what would be right. */
export const notComparable = (path: string, what: string): Result<never> =>
  failure('bad-argument', `${path} is ${what}${compareTakes}`)
export const compareTakes =
  '; compare takes recordings, reports, profiles (pprof, speedscope, collapsed stacks, dcpiprof), ' +
  'traces'

/** Failure that names the file, and what is wrong with it. */
export const wrongWith = (path: string, what: string): Result<never> =>
  failure('bad-argument', `${path} ${what}`)
