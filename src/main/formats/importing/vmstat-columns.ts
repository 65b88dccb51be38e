/**
 * Columns of vmstat as counters of their own: what it prints is a mean of an interval, rounded, and
 * no total that a kernel counted, so each is a level.
 */
import type { CounterSpec } from '../../../sim/observe/counters'
import { printedCounter } from '../../../sim/observe/printed-vmstat'

/** What a column of vmstat on Linux means. */
const meanings: Readonly<Record<string, readonly [unit: string, help: string]>> = {
  r: ['processes', 'Processes that run or wait for a CPU.'],
  b: ['processes', 'Processes that wait in the kernel and cannot be woken by a signal.'],
  w: ['processes', 'Processes that could run and are swapped out.'],
  swpd: ['kB', 'Swap space in use.'],
  free: ['kB', 'Free memory.'],
  buff: ['kB', 'Memory in buffers.'],
  cache: ['kB', 'Memory in the page cache.'],
  inact: ['kB', 'Inactive memory.'],
  active: ['kB', 'Active memory.'],
  si: ['kB/s', 'Read from swap per second.'],
  so: ['kB/s', 'Written to swap per second.'],
  bi: ['blocks/s', 'Blocks read per second.'],
  bo: ['blocks/s', 'Blocks written per second.'],
  in: ['1/s', 'Interrupts per second.'],
  cs: ['1/s', 'Context switches per second.'],
  us: ['%', 'CPU time in programs.'],
  sy: ['%', 'CPU time in the kernel.'],
  id: ['%', 'CPU time idle.'],
  wa: ['%', 'CPU time idle while the disk was waited for.'],
  st: ['%', 'CPU time taken by the hypervisor.'],
  gu: ['%', 'CPU time in guests.'],
}

export const isVmstatColumn = (word: string): boolean => Object.hasOwn(meanings, word)

export const vmstatCounter = (column: string): CounterSpec => {
  const [unit = '1', help = ''] = meanings[column] ?? []
  return { id: printedCounter(column), unit, kind: 'gauge', help }
}
