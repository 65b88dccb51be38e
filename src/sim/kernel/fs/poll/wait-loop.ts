/**
 * What every call that waits for one of several descriptors has in common: it looks at them, and
 * while nothing is ready it sleeps, and looks again when it is woken. The state is set before it
 * looks, so that what happens meanwhile is not missed.
 */
import type { KernelBase } from '../../sched/base'
import { Killed } from '../../sched/killed'
import type { MayWait, Path, Task } from '../../sched/task'
import { Op, Rest, TaskState } from '../../sched/task'
import type { Timer } from '../../sched/timer'
import type { PollCall } from './poll-counts'
import type { WatchSet } from './watch-set'

export class WaitLoop {
  constructor(
    private readonly base: KernelBase,
    private readonly timer: Timer,
  ) {}

  /**
   * Looks until something of the set is ready or the time is over. @throws Killed when the process
   * was killed meanwhile
   */
  *run(
    task: Task,
    set: WatchSet,
    timeoutNs: number,
    look: (call: PollCall) => MayWait,
    leave: () => void,
  ): Path<PollCall> {
    const { base } = this
    const call: PollCall = { size: set.size, scanned: 0, scans: 0, events: 0 }
    const entry = set.waiters.add(task)
    const until = base.now + timeoutNs
    for (;;) {
      base.dispatcher.prepareToSleep(task, TaskState.interruptible)
      call.scans++
      const looking = look(call)
      if (looking instanceof Rest) yield* looking.path
      const left = until - base.now
      if (set.ready.length > 0 || left <= 0 || task.killed) break
      const alarm = this.timer.setAlarm(task, left)
      yield Op.sleep
      this.timer.endAlarm(task, alarm)
    }
    base.dispatcher.stayAwake(task)
    set.waiters.remove(entry)
    leave()
    set.registeredBelow = 0
    if (task.killed) throw new Killed()
    call.events = set.ready.length
    set.last = call
    return call
  }
}
