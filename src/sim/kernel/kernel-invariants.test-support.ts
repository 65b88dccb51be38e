/** Walks every structure of a running kernel. */
import { wrongWithBuffers } from './fs/buffer-invariants.test-support'
import { wrongWithDescriptors } from './fs/descriptor-invariants.test-support'
import { wrongWithQueue } from './block/disk-queue-invariants.test-support'
import { wrongWithFiles } from './fs/file-system-invariants.test-support'
import { wrongWithMemory } from './mm/frame-invariants.test-support'
import type { Kernel } from './kernel'
import { wrongWithAccounts, wrongWithTasks } from './sched/task-invariants.test-support'

/** One sentence for everything that is wrong at this instant; empty when the kernel is sound. */
export function wrongWith(kernel: Kernel): string[] {
  return [
    ...wrongWithBuffers(kernel),
    ...wrongWithMemory(kernel),
    ...wrongWithTasks(kernel),
    ...wrongWithAccounts(kernel),
    ...wrongWithQueue(kernel),
    ...wrongWithFiles(kernel),
    ...wrongWithDescriptors(kernel),
  ]
}
