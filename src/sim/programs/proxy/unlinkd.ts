/**
 * unlinkd, the process that unlinks files for Squid since 1.1.9, so that Squid does not wait for
 * the disk meanwhile: names come over a pipe, one a line (src/unlinkd.c of 28 April 1997).
 * Left out: its greeting over a second pipe; that it reads letter by letter, unbuffered.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { PipeEnds } from '../../kernel/fs/file-calls'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import { Fifo } from '../../engine/fifo'
import type { LinkedProgram, Loader } from '../loader'
import { FileQueue, pipeBytes } from './file-queue'
import type { SquidProcess } from './squid-process'

/** Pages that a run touches, and its working set (assumed: a loop around fgets and unlink). */
const program = {
  name: 'unlinkd',
  image: 'unlinkd',
  textPages: 1,
  dataPages: 1,
  bssPages: 1,
  workingSetKB: 8,
}
const heapPages = 2
const libraryPages = 8
/** /usr/local/squid/cache/0A/3F/00012345 and its end. */
const lineBytes = 39

export const installUnlinkd = (loader: Loader, bin: Inode): LinkedProgram =>
  loader.install(bin, program, heapPages, libraryPages)

/** A name on its way through the pipe. */
interface Line {
  readonly directory: Inode
  readonly name: string
}

export class Unlinkd {
  private readonly lines = new Fifo<Line>()
  private queue: FileQueue | undefined
  private writes: Descriptor = -1

  constructor(
    private readonly kernel: Kernel,
    private readonly loader: Loader,
    private readonly executable: LinkedProgram,
  ) {}

  /** unlinkdInit(): Squid makes the pipe and the process. Returns whether there is one. */
  *start(task: Task): Path<boolean> {
    const { calls, processes } = this.kernel
    const ends = yield* calls.pipe(task)
    if (typeof ends === 'number') return false
    const child = yield* processes.fork(task, (by) => this.child(by, ends))
    yield* calls.close(task, ends.reads)
    this.writes = ends.writes
    return child !== undefined
  }

  /** Squid's event loop writes to it from now on. */
  joinLoop(process: SquidProcess): void {
    this.queue = new FileQueue(process, this.writes, pipeBytes)
  }

  /** unlinkdUnlink(). */
  unlink(directory: Inode, name: string): void {
    this.lines.push({ directory, name })
    this.queue?.put(lineBytes)
  }

  private *child(task: Task, { reads, writes }: PipeEnds): Path {
    const { calls } = this.kernel
    yield* calls.close(task, writes)
    if (!(yield* this.loader.run(task, this.executable))) return
    for (let got = 0; ;) {
      const bytes = yield* calls.read(task, reads, lineBytes - got)
      if (bytes <= 0) return
      got += bytes
      if (got < lineBytes) continue
      got = 0
      const line = this.lines.shift()
      if (line) yield* calls.unlink(task, line.directory, line.name)
    }
  }
}
