/** A core: what the primitive operations of a kernel cost on it. */
import type { Cycles } from '../units/cycles'
import { p6 } from './p6'

/** Every operation that is charged for, and its cycles on one core. */
export type Costs = Readonly<Record<keyof typeof p6, Cycles>>

export interface Core {
  /** Family, for people. */
  readonly name: string
  readonly cost: Costs
}

export const p6Core: Core = { name: 'P6', cost: p6 }
