/** The tools that go through directories and files: what each does once it runs. */
import type { Inode } from '../../kernel/fs/inode'
import type { Path, Task } from '../../kernel/sched/task'
import type { Work } from './commands'
import type { Environment } from './environment'

const standardInput = 0
const standardOutput = 1
/** Header of a file in a cpio archive, with its name (assumed). */
const archiveHeader = 110

export class FileTools {
  constructor(private readonly environment: Environment) {}

  /** Lists a directory and asks after every name: ls -l, find. */
  list(directory: Inode): Work {
    return (task) => this.ls(task, directory)
  }

  private *ls(task: Task, directory: Inode): Path {
    const { calls } = this.environment
    const names = yield* calls.list(task, directory)
    for (const name of names) yield* calls.stat(task, directory, name)
    yield* this.environment.files.pour(task, standardOutput, 16 * names.length)
  }

  copy(from: Inode, name: string, to: Inode, newName = name): Work {
    return (task) => this.cp(task, from, name, to, newName)
  }

  private *cp(task: Task, from: Inode, name: string, to: Inode, newName: string): Path {
    const { calls, files } = this.environment
    yield* calls.stat(task, to, newName)
    yield* files.copy(task, from, name, to, newName)
  }

  move(directory: Inode, name: string, newName: string): Work {
    return (task) => this.mv(task, directory, name, newName)
  }

  private *mv(task: Task, directory: Inode, name: string, newName: string): Path {
    const { calls } = this.environment
    yield* calls.stat(task, directory, newName)
    const isMoved = yield* calls.rename(task, directory, name, directory, newName)
    if (!isMoved) task.exitStatus = 1
  }

  remove(directory: Inode, names: readonly string[]): Work {
    return (task) => this.rm(task, directory, names)
  }

  private *rm(task: Task, directory: Inode, names: readonly string[]): Path {
    const { calls, files } = this.environment
    for (const name of names) {
      yield* calls.stat(task, directory, name)
      yield* files.unlink(task, directory, name)
    }
  }

  /** rm -r of a directory of files. */
  removeTree(parent: Inode, name: string, directory: Inode): Work {
    return (task) => this.rmTree(task, parent, name, directory)
  }

  private *rmTree(task: Task, parent: Inode, name: string, directory: Inode): Path {
    const names = yield* this.environment.calls.list(task, directory)
    yield* this.rm(task, directory, names)
    yield* this.rmdir(task, parent, name)
  }

  removeDirectory(parent: Inode, name: string): Work {
    return (task) => this.rmdir(task, parent, name)
  }

  private *rmdir(task: Task, parent: Inode, name: string): Path {
    const isGone = yield* this.environment.calls.rmdir(task, parent, name)
    if (!isGone) task.exitStatus = 1
  }

  /** touch of a file that is there. */
  touch(directory: Inode, name: string): Work {
    return (task) => this.renew(task, directory, name)
  }

  private *renew(task: Task, directory: Inode, name: string): Path {
    const isThere = yield* this.environment.calls.named(task, 'sys_utime', directory, name)
    if (!isThere) task.exitStatus = 1
  }

  /** cpio -o: names come from standard input, the files go to standard output. */
  archive(directory: Inode, names: readonly string[]): Work {
    return (task) => this.cpioOut(task, directory, names)
  }

  private *cpioOut(task: Task, directory: Inode, names: readonly string[]): Path {
    const { calls, files } = this.environment
    yield* files.drain(task, standardInput)
    for (const name of names) {
      yield* calls.stat(task, directory, name)
      const bytes = yield* files.read(task, directory, name)
      yield* files.pour(task, standardOutput, archiveHeader + bytes)
    }
  }

  /** cpio -i: an archive of such files, with their sizes, comes from standard input. */
  extract(directory: Inode, sizes: Readonly<Record<string, number>>): Work {
    return (task) => this.cpioIn(task, directory, sizes)
  }

  private *cpioIn(task: Task, directory: Inode, sizes: Readonly<Record<string, number>>): Path {
    const { calls, files } = this.environment
    for (const [name, bytes] of Object.entries(sizes)) {
      yield* files.drain(task, standardInput, archiveHeader + bytes)
      yield* files.write(task, directory, name, bytes)
      yield* calls.named(task, 'sys_utime', directory, name)
      yield* calls.named(task, 'sys_chmod', directory, name)
    }
  }
}
