/**
 * kswapd (mm/vmscan.c of 2.2.1): once a second, or when a page was asked for and few were left,
 * frees until freepages.high are free, or another task wants the CPU.
 */
import type { Dispatcher } from '../sched/dispatcher'
import type { Path, Task } from '../sched/task'
import { Op } from '../sched/task'
import type { Timer } from '../sched/timer'
import { seconds } from '../../units/time'
import type { PageFrames } from './page-frames'
import type { Reclaim } from './reclaim'

const interval = seconds(1)

export function* kswapd(
  task: Task,
  parts: {
    readonly dispatcher: Dispatcher
    readonly timer: Timer
    readonly frames: PageFrames
    readonly reclaim: Reclaim
  },
): Path {
  const { dispatcher, timer, frames, reclaim } = parts
  task.freeing = true
  for (;;) {
    yield* timer.sleepUntilWoken(task, reclaim.kswapdWait, interval)
    while (frames.free < frames.high) {
      task.lockDepth = 1
      yield Op.lock
      const freed = yield* reclaim.tryToFreePages(task, true)
      task.lockDepth = 0
      yield Op.unlock
      // Where another task waits for the CPU it has done enough, until it is woken again.
      if (!freed || dispatcher.cpus[task.processor].needResched) break
    }
  }
}
