/**
 * What Squid writes to a file or a pipe by the way (file_write and diskHandleWrite of src/disk.c,
 * February 1997): pieces wait in a queue until the event loop comes to it. One is written a call;
 * when more than one wait behind it they have become one.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { pageBytes } from '../../kernel/mm/page-frames'
import type { Path, Task } from '../../kernel/sched/task'
import type { SquidProcess } from './squid-process'

export class FileQueue {
  /** Bytes of each piece that waits. */
  private pieces: number[] = []

  constructor(
    private readonly process: SquidProcess,
    private readonly descriptor: Descriptor,
    /** A pipe does not wait: it takes a page of what is written, and the rest later. */
    private readonly most = Infinity,
  ) {
    process.fds.add(descriptor)
  }

  put(bytes: number): void {
    if (this.pieces.push(bytes) === 1) this.writesOn()
  }

  private writesOn(): void {
    const { process } = this
    process.fds.onWritable(this.descriptor, (task) =>
      process.in(task, 'diskHandleWrite', this.write(task)),
    )
  }

  private *write(task: Task): Path {
    const [first = 0, ...behind] = this.pieces
    if (behind.length > 1) this.pieces = [first, behind.reduce((sum, bytes) => sum + bytes)]
    const part = Math.min(first, this.most)
    yield* this.process.kernel.calls.write(task, this.descriptor, part)
    this.pieces[0] -= part
    if (this.pieces[0] === 0) this.pieces.shift()
    if (this.pieces.length > 0) this.writesOn()
  }
}

/** What a pipe takes at once. */
export const pipeBytes = pageBytes
