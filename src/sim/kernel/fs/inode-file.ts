/** A file of a file system that was opened: read and written where its position stands. */
import type { MayWait, Path, Task } from '../sched/task'
import { Rest } from '../sched/task'
import type { OpenFile } from './files'
import { Readiness } from './files'
import type { Inode } from './inode'

export class InodeFile implements OpenFile {
  users = 0

  /** The inode has a user more until the last descriptor is closed. */
  constructor(
    readonly name: string,
    readonly inode: Inode,
    private position = 0,
  ) {
    inode.users++
  }

  read(task: Task, bytes: number): MayWait<number> {
    const { inode } = this
    const got = inode.operations.read(task, inode, this.position, bytes)
    if (got instanceof Rest) return new Rest(this.readRest(got.path))
    this.position += got
    return got
  }

  private *readRest(path: Path<number>): Path<number> {
    const got = yield* path
    this.position += got
    return got
  }

  write(task: Task, bytes: number): MayWait<number> {
    const { inode } = this
    const done = inode.operations.write(task, inode, this.position, bytes)
    if (done instanceof Rest) return new Rest(this.writeRest(done.path, bytes))
    this.position += bytes
    return bytes
  }

  private *writeRest(path: Path, bytes: number): Path<number> {
    yield* path
    this.position += bytes
    return bytes
  }

  /** DEFAULT_POLLMASK: the disk is waited for, never asked. */
  poll(): number {
    return Readiness.readable | Readiness.writable
  }

  release(task: Task): MayWait {
    return this.inode.operations.put(task, this.inode)
  }
}
