/**
 * What the profile says of a procedure of the kernel in words: what it is, what made it cost what
 * it cost, with the numbers that the kernel kept in the window.
 */
import { digitalUnixNames } from '../../sim/kernel/digital-unix-names'
import type { ProfileFrame } from '../../sim/observe/profile'
import type { Cards, ProcedureCard } from './card'
import { fileCards } from './file-cards'
import { memoryCards } from './memory-cards'
import { networkCards } from './network-cards'
import { processCards } from './process-cards'

const cards: Cards = { ...processCards, ...memoryCards, ...fileCards, ...networkCards }

/** Linux's name of what Digital UNIX calls otherwise. */
const linuxName = new Map(Object.entries(digitalUnixNames.own).map(([linux, own]) => [own, linux]))

export interface FoundCard extends ProcedureCard {
  /** Words for where it is from: of which kernel, and by what name there. */
  readonly kernel: string
}

/** Undefined for a procedure of a program. */
export function procedureCard({ image, procedure }: ProfileFrame): FoundCard | undefined {
  if (image === digitalUnixNames.image) {
    const linux = linuxName.get(procedure) ?? procedure
    const card = cards[linux]
    if (!card) return undefined
    const as = linux === procedure ? '' : `; what Linux 2.2 has as ${linux}`
    const about = card.digitalUnix ?? card.about
    return { ...card, about, kernel: `Digital UNIX 4.0 (1996)${as}` }
  }
  const card = image === 'vmlinux' || image === 'idle' ? cards[procedure] : undefined
  return card && { ...card, kernel: image === 'idle' ? 'the CPU itself' : 'Linux 2.2 (1999)' }
}
