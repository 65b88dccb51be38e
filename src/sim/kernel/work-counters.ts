/** What the kernel counts of the walks that it makes: what a procedure's cycles went into. */
import type { CounterKind } from '../observe/counters'
import type { Kernel } from './kernel'

export type Reader = (kernel: Kernel) => number
export type Row = readonly [id: string, unit: string, kind: CounterKind, help: string, read: Reader]

export const workRows: readonly Row[] = [
  [
    'scheduler.looked',
    'tasks',
    'monotonic',
    'Tasks on the run queue that walks of schedule() looked at.',
    (k) => k.dispatcher.scheduler.looked,
  ],
  [
    'wakeUps.walks',
    '1',
    'monotonic',
    'Walks of wake_up() along a wait queue.',
    (k) => k.dispatcher.wakeUps.walks,
  ],
  [
    'wakeUps.looked',
    'entries',
    'monotonic',
    'Entries of wait queues that they looked at.',
    (k) => k.dispatcher.wakeUps.looked,
  ],
  [
    'wakeUps.woken',
    'processes',
    'monotonic',
    'Processes that they made runnable.',
    (k) => k.dispatcher.wakeUps.woken,
  ],
  [
    'buffers.chainSteps',
    'entries',
    'monotonic',
    'Entries of hash chains that find_buffer compared.',
    (k) => k.buffers.chainSteps,
  ],
  ['pages.lookups', '1', 'monotonic', 'Calls of find_page.', (k) => k.pages.lookups],
  [
    'pages.chainSteps',
    'entries',
    'monotonic',
    'Entries of hash chains that find_page compared.',
    (k) => k.pages.chainSteps,
  ],
  ['names.lookups', '1', 'monotonic', 'Calls of d_lookup.', (k) => k.dentries.lookups],
  [
    'names.chainSteps',
    'entries',
    'monotonic',
    'Entries of hash chains that d_lookup compared.',
    (k) => k.dentries.chainSteps,
  ],
  [
    'pages.clockSteps',
    'pages',
    'monotonic',
    'Page frames that the clock of shrink_mmap passed.',
    (k) => k.reclaim.clockSteps,
  ],
]
