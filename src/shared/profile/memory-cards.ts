/** Cards of procedures that have to do with memory. */
import type { Cards } from './card'

const faults = [
  { counter: 'pages.faults', of: 'page faults' },
  { counter: 'pages.majorFaults', of: 'of them waited for the disk' },
] as const
const clock = [
  { counter: 'pages.clockSteps', of: 'page frames passed by the clock' },
  { counter: 'pages.stolen', of: 'pages of the page cache freed' },
  { counter: 'buffers.stolen', of: 'pages of buffers freed' },
] as const
const swapped = [
  { counter: 'swap.out', of: 'kB written to swap' },
  { counter: 'swap.in', of: 'kB read back' },
] as const

export const memoryCards: Cards = {
  do_page_fault: {
    about: 'The trap for a page that is not mapped: finds the area, and has the page brought.',
    why: 'A program that has just been started touches each of its pages once.',
    counts: faults,
  },
  do_anonymous_page: {
    about: 'The first touch of memory that no file is behind: takes a frame and clears it.',
    why: 'Clearing 4 KB for each page.',
    counts: faults,
  },
  do_wp_page: {
    about: 'A write to a page that fork has left shared: copies it.',
    why: 'Copying 4 KB for each page that is written after a fork.',
    counts: faults,
  },
  do_swap_page: {
    about: 'A touch of a page that was written to swap: reads it back, and the process is blocked.',
    why: 'The machine has less memory than its processes use.',
    counts: swapped,
  },
  filemap_nopage: {
    about: 'A touch of a mapped page of a file: finds it in the page cache, or reads it.',
    why: 'One look-up in the page cache’s hash for each page.',
    counts: [
      { counter: 'pages.chainSteps', of: 'entries of hash chains compared' },
      { counter: 'pages.lookups', of: 'look-ups in the page cache' },
    ],
  },
  copy_page_range: {
    about: 'fork’s copy of the page tables: marks every page shared and read-only.',
    why: 'An entry for each page that the parent has mapped.',
    counts: [{ counter: 'processes.forks', of: 'processes made' }],
  },
  zap_page_range: {
    about: 'Gives back the pages of a process that ends or starts another program.',
    why: 'An entry for each page that it had.',
    counts: faults,
  },
  try_to_free_pages: {
    about:
      'Reclaim in whoever needs a page and finds none: asks shrink_mmap, dentries and swap_out in turn, harder each time.',
    why: 'It runs only when memory is short.',
    counts: clock,
    digitalUnix:
      'vm_pageout(): looks for pages that can be freed. Modelled by the reclaim of Linux 2.2 (assumed).',
  },
  shrink_mmap: {
    about:
      'The clock: goes round all page frames, spares what was referenced, frees a clean page of a file or of buffers.',
    why: 'The fewer pages can be freed, the further the hand goes for one.',
    counts: clock,
  },
  swap_out: {
    about: 'Takes pages from processes: goes through their page tables for one that is not young.',
    why: 'It walks all page tables of a process before it comes to the next.',
    counts: swapped,
  },
  shrink_dcache_memory: {
    about:
      'Reclaim’s request to the names: throws away dentries that nobody uses, and their inodes.',
    why: 'Names that go have to be searched in their directories again.',
    counts: [{ counter: 'names.lookups', of: 'look-ups of names' }],
  },
  kswapd: {
    about: 'The daemon that frees pages before anybody has to wait for one.',
    why: 'It is awake while less is free than the kernel wants.',
    counts: clock,
    digitalUnix:
      'The thread that frees pages ahead of need. Modelled by kswapd of Linux 2.2 (assumed).',
  },
  wait_on_page: {
    about: 'Sleeps until a page has been read or written.',
    why: 'The time is the disk’s; the cycles are falling asleep and waking.',
    counts: [{ counter: 'disk.reads', of: 'reads done by the disk' }],
  },
  old_mmap: {
    about:
      'mmap(): notes an area of a file or of empty memory in the process; no page is brought yet.',
    why: 'A fixed price for each area; the pages come later, one fault each.',
  },
  sys_munmap: {
    about: 'munmap(): takes an area out of a process and gives back its pages.',
    why: 'An entry for each page that was mapped there.',
  },
  sys_mprotect: {
    about: 'mprotect(): changes what may be done with an area. The dynamic linker does it.',
    why: 'An entry for each page that is mapped there.',
  },
  sys_brk: {
    about: 'brk(): moves the end of the heap. Pages of it come at their first touch.',
    why: 'A fixed price for each call.',
  },
}
