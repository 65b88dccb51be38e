/**
 * What the descriptor tables of all processes share: the switch, the limits, and what has been
 * counted.
 */
import type { KernelBase } from '../sched/base'
import type { DescriptorVariant } from './descriptor-variant'

/**
 * Descriptors that a process may have: NR_OPEN of 2.2, which TR 99-4 calls the limit of until
 * recently.
 */
export const defaultPerProcess = 1024
/**
 * Descriptors that one select or poll takes, whatever the other limits: vestigial, says TR 99-4.
 */
export const defaultPolled = 1000

export class DescriptorTables {
  alloc: DescriptorVariant = 'one-bitmap'
  /** Descriptors that a process may have. */
  perProcess = defaultPerProcess
  /** Descriptors that one select or poll takes. */
  polled = defaultPolled
  /** Calls that failed with EMFILE. */
  refused = 0
  /** select and poll calls that asked for too many descriptors. */
  pollsRefused = 0
  /** Words of the bitmaps that searches for a free descriptor have looked at. */
  wordsSearched = 0

  constructor(readonly base: Pick<KernelBase, 'cache' | 'missCycles' | 'cost' | 'machine'>) {}
}
