/**
 * How the rows of a segment are made small: a number as the narrowest type that holds it exactly,
 * of a total how much it grew since the row before, and of an instant how far it is before that of
 * its row. What a total had come to before the first row is said in each batch, so that every batch
 * can be read by itself.
 */
import { numbersOf, type Column, type NumberType, type Values } from './arrow/columns'

/** A column of a log, and how it may be packed. */
export interface LogColumn extends Column {
  /** Narrower where that is exact: itself, its growth, or its distance before the first column. */
  readonly pack?: 'narrow' | Form
  /** A log of an earlier version may be without it. */
  readonly optional?: boolean
}

type Form = 'growth' | 'distance'

/** Says in a stream that a column has growth from row to row, or distances before the first. */
const formOf = ({ about }: Column): string | undefined => about?.['form']
export const isGrowth = (column: Column): boolean => formOf(column) === 'growth'
export const isDistance = (column: Column): boolean => formOf(column) === 'distance'

/** What a batch needs of a column. */
interface Need {
  least: number
  largest: number
  /** Whether integers hold it. */
  whole: boolean
  /** Whether its growth adds up to what it is, or its distance leads back to it, to the bit. */
  adds: boolean
}

const ranges: readonly (readonly [NumberType, number, number])[] = [
  ['uint8', 0, 2 ** 8 - 1],
  ['uint16', 0, 2 ** 16 - 1],
  ['int16', -(2 ** 15), 2 ** 15 - 1],
  ['uint32', 0, 2 ** 32 - 1],
  ['int32', -(2 ** 31), 2 ** 31 - 1],
]
/** A segment's types have room for twice what its first batch has, so that it need not end soon. */
const headroom = 2

export class Packing {
  private readonly known: (Need | undefined)[] = []

  constructor(private readonly columns: readonly LogColumn[]) {}

  /**
   * Rows in the forms that they are packed in.
   * @param before the row before the first one; zeros without it
   */
  growth(values: readonly Values[], before: ArrayLike<number | string> | undefined): Grown {
    const needs: (Need | undefined)[] = []
    const grown = this.columns.map(({ pack }, c) => {
      const column = values[c] ?? []
      if (pack === undefined || !isNumbers(column)) return column
      const of = formed(pack, column, values[0] ?? [], Number(before?.[c] ?? 0))
      const need = needOf(of?.values ?? column)
      needs[c] = { ...need, adds: of?.adds ?? true }
      return of?.values ?? column
    })
    return { levels: values, grown, needs }
  }

  /** Columns of a new segment that holds these rows, and those before them. */
  columnsFor({ needs }: Grown): readonly Column[] {
    return this.columns.map(({ name, type, about = {}, pack }, c) => {
      const need = both(needs[c], this.known[c])
      this.known[c] = need
      if (!need || pack === undefined || type === 'text') return { name, type, about }
      if (pack === 'narrow') return { name, type: narrowest(need, type), about }
      if (!need.adds) return { name, type, about }
      return { name, type: narrowest(need, type), about: { ...about, form: pack } }
    })
  }

  /** Whether a segment that has these columns holds these rows exactly. */
  fits(columns: readonly Column[], { needs }: Grown): boolean {
    return columns.every((column, c) => {
      const need = needs[c]
      const asTold = this.columns[c]
      if (!need) return column.type === asTold?.type
      const form = formOf(column)
      if (form !== undefined && !need.adds) return false
      if (form === undefined && asTold?.pack !== 'narrow') return column.type === asTold?.type
      const range = ranges.find(([type]) => type === column.type)
      if (!range) return column.type === asTold?.type
      return need.whole && need.least >= range[1] && need.largest <= range[2]
    })
  }

  /** The rows as a segment with these columns has them, and what came before them. */
  packed(columns: readonly Column[], { levels, grown }: Grown): readonly Values[] {
    return columns.map((column, c) => {
      const values = (formOf(column) === undefined ? levels[c] : grown[c]) ?? []
      if (column.type === 'text' || !isNumbers(values)) return values
      const typed = numbersOf(column.type, values.length)
      typed.set(values)
      return typed
    })
  }
}

/** Rows, and what a segment needs to hold them. */
export interface Grown {
  readonly levels: readonly Values[]
  readonly grown: readonly Values[]
  readonly needs: readonly (Need | undefined)[]
}

/** For the head of a batch: the first column and every total, as they were before its rows. */
export function beforeText(
  columns: readonly Column[],
  before: ArrayLike<number | string> | undefined,
): string | undefined {
  if (!before || !columns.some(isGrowth)) return undefined
  return JSON.stringify(
    [before[0]].concat(
      [...columns.keys()].flatMap((c) => (isGrowth(columns[c]!) ? before[c] : [])),
    ),
  )
}

/** By column; zeros where nothing came before. Undefined when it is not what it should be. */
export function beforeFrom(
  columns: readonly Column[],
  text: string | undefined,
): Float64Array | undefined {
  const before = new Float64Array(columns.length)
  if (text === undefined) return before
  let said: unknown
  try {
    said = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(said) || said.length !== 1 + columns.filter(isGrowth).length) return undefined
  if (!said.every((value) => typeof value === 'number')) return undefined
  let next = 1
  columns.forEach((column, c) => {
    if (isGrowth(column)) before[c] = said[next++] ?? 0
    else if (c === 0) before[c] = said[0] ?? 0
  })
  return before
}

const isNumbers = (values: Values): values is Exclude<Values, readonly string[]> =>
  ArrayBuffer.isView(values)

interface Formed {
  readonly values: Float64Array
  readonly adds: boolean
}

function formed(
  pack: 'narrow' | Form,
  values: ArrayLike<number>,
  first: ArrayLike<number | string>,
  before: number,
): Formed | undefined {
  if (pack === 'growth') return growthOf(values, before)
  return pack === 'distance' ? distancesOf(values, first) : undefined
}

function distancesOf(values: ArrayLike<number>, first: ArrayLike<number | string>): Formed {
  const distances = new Float64Array(values.length)
  let adds = true
  for (let row = 0; row < values.length; row++) {
    const from = Number(first[row])
    distances[row] = from - (values[row] ?? 0)
    adds &&= Object.is(from - (distances[row] ?? 0), values[row])
  }
  return { values: distances, adds }
}

function growthOf(values: ArrayLike<number>, before: number): Formed {
  const growth = new Float64Array(values.length)
  let adds = true
  let sum = before
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0
    growth[row] = value - sum
    adds &&= sum + (growth[row] ?? 0) === value
    sum = value
  }
  return { values: growth, adds }
}

function needOf(values: ArrayLike<number>): Omit<Need, 'adds'> {
  let [least, largest] = [Infinity, -Infinity]
  let whole = true
  for (let row = 0; row < values.length; row++) {
    const value = values[row] ?? 0
    if (value < least) least = value
    if (value > largest) largest = value
    // No integer is -0.
    whole &&= Number.isInteger(value) && (value !== 0 || 1 / value > 0)
  }
  return { least, largest, whole }
}

function both(one: Need | undefined, other: Need | undefined): Need | undefined {
  if (!one || !other) return one ?? other
  return {
    least: Math.min(one.least, other.least),
    largest: Math.max(one.largest, other.largest),
    whole: one.whole && other.whole,
    adds: one.adds && other.adds,
  }
}

function narrowest({ least, largest, whole }: Need, type: NumberType): NumberType {
  if (!whole) return type
  const fitting = (room: number): NumberType | undefined =>
    ranges.find(([, low, high]) => least * room >= low && largest * room <= high)?.[0]
  return fitting(headroom) ?? fitting(1) ?? type
}
