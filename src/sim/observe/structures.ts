/**
 * Snapshots of the kernel's own structures, for drawing them cell by cell.
 * Taking one changes nothing: no event, no random draw, no counter.
 */

/** State of one buffer in a page, as drawn. */
export const BufferState = {
  /** No buffer here: the rest of the page is unused. */
  none: 0,
  /** On a free list: belongs to no block. */
  free: 1,
  /** Hashed, clean, up to date. */
  clean: 2,
  /** Hashed, modified, not yet written. */
  dirty: 3,
  /** Locked: input or output is under way. */
  locked: 4,
  /** Unhashed and abandoned: no look-up finds it. */
  orphaned: 5,
} as const
export type BufferStateCode = (typeof BufferState)[keyof typeof BufferState]

export interface BufferCacheSnapshot {
  readonly kind: 'buffer-cache'
  /** Bytes in one buffer (file system block) and buffers in one page. */
  readonly bufferBytes: number
  readonly buffersPerPage: number
  /** Page frame number of every page that holds buffers, ascending. */
  readonly pages: Int32Array
  /** BufferState of each buffer: pages.length × buffersPerPage. */
  readonly states: Uint8Array
  /** Block number of each buffer, or -1 when it belongs to none (an orphan: the block it held). */
  readonly blocks: Int32Array
  /** Totals by state, in buffers, indexed by BufferState code. */
  readonly totals: readonly number[]
  /** All page frames of the machine, so that the share can be told. */
  readonly machinePages: number
}

export interface RunQueueEntry {
  readonly pid: number
  readonly command: string
  /**
   * Weight that schedule() would compute now for the CPU the task last ran on; where priorities
   * choose, how much better than the worst its own is.
   */
  readonly goodness: number
  /** Ticks left of the quantum. */
  readonly counter: number
  /** CPU it is running on, or -1 while it waits. */
  readonly runningOn: number
  /** Share of its working set still in the cache of the CPU it last ran on, 0–1. */
  readonly warm: number
}
export interface RunQueueSnapshot {
  readonly kind: 'run-queue'
  /** In the order in which schedule() scans them, or of their queues. */
  readonly entries: readonly RunQueueEntry[]
  /**
   * How many priorities there are queues for, 0 the best; undefined where one list is scanned for
   * goodness.
   */
  readonly priorities: number | undefined
  /**
   * Mean duration of a scan, or of a choice from the queues, between the last two samples, in
   * microseconds; 0 before there was one.
   */
  readonly scanMicroseconds: number
  readonly cpus: number
}

export interface HashChainsSnapshot {
  readonly kind: 'hash-chains'
  /** Which table. */
  readonly table: 'buffer' | 'page'
  /** Length of each bucket's chain. */
  readonly lengths: Uint16Array
  /**
   * The bucket with the longest chain, and what hangs there (block numbers, or inode:index), at
   * most 40.
   */
  readonly longestBucket: number
  readonly longest: readonly string[]
}

export interface DiskRequest {
  readonly operation: 'read' | 'write'
  readonly sector: number
  readonly sectors: number
  readonly cylinder: number
  /** Milliseconds since it was queued. */
  readonly waitedMs: number
}
export interface DiskQueueSnapshot {
  readonly kind: 'disk-queue'
  readonly cylinders: number
  /** Where the head is now (between two cylinders while it seeks). */
  readonly headCylinder: number
  /** What the drive is doing. */
  readonly phase: 'idle' | 'overhead' | 'seek' | 'rotation' | 'transfer'
  /** The request in service, if any. */
  readonly inService: DiskRequest | undefined
  /** In the order of the elevator. */
  readonly queue: readonly DiskRequest[]
}

/** What became of a process on a wait queue the last time it was woken. */
export type WakeOutcome = 'none' | 'running' | 'got a connection' | 'back to sleep'

export interface WaitQueueEntry {
  readonly pid: number
  readonly command: string
  /** Whether it sleeps; otherwise it has been woken and has not run yet, or is running. */
  readonly asleep: boolean
  /** Marked TASK_EXCLUSIVE. */
  readonly exclusive: boolean
  /** How often it was woken since it came, and how often for nothing. */
  readonly woken: number
  readonly wokenForNothing: number
  readonly last: WakeOutcome
}
/** A structure that there may be several of. */
export interface OneOfSeveral {
  /** Whose it is, in words: `listening socket, port 80`. */
  readonly of: string
  /** Whose there are, where there are several. */
  readonly choices?: readonly string[]
}
export interface WaitQueueSnapshot extends OneOfSeveral {
  readonly kind: 'wait-queue'
  /** How wake_up treats it: kernel.accept.wakeup. */
  readonly wakeup: string
  /** In the order in which wake_up walks them. */
  readonly entries: readonly WaitQueueEntry[]
  /**
   * Since the kernel began: calls of wake_up, and processes they made runnable. Of those, some have
   * found a connection, some have gone back to sleep, and the rest have not looked yet.
   */
  readonly wakeUps: number
  readonly madeRunnable: number
  readonly foundConnection: number
  readonly backToSleep: number
}

