/**
 * kswapd: once a second, or when a page was asked for and few were left, frees until there are
 * enough.
 */
import type { Path, Task } from '../sched/task'
import { Op } from '../sched/task'
import type { Timer } from '../sched/timer'
import { seconds } from '../../units/time'
import type { PageFrames } from './page-frames'
import type { Reclaim } from './reclaim'

const interval = seconds(1)

export function* kswapd(
  task: Task,
  parts: { readonly timer: Timer; readonly frames: PageFrames; readonly reclaim: Reclaim },
): Path {
  const { timer, frames, reclaim } = parts
  task.freeing = true
  for (;;) {
    yield* timer.sleepUntilWoken(task, reclaim.kswapdWait, interval)
    if (frames.free >= frames.low) continue
    task.lockDepth = 1
    yield Op.lock
    while (frames.free < frames.high) {
      const freed = yield* reclaim.tryToFreePages(task, true)
      if (!freed) break
      // need_resched: the daemon lets others run between its turns, without the lock.
      task.lockDepth = 0
      yield Op.unlock
      yield Op.yield
      task.lockDepth = 1
      yield Op.lock
    }
    task.lockDepth = 0
    yield Op.unlock
  }
}
