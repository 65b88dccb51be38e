/** Keeps a profile stack by stack while it is added up, for what is shown of it. */
import type { ProfileFrame } from '../../../sim/observe/profile'
import { ProfileRows, type Row, type StackPlace } from './profile-rows'

/** Frames that are kept of a stack, the innermost; a recording has no deeper ones. */
const depthMax = 200
/** CPUs that are told apart. */
const cpusMax = 64

export interface KeptStack {
  /** Places in the frames, root first. */
  readonly frames: readonly number[]
  /** By CPU. */
  readonly values: number[]
}

export class StackRows extends ProfileRows {
  override readonly tellsCpus = true
  readonly frames: ProfileFrame[] = []
  readonly stacks = new Map<string, KeptStack>()
  /** CPUs that were seen, and what was negative or no whole number. */
  cpus = 1
  isNegative = false
  isWhole = true
  private readonly placeOf = new Map<Row, number>()
  private open: Row[] = []
  private where: StackPlace = {}

  override begin(where: StackPlace = {}): void {
    super.begin()
    this.open = []
    this.where = where
  }

  override passes(row: Row, value: number): void {
    super.passes(row, value)
    // Frames that come leaf first are kept from the front, others from the back.
    if (this.where.leafFirst === true && this.open.length >= depthMax) return
    this.open.push(row)
    if (this.open.length > 2 * depthMax) this.open = this.open.slice(-depthMax)
  }

  override spends(row: Row, value: number, exact?: bigint): void {
    super.spends(row, value, exact)
    const stack = this.open.length > 0 ? this.open : [row]
    this.keep(this.where.leafFirst === true ? stack.toReversed() : stack, value)
    this.open = []
  }

  override spendsOn(stack: readonly Row[], value: number): void {
    const spender = stack.at(-1)
    if (!spender || value === 0) return
    super.spends(spender, value)
    this.keep(stack, value)
  }

  private keep(stack: readonly Row[], value: number): void {
    if (value === 0) return
    this.isNegative ||= value < 0
    this.isWhole &&= Number.isInteger(value)
    const frames = stack.slice(-depthMax).map((row) => this.place(row))
    const key = frames.join()
    let kept = this.stacks.get(key)
    if (!kept) this.stacks.set(key, (kept = { frames, values: [] }))
    const { cpu = 0 } = this.where
    const at = cpu >= 0 && cpu < cpusMax && Number.isInteger(cpu) ? cpu : 0
    this.cpus = Math.max(this.cpus, at + 1)
    kept.values[at] = (kept.values[at] ?? 0) + value
  }

  private place(row: Row): number {
    const known = this.placeOf.get(row)
    if (known !== undefined) return known
    const { procedure, image } = row
    const made = this.frames.push({ procedure, image }) - 1
    this.placeOf.set(row, made)
    return made
  }
}
