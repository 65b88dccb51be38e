/** Declares the counters of a server and brings them up to date from what its kernel keeps. */
import type { Kernel } from './kernel'
import { bufferBytes, BufferList } from './fs/buffer-heads'
import { FrameUse, pageBytes } from './mm/page-frames'
import type { CallTree } from '../observe/call-tree'
import { Mode } from '../observe/call-tree'
import type { CounterRegistry } from '../observe/counters'
import type { Reader, Row } from './work-counters'
import { workRows } from './work-counters'

const pageKB = pageBytes / 1024
const bufferKB = bufferBytes / 1024

const memory =
  (use: number): Reader =>
  (kernel) =>
    kernel.frames.total[use] * pageKB
const listed =
  (list: number): Reader =>
  (kernel) =>
    kernel.buffers.length[list]

const rows: readonly Row[] = [
  [
    'processes.runnable',
    'processes',
    'gauge',
    'Processes in state R, running ones included.',
    (k) => k.dispatcher.scheduler.runnable,
  ],
  [
    'processes.blocked',
    'processes',
    'gauge',
    'Processes in uninterruptible sleep.',
    (k) => k.dispatcher.blocked,
  ],
  [
    'processes.swapped',
    'processes',
    'gauge',
    'Runnable processes without a resident page.',
    (k) => k.processes.swappedOut,
  ],
  ['processes.total', 'processes', 'gauge', 'All processes.', (k) => k.processes.all.size],
  ['memory.swapUsed', 'kB', 'gauge', 'Swap in use.', (k) => k.swap.inUse * pageKB],
  ['memory.free', 'kB', 'gauge', 'Memory that nobody uses.', (k) => k.frames.free * pageKB],
  [
    'memory.buffers',
    'kB',
    'gauge',
    'Pages of the buffer cache, orphaned buffers included.',
    memory(FrameUse.buffers),
  ],
  [
    'memory.cached',
    'kB',
    'gauge',
    'Pages of the page cache and the swap cache.',
    (k) => (k.frames.total[FrameUse.pageCache] + k.frames.total[FrameUse.swapCache]) * pageKB,
  ],
  [
    'memory.orphaned',
    'kB',
    'gauge',
    'Orphaned buffers: unhashed, so that no look-up finds them.',
    (k) => k.buffers.orphaned * bufferKB,
  ],
  ['memory.processes', 'kB', 'gauge', 'Anonymous pages of processes.', memory(FrameUse.anonymous)],
  [
    'memory.kernel',
    'kB',
    'gauge',
    'The kernel itself and its task structures.',
    memory(FrameUse.kernel),
  ],
  ['swap.in', 'kB', 'monotonic', 'Read back from swap.', (k) => k.swap.pagesIn * pageKB],
  ['swap.out', 'kB', 'monotonic', 'Written to swap.', (k) => k.swap.pagesOut * pageKB],
  [
    'blocks.read',
    'blocks',
    'monotonic',
    'Blocks of 1 kB read from disk.',
    (k) => k.disk.sectorsRead / 2,
  ],
  [
    'blocks.written',
    'blocks',
    'monotonic',
    'Blocks of 1 kB written to disk.',
    (k) => k.disk.sectorsWritten / 2,
  ],
  [
    'interrupts',
    '1',
    'monotonic',
    'Interrupts of devices, the timer included.',
    (k) => k.base.interrupts,
  ],
  [
    'contextSwitches',
    '1',
    'monotonic',
    'Context switches.',
    (k) => k.dispatcher.scheduler.contextSwitches,
  ],
  [
    'cpu.user',
    'jiffies',
    'monotonic',
    'Ticks that found a CPU in user mode.',
    (k) => k.timer.userJiffies,
  ],
  [
    'cpu.system',
    'jiffies',
    'monotonic',
    'Ticks that found a CPU in the kernel.',
    (k) => k.timer.systemJiffies,
  ],
  [
    'cpu.idle',
    'jiffies',
    'monotonic',
    'Ticks that found a CPU idle.',
    (k) => k.timer.jiffies * k.dispatcher.cpus.length - k.timer.userJiffies - k.timer.systemJiffies,
  ],
  [
    'buffers.total',
    'buffers',
    'gauge',
    'Buffers of 1 kB in the buffer cache.',
    (k) => k.buffers.buffers,
  ],
  ['buffers.free', 'buffers', 'gauge', 'Buffers on the free list.', (k) => k.buffers.freeBuffers],
  [
    'buffers.clean',
    'buffers',
    'gauge',
    'Clean buffers on the hash.',
    (k) => k.buffers.cleanBuffers - (k.buffers.orphaned - k.buffers.heldOrphans),
  ],
  [
    'buffers.dirty',
    'buffers',
    'gauge',
    'Modified buffers that are not yet being written.',
    listed(BufferList.dirty),
  ],
  [
    'buffers.locked',
    'buffers',
    'gauge',
    'Buffers with input or output under way.',
    (k) => k.buffers.locked,
  ],
  ['buffers.orphaned', 'buffers', 'gauge', 'Orphaned buffers.', (k) => k.buffers.orphaned],
  ['buffers.lookups', '1', 'monotonic', 'Calls of find_buffer.', (k) => k.buffers.lookups],
  [
    'buffers.misses',
    '1',
    'monotonic',
    'Blocks for which a new buffer had to be taken.',
    (k) => k.buffers.misses,
  ],
  [
    'buffers.stolen',
    'pages',
    'monotonic',
    'Pages of buffers that reclaim freed.',
    (k) => k.reclaim.stolenBuffers,
  ],
  [
    'pages.stolen',
    'pages',
    'monotonic',
    'Pages of the page cache that reclaim freed.',
    (k) => k.reclaim.stolenCache,
  ],
  ['pages.faults', '1', 'monotonic', 'Page faults.', (k) => k.memory.faults.faults],
  [
    'pages.majorFaults',
    '1',
    'monotonic',
    'Page faults that waited for the disk.',
    (k) => k.memory.faults.majorFaults,
  ],
  [
    'pages.outOfMemory',
    '1',
    'monotonic',
    'Processes killed because there was no memory for them.',
    (k) => k.reclaim.outOfMemory,
  ],
  ['processes.forks', '1', 'monotonic', 'Processes made.', (k) => k.processes.forks],
  ['processes.execs', '1', 'monotonic', 'Programs started.', (k) => k.processes.execs],
  ['calls.system', '1', 'monotonic', 'System calls made.', (k) => k.base.systemCalls],
  [
    'fd.open',
    'files',
    'gauge',
    'File structures in use, those included that something else on the machine holds.',
    (k) => k.descriptors.system.open,
  ],
  [
    'fd.emfile',
    '1',
    'monotonic',
    'Calls refused because the process had all the descriptors that it may have.',
    (k) => k.descriptors.tables.refused,
  ],
  [
    'fd.enfile',
    '1',
    'monotonic',
    'Calls refused because the system had all the file structures that it may have.',
    (k) => k.descriptors.system.refused,
  ],
  [
    'fd.wordsSearched',
    'words',
    'monotonic',
    'Words of bitmaps that searches for a free descriptor looked at.',
    (k) => k.descriptors.tables.wordsSearched,
  ],
  [
    'disk.queued',
    'requests',
    'gauge',
    'Requests waiting for the disk or in service.',
    (k) => k.disk.queued,
  ],
  [
    'disk.busy',
    'ns',
    'monotonic',
    'Time in which the disk had a request in service.',
    (k) => k.disk.busyNs,
  ],
  ['disk.reads', 'requests', 'monotonic', 'Reads that the disk has done.', (k) => k.disk.reads],
  ['disk.writes', 'requests', 'monotonic', 'Writes that the disk has done.', (k) => k.disk.writes],
  [
    'lock.acquisitions',
    '1',
    'monotonic',
    'Times the big kernel lock was taken.',
    (k) => k.dispatcher.lock.acquisitions,
  ],
  [
    'lock.contended',
    '1',
    'monotonic',
    'Times a CPU had to spin for it.',
    (k) => k.dispatcher.lock.contended,
  ],
  [
    'poll.calls',
    '1',
    'monotonic',
    'Calls of select and poll that looked at their descriptors.',
    (k) => k.pollCounts.calls,
  ],
  [
    'poll.scanned',
    'descriptors',
    'monotonic',
    'Descriptors that select and poll have asked, each look counted.',
    (k) => k.pollCounts.scanned,
  ],
  [
    'poll.events',
    'descriptors',
    'monotonic',
    'Descriptors that select and poll found ready.',
    (k) => k.pollCounts.events,
  ],
  [
    'poll.eventsPerCall',
    'events',
    'gauge',
    'Events a call of select or poll has returned lately, of calls that returned any.',
    (k) => k.pollCounts.eventsPerCall,
  ],
  [
    'poll.waiting',
    'events',
    'gauge',
    'Descriptors that are ready and that no call of select or poll has returned yet.',
    (k) => k.pollCounts.waiting,
  ],
  [
    'poll.refused',
    '1',
    'monotonic',
    'Calls of select and poll that named more descriptors than the kernel takes.',
    (k) => k.descriptors.tables.pollsRefused,
  ],
  [
    'signals.queued',
    'signals',
    'monotonic',
    'Real-time signals that descriptors have queued.',
    (k) => k.rtSignals?.queued ?? 0,
  ],
  [
    'signals.taken',
    'signals',
    'monotonic',
    'Real-time signals that sigwaitinfo has taken.',
    (k) => k.rtSignals?.taken ?? 0,
  ],
  [
    'signals.overflows',
    'signals',
    'monotonic',
    'Real-time signals that found the queue full and became a SIGIO.',
    (k) => k.rtSignals?.overflows ?? 0,
  ],
  [
    'signals.waiting',
    'signals',
    'gauge',
    'Real-time signals that are queued and not taken.',
    (k) => k.rtSignals?.length ?? 0,
  ],
  [
    'scheduler.scans',
    '1',
    'monotonic',
    'Walks of schedule() through the run queue.',
    (k) => k.dispatcher.scheduler.scans,
  ],
  ...workRows,
]