export interface WaitingConnection {
  readonly client: number
  /** Milliseconds since its SYN came. */
  readonly ageMs: number
}
export interface ListenBacklogSnapshot extends OneOfSeveral {
  readonly kind: 'listen-backlog'
  /** Length that listen() was called with. */
  readonly backlog: number
  /** Connections in each queue. */
  readonly halfOpen: number
  readonly open: number
  /**
   * Half open: SYN answered, last acknowledgement not there yet; oldest first, the newest of very
   * many left out.
   */
  readonly synQueue: readonly WaitingConnection[]
  /** Open, waiting for accept; oldest first, the newest of very many left out. */
  readonly acceptQueue: readonly WaitingConnection[]
  /** Handshakes that found the accept queue full, since the start. */
  readonly overflows: number
}

export interface DescriptorTableSnapshot {
  readonly kind: 'descriptor-table'
  /**
   * Whose table it is: of all processes the one with most descriptors; undefined when none has any.
   */
  readonly process: { readonly pid: number; readonly command: string } | undefined
  /** How a free descriptor is searched for: kernel.fd.alloc. */
  readonly alloc: string
  /** One bit for each descriptor, 32 a word; set when it is in use. */
  readonly words: Int32Array
  /** The second bitmap: one bit for each word that is full; empty while it is not kept. */
  readonly fullWords: Int32Array
  /** Words of the first that a bit of it stands for. */
  readonly wordsPerFull: number
  /**
   * What the last search looked at: words of the second bitmap, then so many words of the first
   * from one on.
   */
  readonly searched: {
    readonly fullWords: number
    readonly from: number
    readonly words: number
    /** Slots of the array of files, where those are gone through instead of words. */
    readonly slots?: number
  }
  /** What was opened, by descriptor; empty text for none. */
  readonly files: readonly string[]
  /** Descriptors that a process may have. */
  readonly perProcess: number
  /** Processes that have a table. */
  readonly processes: number
  /** Calls that failed with EMFILE since the kernel began. */
  readonly emfile: number
  /** File structures of the whole system. */
  readonly system: {
    /** In use by processes of the load, and by something else on the machine. */
    readonly used: number
    readonly held: number
    readonly limit: number
    /** The last of them, which only root gets. */
    readonly reserved: number
    /** Calls that failed with ENFILE since the kernel began. */
    readonly enfile: number
  }
}

/** What a descriptor of a poll set is, as bits. */
export const SetBit = {
  asked: 1,
  ready: 2,
  interested: 4,
  kept: 8,
  hinted: 16,
  queued: 32,
} as const

/** The descriptors that a process waits for: of all such sets, the largest. */
export interface PollSetSnapshot {
  readonly kind: 'poll-set'
  /** What it waits with. */
  readonly call: 'select' | 'poll' | 'rt-signals'
  /**
   * Bits of SetBit by descriptor: asked about, or signalling; ready now; queued: the process is on
   * its queue, or a signal of it is; and where the kernel keeps them, in INTERESTED, READY and
   * HINTS.
   */
  readonly states: Uint8Array
  /** Whether the kernel keeps INTERESTED and READY, and whether it keeps HINTS. */
  readonly keeps: boolean
  readonly hints: boolean
  /** The descriptor that a scan has come to; −1: none goes on. */
  readonly position: number
  /** Descriptors whose queues the process is on. */
  readonly registered: number
  /** The last call that has ended. */
  readonly last:
    { readonly scanned: number; readonly scans: number; readonly events: number } | undefined
  /** Real-time signals of the whole system; undefined where there are none. */
  readonly signals:
    { readonly queued: number; readonly room: number; readonly overflows: number } | undefined
}

export type StructureSnapshot =
  | BufferCacheSnapshot
  | RunQueueSnapshot
  | HashChainsSnapshot
  | DiskQueueSnapshot
  | WaitQueueSnapshot
  | ListenBacklogSnapshot
  | DescriptorTableSnapshot
  | PollSetSnapshot
export type StructureKind = StructureSnapshot['kind']
export const structureKinds: readonly StructureKind[] = [
  'buffer-cache',
  'run-queue',
  'hash-chains',
  'disk-queue',
  'wait-queue',
  'listen-backlog',
  'descriptor-table',
  'poll-set',
]
