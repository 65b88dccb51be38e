/**
 * What one SDET script does, and how large its files are: counts and sizes are assumed, as SPEC
 * SDM's script is licensed. Drawn once for each script, and the same in every round.
 */
import type { RandomStream } from '../engine/random'

export type LookTool = 'ls' | 'cat' | 'grep' | 'find' | 'spell' | 'who' | 'date'

export type Unit =
  | { readonly kind: 'compile'; readonly source: number; readonly link: boolean }
  | { readonly kind: 'format'; readonly document: number }
  | { readonly kind: 'edit'; readonly file: number }
  | { readonly kind: 'copy' }
  | { readonly kind: 'look'; readonly tool: LookTool }
  | { readonly kind: 'make' }
  | { readonly kind: 'move'; readonly file: number }

export interface SdetPlan {
  readonly units: readonly Unit[]
  /** KB of each C source and each document. */
  readonly sources: readonly number[]
  readonly documents: readonly number[]
  /** Factor on each unit's output and computing, in order. */
  readonly sizes: readonly number[]
}

export const sourceCount = 4
export const documentCount = 3

/** What one script does: drawn once, the same in every round, as SDET's scripts are. */
export function sdetPlan(random: RandomStream): SdetPlan {
  const sources = Array.from({ length: sourceCount }, () => random.between(6, 12))
  const documents = Array.from({ length: documentCount }, () => random.between(30, 50))
  const units: Unit[] = []
  for (let source = 0; source < sourceCount; source++) {
    units.push({ kind: 'compile', source, link: source % 2 === 1 })
  }
  for (let document = 0; document < documentCount; document++) {
    units.push({ kind: 'format', document })
  }
  for (let edit = 0; edit < 2 * documentCount; edit++) {
    units.push({ kind: 'edit', file: edit % documentCount })
  }
  units.push({ kind: 'copy' }, { kind: 'make' })
  for (const tool of ['ls', 'ls', 'cat', 'grep', 'find', 'spell', 'who', 'date'] as const) {
    units.push({ kind: 'look', tool })
  }
  for (let file = 0; file < 2; file++) units.push({ kind: 'move', file })
  random.shuffle(units)
  return { units, sources, documents, sizes: units.map(() => 0.8 + 0.4 * random.uniform()) }
}