const modeRows: readonly (readonly [string, number, string])[] = [
  ['cycles.user', Mode.user, 'Cycles in user mode.'],
  ['cycles.system', Mode.system, 'Cycles in the kernel.'],
  ['cycles.spin', Mode.spin, 'Cycles spinning for a lock.'],
  ['cycles.interrupt', Mode.interrupt, 'Cycles in interrupts.'],
  ['cycles.idle', Mode.idle, 'Idle cycles while nobody waits for the disk.'],
  ['cycles.wait', Mode.wait, 'Idle cycles while a process waits for the disk.'],
]

export class KernelCounters {
  private readonly columns: number[]
  private readonly modeColumns: number[]
  private readonly procedureColumns: number[] = []
  /** What earlier kernels of this machine have counted, by row: totals go on across a reboot. */
  private readonly before = new Float64Array(rows.length)

  constructor(
    private readonly registry: CounterRegistry,
    private readonly tree: CallTree,
  ) {
    this.columns = rows.map(([id, unit, kind, help]) => registry.declare({ id, unit, kind, help }))
    this.modeColumns = modeRows.map(([id, , help]) =>
      registry.declare({ id, unit: 'cycles', kind: 'monotonic', help }),
    )
  }

  /** One column for each procedure of the profile. Call once, when all are declared. */
  declareProcedures(): void {
    for (const { image, procedure } of this.tree.procedures) {
      this.procedureColumns.push(
        this.registry.declare({
          id: `function.${image}.${procedure}`,
          unit: 'cycles',
          kind: 'monotonic',
          help: `Cycles in ${procedure} of ${image} itself.`,
        }),
      )
    }
  }

  refresh(kernel: Kernel): void {
    const { values } = this.registry
    kernel.dispatcher.settle()
    rows.forEach(([, , kind, , read], row) => {
      values[this.columns[row]] = kind === 'gauge' ? read(kernel) : this.before[row] + read(kernel)
    })
    const { selfCycles } = this.tree
    const byMode = this.tree.byMode(selfCycles)
    modeRows.forEach(([, mode], row) => {
      values[this.modeColumns[row]] = byMode[mode]
    })
    for (let id = 0; id < this.procedureColumns.length; id++) {
      values[this.procedureColumns[id]] = selfCycles[id]
    }
  }

  /** The kernel ends: its totals are kept. */
  keep(kernel: Kernel): void {
    rows.forEach(([, , kind, , read], row) => {
      if (kind === 'monotonic') this.before[row] += read(kernel)
    })
  }
}
