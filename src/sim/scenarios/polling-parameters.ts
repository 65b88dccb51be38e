/** Parameters of how a kernel waits for descriptors, and how they come to it. */
import type { PollVariant } from '../kernel/fs/poll/poll-calls'
import { pollVariants } from '../kernel/fs/poll/poll-calls'
import type { SelectVariant } from '../kernel/fs/poll/select-calls'
import { selectVariants } from '../kernel/fs/poll/select-calls'
import { defaultPolled } from '../kernel/fs/descriptor-tables'
import { maxQueuedSignals } from '../kernel/ipc/rt-signals'
import type { Kernel } from '../kernel/kernel'
import type { KernelId } from '../kernel/kernels'
import { kernels } from '../kernel/kernels'
import type { Parameter, Where } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'

const tr994 = 'CITI TR 99-4'
/** What waits for many descriptors. */
const needs = ['proxy.port']
/** What Digital UNIX has not. */
export const onlyLinux = { kernel: ['linux-2.2'] } as const satisfies Where

export const pollingParameters: readonly Parameter[] = [
  {
    type: 'choice',
    path: 'kernel.select',
    help: 'select() asks every descriptor of its sets, or keeps sets of the thread and asks what hints.',
    choices: selectVariants,
    default: 'scan',
    source: 'Banga & Mogul, USENIX 1998: scan in Digital UNIX 4.0B, scalable in their kernel',
    live: true,
    needs,
  },
  {
    type: 'choice',
    path: 'kernel.poll',
    help: 'poll() calls the driver of every descriptor, or only of those whose driver has hinted.',
    choices: pollVariants,
    default: 'scan',
    source: `${tr994}, Hints for select and poll: scan in 2.2`,
    live: true,
    needs,
    where: onlyLinux,
  },
  {
    type: 'number',
    path: 'kernel.poll.limit',
    help: 'Descriptors that one select or poll of Linux takes; beyond them the call fails with EINVAL.',
    unit: 'descriptors',
    min: 1,
    max: 1_048_576,
    integer: true,
    default: defaultPolled,
    source: `${tr994}, File descriptor scalability: a table of fixed size, not more than 1,000`,
    live: true,
    needs,
    where: onlyLinux,
  },
]

/** @param switchOf what a kernel switch stands at */
export function applyPolling(
  kernel: Kernel,
  id: KernelId,
  settings: Settings,
  switchOf: (path: string) => string,
): void {
  kernel.selects.variant = switchOf('kernel.select') as SelectVariant
  kernel.polls.variant = switchOf('kernel.poll') as PollVariant
  kernel.descriptors.tables.polled = kernels[id].setSize ?? settings.number('kernel.poll.limit')
}

/** @param overflow intensity of the fault that shortens the queue of real-time signals */
export function applySignals({ rtSignals }: Kernel, overflow: number): void {
  if (rtSignals) rtSignals.max = Math.round(maxQueuedSignals * (1 - overflow))
}
