/** A file of a file system that was opened: read and written where its position stands. */
import type { Path, Task } from '../sched/task'
import type { OpenFile } from './files'
import { Readiness } from './files'
import type { Inode } from './inode'

export class InodeFile implements OpenFile {
  users = 0
  private position = 0

  /** The inode has a user more until the last descriptor is closed. */
  constructor(
    readonly name: string,
    readonly inode: Inode,
  ) {
    inode.users++
  }

  *read(task: Task, bytes: number): Path<number> {
    const { inode } = this
    const got = yield* inode.operations.read(task, inode, this.position, bytes)
    this.position += got
    return got
  }

  *write(task: Task, bytes: number): Path<number> {
    const { inode } = this
    yield* inode.operations.write(task, inode, this.position, bytes)
    this.position += bytes
    return bytes
  }

  /** DEFAULT_POLLMASK: the disk is waited for, never asked. */
  poll(): number {
    return Readiness.readable | Readiness.writable
  }

  release(task: Task): Path {
    return this.inode.operations.put(task, this.inode)
  }
}
