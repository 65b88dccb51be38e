/** What each procedure spent in a profile that is there in memory, as it is compared. */
import type { ProfileSnapshot, ProfileStack } from '../../../sim/observe/profile'
import type { Comparable, Quantity } from './comparable'
import { ProfileRows } from './profile-rows'

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0)

/** Those that our profiles have, cycles first. */
export function quantitiesOf({ meanPeriod }: ProfileSnapshot): readonly Quantity[] {
  const samples: Quantity = { type: 'samples', unit: 'count' }
  return [
    { type: 'cycles', unit: 'count' },
    ...(meanPeriod > 0 ? [samples] : []),
    { type: 'time', unit: 'nanoseconds' },
  ]
}

export function snapshotRows(
  { frames, stacks, clockMHz }: ProfileSnapshot,
  { type }: Quantity,
): Pick<Comparable, 'rows' | 'total'> {
  const rows = new ProfileRows()
  const rowOf = frames.map(({ image, procedure }) => rows.row(image, procedure))
  const value = ({ cycles, samples }: ProfileStack): number =>
    type === 'samples' ? sum(samples) : sum(cycles) * (type === 'time' ? 1000 / clockMHz : 1)
  for (const stack of stacks) {
    const spent = value(stack)
    rows.begin()
    for (const frame of stack.frames) {
      const row = rowOf[frame]
      if (row) rows.passes(row, spent)
    }
    const spender = rowOf[stack.frames.at(-1) ?? -1]
    if (spender) rows.spends(spender, spent)
    else rows.alone(spent)
  }
  return { rows: rows.rows(), total: rows.sum() }
}
