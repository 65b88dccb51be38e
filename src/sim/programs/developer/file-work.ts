/**
 * Files read and written as the tools do it through stdio: open, fstat, reads or writes of a block
 * (st_blksize of ext2 is a page), close. What fails makes the tool's status 1.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import { DescriptorError } from '../../kernel/fs/descriptor-table'
import type { FileCalls, OpenMode } from '../../kernel/fs/file-calls'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import { Rest } from '../../kernel/sched/task'

const blockBytes = 4096

interface Got {
  readonly bytes: number
  readonly atEnd: boolean
}
interface Begun extends Got {
  readonly file: Descriptor
}

/** Calls for which the kernel lock is taken once (KernelBase.locked). */
const callsAtOnce = 4

export class FileWork {
  readonly calls: FileCalls

  constructor(private readonly kernel: Kernel) {
    this.calls = kernel.calls
  }

  /** Reads a file from its start. Returns its bytes; 0 when it is not there: no failure. */
  *read(task: Task, directory: Inode, name: string, max = Infinity): Path<number> {
    const { base } = this.kernel
    const begun = yield* base.locked(task, () => new Rest(this.begin(task, directory, name, max)))
    if (begun.file < 0) return 0
    const rest = begun.atEnd ? 0 : yield* this.drain(task, begun.file, max - begun.bytes)
    if (!begun.atEnd) yield* this.calls.close(task, begun.file)
    return begun.bytes + rest
  }

  /** Opens a file and reads from it; a small one to its end, and closes it. */
  private *begin(task: Task, directory: Inode, name: string, max: number): Path<Begun> {
    const file = yield* this.open(task, directory, name, 'read')
    if (file < 0) return { file, bytes: 0, atEnd: true }
    const { bytes, atEnd } = yield* this.some(task, file, max)
    if (atEnd) yield* this.calls.close(task, file)
    return { file, bytes, atEnd }
  }

  /** A few reads. The end is seen by reading there once more. */
  private *some(task: Task, file: Descriptor, max: number): Path<Got> {
    let bytes = 0
    for (let times = 0; times < callsAtOnce && bytes < max; times++) {
      const got = yield* this.calls.read(task, file, blockBytes)
      if (got === 0) return { bytes, atEnd: true }
      bytes += got
    }
    return { bytes, atEnd: bytes >= max }
  }

  /** Reads to the end of what is open, or so many bytes. */
  *drain(task: Task, file: Descriptor, max = Infinity): Path<number> {
    const { base } = this.kernel
    let got = 0
    while (got < max) {
      const { bytes, atEnd } = yield* base.locked(
        task,
        () => new Rest(this.some(task, file, max - got)),
      )
      got += bytes
      if (atEnd) break
    }
    return got
  }

  /** Writes a new file, or over an old one that is emptied first. */
  write(task: Task, directory: Inode, name: string, bytes: number): Path {
    return this.kernel.base.locked(task, () => new Rest(this.doWrite(task, directory, name, bytes)))
  }

  private *doWrite(task: Task, directory: Inode, name: string, bytes: number): Path {
    const file = yield* this.open(task, directory, name, 'truncate')
    if (file < 0) return
    yield* this.pour(task, file, bytes)
    yield* this.calls.close(task, file)
  }

  /** Copies a file block by block. Returns its bytes. */
  copy(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<number> {
    return this.kernel.base.locked(task, () => new Rest(this.doCopy(task, from, name, to, newName)))
  }

  private *doCopy(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<number> {
    const source = yield* this.open(task, from, name, 'read')
    if (source < 0) return 0
    const target = yield* this.open(task, to, newName, 'truncate')
    let copied = 0
    while (target >= 0) {
      const got = yield* this.calls.read(task, source, blockBytes)
      if (got === 0) break
      yield* this.calls.write(task, target, got)
      copied += got
    }
    if (target >= 0) yield* this.calls.close(task, target)
    yield* this.calls.close(task, source)
    return copied
  }

  /** Writes so many bytes to what is open. */
  *pour(task: Task, file: Descriptor, bytes: number): Path {
    for (let left = bytes; left > 0; left -= blockBytes) {
      yield* this.calls.write(task, file, Math.min(blockBytes, left))
    }
  }

  *unlink(task: Task, directory: Inode, name: string): Path {
    const isGone = yield* this.calls.unlink(task, directory, name)
    if (!isGone) task.exitStatus = 1
  }

  /** A file may well not be there; a descriptor that is refused is a failure. */
  *open(task: Task, directory: Inode, name: string, mode: OpenMode): Path<Descriptor> {
    const file = yield* this.calls.open(task, directory, name, mode)
    if (file >= 0) this.calls.small(task, 'sys_newfstat')
    else if (file !== DescriptorError.noSuchFile) task.exitStatus = 1
    return file
  }
}
