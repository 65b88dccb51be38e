/** Switches of the kernel, which every scenario has. */
import { acceptWakeups } from '../kernel/socket-wait'
import type { Parameter } from './parameters'

export const kernelParameters: readonly Parameter[] = [
  {
    type: 'choice',
    path: 'kernel.bforget',
    help: 'What happens to the buffer of a block that is freed: recycled, or orphaned.',
    choices: ['recycle', 'orphan'],
    default: 'recycle',
    source: 'CITI TR 99-4: orphan until 2.2.4, recycle from 2.2.5 on',
    live: true,
  },
  {
    type: 'choice',
    path: 'kernel.accept.wakeup',
    help: 'Who is woken when a callback of the listening socket runs.',
    choices: acceptWakeups,
    default: 'all',
    source: 'CITI TR 99-4, Accept scalability: 2.2.9 wakes all',
    live: true,
  },
]
