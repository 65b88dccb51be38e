/**
 * /proc as `ps` reads it: its directory, and for every process a stat and two files, each opened,
 * read and closed (fs/proc of Linux 2.2). Each of these calls takes the kernel lock; all are taken
 * for equally long.
 * Left out: everything else that is in /proc.
 */
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { Op } from '../sched/task'

/** Files that ps opens for each process: stat and status (assumed). */
const filesEach = 2
/** stat of the directory, and open, read and close of each file. */
const callsEach = 1 + 3 * filesEach

export class ProcFiles {
  constructor(
    private readonly base: KernelBase,
    private readonly processes: ReadonlySet<Task>,
  ) {}

  /** Reads what is known of every process. Returns how many there were. */
  *read(task: Task): Path<number> {
    const { base } = this
    const { cost } = base
    const { node } = task
    const each =
      callsEach * cost.systemCall +
      filesEach * (cost.procFile + cost.openClose + cost.fileCall) +
      (1 + filesEach) * 3 * cost.pathComponent
    const seen = this.processes.size
    for (let call = 0; call < seen * callsEach; call++) {
      task.node = base.call(task, base.procedures.proc_lookup)
      if (task.lockDepth++ === 0) yield Op.lock
      task.charge(each / callsEach)
      base.systemCalls++
      if (--task.lockDepth === 0) yield Op.unlock
      task.node = node
    }
    return seen
  }
}
