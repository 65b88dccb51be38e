/** What the parts of Squid share while it runs: its event loop, and the profile's names for it. */
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import type { CallTree, ProcedureId } from '../../observe/call-tree'
import { Mode } from '../../observe/call-tree'
import type { FdTable } from './fd-table'
import type { ProxyCounts, ProxySettings } from './proxy'

/**
 * Pages that a run touches, its working set, its heap with the index of some thousand documents,
 * and text of its C library (assumed).
 */
export const program = {
  name: 'squid',
  image: 'squid',
  textPages: 80,
  dataPages: 20,
  bssPages: 30,
  workingSetKB: 256,
}
export const heapPages = 550
export const libraryPages = 40
/** What of a request's computing is done when it is read, when its reply begins, at its end. */
export const readShare = 0.4
export const replyShare = 0.4
export const endShare = 0.2

const procedureNames = [
  'asciiHandleConn',
  'clientReadRequest',
  'icpSendMoreData',
  'httpReadReply',
  'storeSwapIn',
  'storeSwapOut',
  'storeGetSwapSpace',
  'diskHandleWrite',
] as const
type ProcedureName = (typeof procedureNames)[number]
export type SquidProcedures = Readonly<Record<ProcedureName, ProcedureId>>

export function declareProcedures(tree: CallTree): SquidProcedures {
  const entries = procedureNames.map(
    (name) => [name, tree.declare(program.image, name, Mode.user)] as const,
  )
  return Object.fromEntries(entries) as SquidProcedures
}

/** Who waits for a document. */
export interface Receiver {
  /** Whether its connection is still there. */
  readonly isOpen: boolean
  /** There are so many bytes of the reply now. */
  reply(available: number): void
  close(task: Task): Path
}

export class SquidProcess {
  constructor(
    readonly kernel: Kernel,
    readonly settings: ProxySettings,
    readonly counts: ProxyCounts,
    readonly fds: FdTable,
    private readonly procedures: SquidProcedures,
  ) {}

  /** Runs user code of a procedure: the stack is its own for as long as it goes on. */
  *in<Result>(task: Task, name: ProcedureName, body: Path<Result>): Path<Result> {
    const { node } = task
    task.node = this.kernel.tree.call(node, this.procedures[name])
    const result = yield* body
    task.node = node
    return result
  }

  compute(task: Task, share: number): Path {
    return this.kernel.processes.compute(task, Math.round(this.settings.requestCycles() * share))
  }
}
