/**
 * The system calls on files, as programs make them. Each enters the kernel and holds the big kernel lock until it
 * returns, as in 2.2; what it waits for it waits for without the lock, which the dispatcher sees to.
 */
import { cost } from '../costs'
import type { Descriptor } from './descriptor-table'
import { DescriptorError } from './descriptor-table'
import type { Inode } from './ext2/inode'
import type { OpenFile } from './files'
import type { Kernel } from '../kernel'
import type { Path, Task } from '../sched/task'
import { Op } from '../sched/task'

export type OpenMode = 'read' | 'write' | 'create' | 'truncate'

export class SystemCalls {
  constructor(private readonly kernel: Kernel) {}

  /** open_namei's walk: the components before the last are cached, as the directory is in use. */
  private *resolve(task: Task, directory: Inode, name: string): Path<Inode | undefined> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.lookup_dentry)
    task.charge(2 * cost.pathComponent)
    const inode =
      kernel.fs.lookupNow(task, directory, name) ?? (yield* kernel.fs.lookup(task, directory, name))
    task.node = node
    return inode
  }

  /**
   * open(). With `create` the file is made if need be, with `truncate` it is emptied too. Returns a descriptor, or an
   * errno of DescriptorError: no such file, or a limit that is reached, which is found out before the name is looked up.
   */
  *open(task: Task, directory: Inode, name: string, mode: OpenMode = 'read'): Path<Descriptor> {
    const { kernel } = this
    const { descriptors } = kernel
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_open)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.openClose)
    let descriptor = descriptors.reserve(task)
    if (descriptor >= 0) {
      let inode = yield* this.resolve(task, directory, name)
      const mayCreate = mode === 'create' || mode === 'truncate'
      if (!inode && mayCreate) inode = yield* kernel.fs.create(task, directory, name, false)
      else if (inode && mode === 'truncate' && inode.size > 0) {
        yield* kernel.fs.truncate(task, inode)
      }
      if (inode) {
        inode.users++
        descriptors.install(task, descriptor, { name, inode, users: 0, position: 0 })
      } else {
        descriptors.cancel(task, descriptor)
        descriptor = DescriptorError.noSuchFile
      }
    }
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return descriptor
  }

  *close(task: Task, descriptor: Descriptor): Path {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_close)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall)
    const inode = kernel.descriptors.close(task, descriptor)
    if (inode) yield* kernel.fs.put(task, inode)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
  }

  /** read() of up to `bytes` bytes. Returns how many came, 0 at the end of the file. */
  *read(task: Task, descriptor: Descriptor, bytes: number): Path<number> {
    const { kernel } = this
    const file = kernel.descriptors.fileAt(task, descriptor)
    const inode = inodeOf(file)
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_read)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall)
    const got = yield* kernel.fs.read(task, inode, file.position, bytes)
    file.position += got
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return got
  }

  *write(task: Task, descriptor: Descriptor, bytes: number): Path {
    const { kernel } = this
    const file = kernel.descriptors.fileAt(task, descriptor)
    const inode = inodeOf(file)
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_write)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall)
    yield* kernel.fs.write(task, inode, file.position, bytes)
    file.position += bytes
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
  }

  /** unlink(). False when there is no such file. */
  *unlink(task: Task, directory: Inode, name: string): Path<boolean> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_unlink)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall)
    const inode = yield* this.resolve(task, directory, name)
    const removed = inode ? yield* kernel.fs.unlink(task, directory, name) : false
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return removed
  }

  /** mkdir(). Returns the directory; the one that is there when the name is taken. */
  *mkdir(task: Task, directory: Inode, name: string): Path<Inode> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_mkdir)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall)
    const there = yield* this.resolve(task, directory, name)
    const made = there ?? (yield* kernel.fs.create(task, directory, name, true))
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return made
  }

  /** rmdir() of an empty directory. False when it is not there or not empty. */
  *rmdir(task: Task, directory: Inode, name: string): Path<boolean> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_rmdir)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + 2 * cost.pathComponent)
    const removed = yield* kernel.fs.unlink(task, directory, name)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return removed
  }

  *rename(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<boolean> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_rename)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall)
    yield* this.resolve(task, from, name)
    yield* this.resolve(task, to, newName)
    const moved = yield* kernel.fs.rename(task, from, name, to, newName)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return moved
  }

  /** stat(). The file's size in bytes, undefined when there is none. */
  *stat(task: Task, directory: Inode, name: string): Path<number | undefined> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_newstat)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.pathComponent)
    const inode = yield* this.resolve(task, directory, name)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return inode?.size
  }

  /** getdents() to the end: the names in a directory. */
  *list(task: Task, directory: Inode): Path<string[]> {
    const { kernel } = this
    const node = task.node
    task.node = kernel.call(task, kernel.procedures.sys_getdents)
    if (task.lockDepth++ === 0 && !kernel.dispatcher.lockNow(task)) yield Op.lock
    task.charge(cost.systemCall + cost.fileCall)
    const names = yield* kernel.fs.list(task, directory)
    task.node = node
    if (--task.lockDepth === 0) yield Op.unlock
    return names
  }
}

function inodeOf(file: OpenFile): Inode {
  if (!file.inode) throw new Error(`${file.name} is no file of ext2`)
  return file.inode
}
