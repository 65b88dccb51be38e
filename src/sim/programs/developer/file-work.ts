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

const blockBytes = 4096

export class FileWork {
  readonly calls: FileCalls

  constructor({ calls }: Kernel) {
    this.calls = calls
  }

  /** Reads a file from its start. Returns its bytes; 0 when it is not there: no failure. */
  *read(task: Task, directory: Inode, name: string, max = Infinity): Path<number> {
    const file = yield* this.open(task, directory, name, 'read')
    if (file < 0) return 0
    const bytes = yield* this.drain(task, file, max)
    yield* this.calls.close(task, file)
    return bytes
  }

  /** Reads to the end of what is open, or so many bytes. The end is seen by reading there. */
  *drain(task: Task, file: Descriptor, max = Infinity): Path<number> {
    let bytes = 0
    while (bytes < max) {
      const got = yield* this.calls.read(task, file, blockBytes)
      if (got === 0) break
      bytes += got
    }
    return bytes
  }

  /** Writes a new file, or over an old one that is emptied first. */
  *write(task: Task, directory: Inode, name: string, bytes: number): Path {
    const file = yield* this.open(task, directory, name, 'truncate')
    if (file < 0) return
    yield* this.pour(task, file, bytes)
    yield* this.calls.close(task, file)
  }

  /** Copies a file block by block. Returns its bytes. */
  *copy(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<number> {
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
    if (file >= 0) yield* this.calls.fstat(task)
    else if (file !== DescriptorError.noSuchFile) task.exitStatus = 1
    return file
  }
}
