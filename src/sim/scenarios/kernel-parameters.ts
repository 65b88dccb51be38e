/** Switches of the kernel, which every scenario has. */
import { bforgetVariants } from '../kernel/fs/buffer-cache'
import type { AcceptWakeup } from '../kernel/net/accept-wait-queue'
import { acceptWakeups } from '../kernel/net/accept-wait-queue'
import type { Network } from '../kernel/net/network'
import type { KernelId } from '../kernel/kernels'
import { descriptorParameters } from './descriptor-parameters'
import { onlyLinux, pollingParameters } from './polling-parameters'
import type { Parameter } from '../parameters/parameters'
import type { Settings } from '../parameters/settings'

const listens = {
  type: 'number',
  unit: 'connections',
  min: 1,
  max: 65_535,
  integer: true,
  default: 128,
  live: false,
  needs: ['httpd.processes', 'httpd2.processes', 'proxy.port'],
} as const

/** @param kernel the one that a scenario begins with */
export const kernelParameters = (kernel: KernelId): readonly Parameter[] => [
  {
    type: 'choice',
    path: 'kernel.bforget',
    help: 'The buffer of a block that is freed is recycled, orphaned, or orphaned and held for ever.',
    choices: bforgetVariants,
    default: 'recycle',
    source:
      'CITI TR 99-4: orphaned until 2.2.4, recycled from 2.2.5 on; fs/buffer.c of 2.2.1: orphan',
    live: true,
    needs: ['sdet.scripts'],
    where: onlyLinux,
  },
  {
    type: 'choice',
    path: 'kernel.accept.wakeup',
    help:
      'Who is woken when a callback of the listening socket runs: all; the first marked exclusive; ' +
      'one, the last that came, or the first (one-fifo).',
    choices: acceptWakeups,
    default: 'all',
    source: 'CITI TR 99-4, Accept scalability: 2.2.9 wakes all',
    live: true,
    needs: ['httpd.processes', 'httpd2.processes'],
    where: onlyLinux,
  },
  {
    ...listens,
    path: 'kernel.somaxconn',
    help: 'Longest accept queue that listen() is granted.',
    source: 'SOMAXCONN of 2.2 (assumption: from memory of its source)',
  },
  {
    ...listens,
    path: 'kernel.maxSynBacklog',
    help: 'Handshakes that may be under way at a listening socket.',
    source: 'sysctl_max_syn_backlog of 2.2 (assumption: from memory of its source)',
  },
  ...descriptorParameters(kernel),
  ...pollingParameters,
]

/** @param wakeup what the switch kernel.accept.wakeup stands at */
export function applyNetwork({ tcp }: Network, settings: Settings, wakeup: string): void {
  tcp.acceptPolicy.wakeup = wakeup as AcceptWakeup
  tcp.maxBacklog = settings.number('kernel.somaxconn')
  tcp.maxHalfOpen = settings.number('kernel.maxSynBacklog')
}
