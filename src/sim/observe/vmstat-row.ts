/** A row of vmstat, its columns and its two layouts. */

export type VmstatLayout = 'procps-2.0' | 'procps-ng'

export type VmstatColumn =
  | ('r' | 'b' | 'w' | 'swpd' | 'free' | 'buff' | 'cache' | 'si' | 'so' | 'bi' | 'bo' | 'in' | 'cs')
  | ('us' | 'sy' | 'id' | 'wa' | 'st' | 'gu')

/** Whole numbers as printed. `id` counts waiting for the disk in `procps-2.0`, where `wa` is 0. */
export type VmstatRow = Readonly<Record<VmstatColumn, number>>

/** One sample: the value of every counter, by column of the registry. */
export type CounterValues = ArrayLike<number>
