/**
 * A core: what the primitive operations of a kernel cost on it; and on a machine, where some of
 * them wait for memory, which takes nanoseconds at any clock.
 */
import type { Cycles, Nanoseconds } from '../units/cycles'
import { ev5 } from './ev5'
import { p6 } from './p6'

/** What is executed, in cycles of one core. */
export type CoreCosts = Readonly<Record<keyof typeof p6, Cycles>>

/** What waits for memory, in cycles of one machine's clock. */
export interface MemoryCosts {
  /** Copying between user and kernel, per byte. */
  readonly copyPerByte: Cycles
  /** Clearing memory, per byte: half of a copy, as it only writes (assumed). */
  readonly clearPerByte: Cycles
  /** A line that another CPU wrote last, fetched as from memory (assumed). */
  readonly lineTransfer: Cycles
}

/** Every operation that is charged for. */
export type Costs = CoreCosts & MemoryCosts

export interface Core {
  /** Family, for people. */
  readonly name: string
  readonly cost: CoreCosts
}

export const p6Core: Core = { name: 'P6', cost: p6 }
export const ev5Core: Core = { name: 'EV5', cost: ev5 }

/** Cycles that pass at a clock of `clockMHz` in so many nanoseconds. */
export function cyclesOf(ns: Nanoseconds, clockMHz: number): Cycles {
  return (ns * clockMHz) / 1000
}

/** What everything costs on a machine. */
export function costsOf(machine: {
  readonly core: Core
  readonly clockMHz: number
  readonly copyNsPerByte: Nanoseconds
  readonly memoryMissNs: Nanoseconds
}): Costs {
  const { core, clockMHz, copyNsPerByte, memoryMissNs } = machine
  const copyPerByte = cyclesOf(copyNsPerByte, clockMHz)
  return {
    ...core.cost,
    copyPerByte,
    clearPerByte: copyPerByte / 2,
    lineTransfer: cyclesOf(memoryMissNs, clockMHz),
  }
}
