/** The system calls on files, as programs make them: each takes the big kernel lock, as in 2.2. */
import { cost } from './costs'
import type { Inode } from './ext2-inode'
import type { OpenFile } from './files'
import type { Kernel } from './kernel'
import type { ProcedureName } from './procedures'
import type { Path, Task } from './task'
import { Op } from './task'

export type Descriptor = number

export class SystemCalls {
  constructor(private readonly kernel: Kernel) {}

  /** Enters the kernel, holds the big kernel lock around `work`, and leaves again. */
  private *call<Value>(
    task: Task,
    procedure: ProcedureName,
    cycles: number,
    work: () => Path<Value>,
  ): Path<Value> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures[procedure])
    if (task.lockDepth++ === 0) yield Op.lock
    task.charge(cost.systemCall + cycles)
    const value = yield* work()
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return value
  }

  private *resolve(task: Task, directory: Inode, name: string): Path<Inode | undefined> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.lookup_dentry)
    // The components before the last are cached: the directory is in use.
    task.charge(2 * cost.pathComponent)
    const inode = yield* kernel.fs.lookup(task, directory, name)
    task.node = node
    return inode
  }

  /** open(). With `create` the file is made if need be, with `truncate` it is emptied. Undefined: no such file. */
  *open(
    task: Task,
    directory: Inode,
    name: string,
    mode: 'read' | 'write' | 'create' | 'truncate' = 'read',
  ): Path<Descriptor | undefined> {
    const { fs } = this.kernel
    return yield* this.call(
      task,
      'sys_open',
      cost.openClose,
      function* (this: SystemCalls): Path<Descriptor | undefined> {
        let inode = yield* this.resolve(task, directory, name)
        if (!inode) {
          if (mode === 'read' || mode === 'write') return undefined
          inode = yield* fs.create(task, directory, name, false)
        } else if (mode === 'truncate' && inode.size > 0) {
          yield* fs.truncate(task, inode)
        }
        inode.users++
        const free = task.files.indexOf(undefined)
        const descriptor = free >= 0 ? free : task.files.length
        task.files[descriptor] = { inode, position: 0 }
        return descriptor
      }.bind(this),
    )
  }

  *close(task: Task, descriptor: Descriptor): Path {
    const { fs } = this.kernel
    const file = fileOf(task, descriptor)
    yield* this.call(task, 'sys_close', 0, () => {
      task.files[descriptor] = undefined
      return fs.put(task, file.inode)
    })
  }

  /** read() of up to `bytes` bytes. Returns how many came, 0 at the end of the file. */
  *read(task: Task, descriptor: Descriptor, bytes: number): Path<number> {
    const file = fileOf(task, descriptor)
    const { fs } = this.kernel
    const got = yield* this.call(task, 'sys_read', cost.fileCall, () =>
      fs.read(task, file.inode, file.position, bytes),
    )
    file.position += got
    return got
  }

  *write(task: Task, descriptor: Descriptor, bytes: number): Path {
    const file = fileOf(task, descriptor)
    const { fs } = this.kernel
    yield* this.call(task, 'sys_write', cost.fileCall, () =>
      fs.write(task, file.inode, file.position, bytes),
    )
    file.position += bytes
  }

  /** unlink(). False when there is no such file. */
  *unlink(task: Task, directory: Inode, name: string): Path<boolean> {
    const { fs } = this.kernel
    return yield* this.call(
      task,
      'sys_unlink',
      0,
      function* (this: SystemCalls): Path<boolean> {
        const inode = yield* this.resolve(task, directory, name)
        return inode ? yield* fs.unlink(task, directory, name) : false
      }.bind(this),
    )
  }

  /** mkdir(). Returns the directory; the one that is there when the name is taken. */
  *mkdir(task: Task, directory: Inode, name: string): Path<Inode> {
    const { fs } = this.kernel
    return yield* this.call(
      task,
      'sys_mkdir',
      0,
      function* (this: SystemCalls): Path<Inode> {
        const there = yield* this.resolve(task, directory, name)
        return there ?? (yield* fs.create(task, directory, name, true))
      }.bind(this),
    )
  }

  /** rmdir() of an empty directory. False when it is not there or not empty. */
  *rmdir(task: Task, directory: Inode, name: string): Path<boolean> {
    const { fs } = this.kernel
    return yield* this.call(task, 'sys_rmdir', 0, () => fs.unlink(task, directory, name))
  }

  *rename(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<boolean> {
    const { fs } = this.kernel
    return yield* this.call(
      task,
      'sys_rename',
      0,
      function* (this: SystemCalls): Path<boolean> {
        yield* this.resolve(task, from, name)
        yield* this.resolve(task, to, newName)
        return yield* fs.rename(task, from, name, to, newName)
      }.bind(this),
    )
  }

  /** stat(). The file's size in bytes, undefined when there is none. */
  *stat(task: Task, directory: Inode, name: string): Path<number | undefined> {
    const inode = yield* this.call(task, 'sys_newstat', cost.pathComponent, () =>
      this.resolve(task, directory, name),
    )
    return inode?.size
  }

  /** getdents() to the end: the names in a directory. */
  *list(task: Task, directory: Inode): Path<string[]> {
    const { fs } = this.kernel
    return yield* this.call(task, 'sys_getdents', cost.fileCall, () => fs.list(task, directory))
  }
}

function fileOf(task: Task, descriptor: Descriptor): OpenFile {
  const file = task.files[descriptor]
  if (!file) throw new Error(`process ${task.pid} uses descriptor ${descriptor}, which is not open`)
  return file
}
