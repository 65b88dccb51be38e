/** Adds up a profile stack by stack. A frame that is on a stack twice counts once. */
import { FileFault, type ComparableRow } from './comparable'

/** What one frame is, before anything is counted. */
export type FrameName = Pick<ComparableRow, 'image' | 'procedure' | 'identity'>

export interface Row extends FrameName {
  own: number
  withCallees: number
  /** Sums of values beyond 2^53 stay exact in here. */
  exact: bigint
  /** The last stack that was counted. */
  stack: number
}

/** What is said of a stack beside its frames. */
export interface StackPlace {
  /** 0 where the file does not tell CPUs apart. */
  readonly cpu?: number
  readonly leafFirst?: boolean
}

/** More different frames than any program has; the files that have them are made to fill memory. */
const framesMax = 1_000_000
/** Added up as numbers, which is exact as long as sums stay below 2^53. */
const small = 2 ** 31

export class ProfileRows {
  /** Whether it wants to know on which CPU a stack was. */
  readonly tellsCpus: boolean = false
  private readonly byKey = new Map<string, Row>()
  private stack = 0
  private total = 0
  private exactTotal = 0n

  /** The row of a frame. @throws when there are too many different ones. */
  row(image: string, procedure: string, identity = procedure): Row {
    const key = `${image}\0${identity}`
    const found = this.byKey.get(key)
    if (found) return found
    if (this.byKey.size >= framesMax) {
      throw new FileFault(`it has more than ${framesMax.toLocaleString('en')} different frames`)
    }
    const names = { image, procedure, identity }
    const row: Row = { ...names, own: 0, withCallees: 0, exact: 0n, stack: 0 }
    this.byKey.set(key, row)
    return row
  }

  /**
   * Begins a stack, root first unless said otherwise: what is counted with callees from now on
   * belongs to it.
   */
  begin(_where?: StackPlace): void {
    this.stack++
  }

  /** A frame of the stack. */
  passes(row: Row, value: number): void {
    if (row.stack === this.stack) return
    row.stack = this.stack
    row.withCallees += value
  }

  /**
   * The frame in which the stack's value was spent. @param exact the value when it is a large one.
   */
  spends(row: Row, value: number, exact?: bigint): void {
    if (exact === undefined || Math.abs(value) < small) {
      row.own += value
      this.total += value
    } else {
      row.exact += exact
      this.exactTotal += exact
    }
  }

  /** What was spent in the last of these frames, root first, apart from `passes`. */
  spendsOn(stack: readonly Row[], value: number): void {
    const spender = stack.at(-1)
    if (spender) this.spends(spender, value)
  }

  /** A value that has no stack. */
  alone(value: number, exact?: bigint): void {
    const row = this.row('', '(no stack)')
    this.passes(row, value)
    this.spends(row, value, exact)
  }

  rows(): ComparableRow[] {
    return [...this.byKey.values()].map(({ image, procedure, identity, ...row }) => ({
      image,
      procedure,
      identity,
      withCallees: row.withCallees,
      own: sum(row.own, row.exact),
    }))
  }

  sum(): number {
    return sum(this.total, this.exactTotal)
  }
}

/**
 * Large values may cancel out to a small one, so whole numbers are added before they are rounded.
 */
const sum = (small: number, exact: bigint): number =>
  Number.isInteger(small) ? Number(BigInt(small) + exact) : small + Number(exact)
