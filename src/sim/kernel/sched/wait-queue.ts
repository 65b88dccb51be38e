/**
 * Wait queues (struct wait_queue of Linux 2.2): lists of tasks that wait. wake_up, which is the
 * dispatcher's, walks them from the front; a woken task takes its entry off when it runs again.
 */
import type { Task } from './task'
import { WaitList, WaitListEntry } from './wait-list'

export type WaitEntry = WaitListEntry<Task>
export const WaitEntry = WaitListEntry<Task>
export type WaitQueue = WaitList<Task>
export const WaitQueue = WaitList<Task>
