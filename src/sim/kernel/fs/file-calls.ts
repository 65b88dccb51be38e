/** The system calls on files, as programs make them. */
import type { Area } from '../mm/address-space'
import type { Faults } from '../mm/faults'
import { pageBytes } from '../mm/page-frames'
import type { KernelBase } from '../sched/base'
import type { MayWait, Path, Task } from '../sched/task'
import { finish, Rest } from '../sched/task'
import type { Descriptor } from './descriptor-table'
import { DescriptorError } from './descriptor-table'
import type { Descriptors } from './descriptors'
import type { OpenFile } from './files'
import { InodeFile } from './inode-file'
import type { Inode } from './inode'
import type { Names } from './names'
import type { Pipes } from './pipe'

/** `append` creates too, and writes at the end of what was there when it was opened. */
export type OpenMode = 'read' | 'write' | 'create' | 'truncate' | 'append'
/** Calls that do little: on an open file, on the process's timer and identity. */
export type SmallCall = 'sys_newfstat' | 'sys_alarm' | 'sys_setgroups' | 'sys_setgid' | 'sys_setuid'
/** The descriptors of a pipe. */
export interface PipeEnds {
  readonly reads: Descriptor
  readonly writes: Descriptor
}
/** Calls on a name that do little. */
export type NamedCall = 'sys_chdir' | 'sys_utime' | 'sys_chmod'
/** Those that leave the inode changed. */
const changes: readonly NamedCall[] = ['sys_utime', 'sys_chmod']

/** A piece of a mapped file, in bytes of its area. */
export interface Piece {
  readonly area: Area
  readonly from: number
  readonly bytes: number
}

export class FileCalls {
  constructor(
    private readonly base: KernelBase,
    private readonly names: Names,
    private readonly descriptors: Descriptors,
    private readonly faults: Pick<Faults, 'touch'>,
    private readonly pipes: Pipes,
  ) {}

  /**
   * open(). With `create` the file is made if need be, with `truncate` it is emptied too. Returns a
   * descriptor, or an errno of DescriptorError: no such file, or a limit that is reached, which is
   * found out before the name is looked up.
   */
  open(task: Task, directory: Inode, name: string, mode: OpenMode = 'read'): Path<Descriptor> {
    const { sys_open } = this.base.procedures
    return this.base.systemCall(task, sys_open, () => this.doOpen(task, directory, name, mode))
  }

  private doOpen(task: Task, directory: Inode, name: string, mode: OpenMode): MayWait<Descriptor> {
    const { descriptors } = this
    const { cost } = this.base
    task.charge(cost.systemCall + cost.openClose)
    const descriptor = descriptors.reserve(task)
    if (descriptor < 0) return descriptor
    const found = this.names.resolve(task, directory, name)
    if (!found || found instanceof Rest || mode === 'truncate') {
      return new Rest(this.openFound(task, directory, name, mode, descriptor, found))
    }
    descriptors.install(task, descriptor, opened(name, found, mode))
    return descriptor
  }

  /** The rest of open() of a file that has to be looked for, made or emptied. */
  private *openFound(
    task: Task,
    directory: Inode,
    name: string,
    mode: OpenMode,
    descriptor: Descriptor,
    found: MayWait<Inode | undefined>,
  ): Path<Descriptor> {
    const { descriptors } = this
    let inode = yield* finish(found)
    if (inode) {
      if (mode === 'truncate' && inode.size > 0) yield* inode.operations.truncate(task, inode)
    } else if (mode !== 'read' && mode !== 'write') {
      inode = yield* directory.operations.create(task, directory, name, false)
    } else {
      descriptors.cancel(task, descriptor)
      return DescriptorError.noSuchFile
    }
    descriptors.install(task, descriptor, opened(name, inode, mode))
    return descriptor
  }

  close(task: Task, descriptor: Descriptor): Path {
    const { sys_close } = this.base.procedures
    return this.base.systemCall(task, sys_close, () => this.doClose(task, descriptor))
  }

  private doClose(task: Task, descriptor: Descriptor): MayWait {
    task.charge(this.base.cost.systemCall)
    return this.descriptors.close(task, descriptor)
  }

  /** read() of up to `bytes` bytes, once there are any. Returns how many came, 0 at the end. */
  read(task: Task, descriptor: Descriptor, bytes: number): Path<number> {
    const file = this.descriptors.fileAt(task, descriptor)
    const { sys_read } = this.base.procedures
    return this.base.systemCall(task, sys_read, () => this.doRead(task, file, bytes))
  }

  private doRead(task: Task, file: OpenFile, bytes: number): MayWait<number> {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    return file.read(task, bytes)
  }

  /**
   * write(). Returns how many bytes were taken: fewer when the other side of a connection is gone.
   */
  write(task: Task, descriptor: Descriptor, bytes: number): Path<number> {
    const file = this.descriptors.fileAt(task, descriptor)
    const { sys_write } = this.base.procedures
    return this.base.systemCall(task, sys_write, () => this.doWrite(task, file, bytes))
  }

  private doWrite(task: Task, file: OpenFile, bytes: number): MayWait<number> {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    return file.write(task, bytes)
  }

  /**
   * writev() of bytes that are there, and of a piece of a mapped file behind them, which is faulted
   * in first. Returns how many bytes were taken.
   */
  writev(task: Task, descriptor: Descriptor, there: number, piece: Piece): Path<number> {
    const file = this.descriptors.fileAt(task, descriptor)
    const { sys_writev } = this.base.procedures
    return this.base.systemCall(
      task,
      sys_writev,
      () => new Rest(this.doWritev(task, file, there, piece)),
    )
  }

  private *doWritev(
    task: Task,
    file: OpenFile,
    there: number,
    { area, from, bytes }: Piece,
  ): Path<number> {
    const first = Math.floor(from / pageBytes)
    const pages = Math.ceil((from + bytes) / pageBytes) - first
    yield* this.faults.touch(task, [{ area, from: first, pages, writes: false }])
    return yield* finish(this.doWrite(task, file, there + bytes))
  }

  /** unlink(). False when there is no such file. */
  unlink(task: Task, directory: Inode, name: string): Path<boolean> {
    const { sys_unlink } = this.base.procedures
    return this.base.systemCall(
      task,
      sys_unlink,
      () => new Rest(this.doUnlink(task, directory, name)),
    )
  }

  private *doUnlink(task: Task, directory: Inode, name: string): Path<boolean> {
    task.charge(this.base.cost.systemCall)
    const inode = yield* finish(this.names.resolve(task, directory, name))
    return inode ? yield* directory.operations.unlink(task, directory, name) : false
  }

  /** mkdir(). Returns the directory; the one that is there when the name is taken. */
  mkdir(task: Task, directory: Inode, name: string): Path<Inode> {
    const { sys_mkdir } = this.base.procedures
    return this.base.systemCall(
      task,
      sys_mkdir,
      () => new Rest(this.doMkdir(task, directory, name)),
    )
  }

  private *doMkdir(task: Task, directory: Inode, name: string): Path<Inode> {
    task.charge(this.base.cost.systemCall)
    const there = yield* finish(this.names.resolve(task, directory, name))
    return there ?? (yield* directory.operations.create(task, directory, name, true))
  }

  /** rmdir() of an empty directory. False when it is not there or not empty. */
  rmdir(task: Task, directory: Inode, name: string): Path<boolean> {
    const { sys_rmdir } = this.base.procedures
    return this.base.systemCall(
      task,
      sys_rmdir,
      () => new Rest(this.doRmdir(task, directory, name)),
    )
  }

  private *doRmdir(task: Task, directory: Inode, name: string): Path<boolean> {
    const { cost } = this.base
    task.charge(cost.systemCall + 2 * cost.pathComponent)
    return yield* directory.operations.unlink(task, directory, name)
  }

  rename(task: Task, from: Inode, name: string, to: Inode, newName: string): Path<boolean> {
    const { sys_rename } = this.base.procedures
    return this.base.systemCall(
      task,
      sys_rename,
      () => new Rest(this.doRename(task, from, name, to, newName)),
    )
  }

  private *doRename(
    task: Task,
    from: Inode,
    name: string,
    to: Inode,
    newName: string,
  ): Path<boolean> {
    task.charge(this.base.cost.systemCall)
    yield* finish(this.names.resolve(task, from, name))
    yield* finish(this.names.resolve(task, to, newName))
    return yield* from.operations.rename(task, from, name, to, newName)
  }

  /** stat(). The file's size in bytes, undefined when there is none. */
  stat(task: Task, directory: Inode, name: string): Path<number | undefined> {
    const { sys_newstat } = this.base.procedures
    return this.base.systemCall(task, sys_newstat, () => this.doStat(task, directory, name))
  }

  private doStat(task: Task, directory: Inode, name: string): MayWait<number | undefined> {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.pathComponent)
    const found = this.names.resolve(task, directory, name)
    return found instanceof Rest ? new Rest(sizeOf(found.path)) : found?.size
  }

  /** getdents() to the end: the names in a directory. */
  list(task: Task, directory: Inode): Path<string[]> {
    const { sys_getdents } = this.base.procedures
    return this.base.systemCall(task, sys_getdents, () => new Rest(this.doList(task, directory)))
  }

  private *doList(task: Task, directory: Inode): Path<string[]> {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.fileCall)
    return yield* directory.operations.list(task, directory)
  }

  /** pipe(). The descriptors of its two ends, or an errno of DescriptorError. */
  pipe(task: Task): Path<PipeEnds | Descriptor> {
    const { sys_pipe } = this.base.procedures
    return this.base.systemCall(task, sys_pipe, () => new Rest(this.doPipe(task)))
  }

  private *doPipe(task: Task): Path<PipeEnds | Descriptor> {
    const { cost } = this.base
    const { descriptors } = this
    task.charge(cost.systemCall + cost.pipe)
    const reads = descriptors.reserve(task)
    if (reads < 0) return reads
    const writes = descriptors.reserve(task)
    const pipe = writes < 0 ? undefined : yield* this.pipes.make(task)
    if (!pipe) {
      descriptors.cancel(task, reads)
      if (writes >= 0) descriptors.cancel(task, writes)
      return writes < 0 ? writes : DescriptorError.systemFull
    }
    descriptors.install(task, reads, pipe.reader)
    descriptors.install(task, writes, pipe.writer)
    return { reads, writes }
  }

  /** dup2(): `to` stands for what `from` stands for. */
  dup2(task: Task, from: Descriptor, to: Descriptor): Path {
    const { base, descriptors } = this
    return base.systemCall(task, base.procedures.sys_dup2, () => {
      task.charge(base.cost.systemCall + base.cost.smallCall)
      return new Rest(descriptors.duplicate(task, from, to))
    })
  }

  /** chdir(), utime() or chmod(). False when there is no such name. */
  named(task: Task, call: NamedCall, directory: Inode, name: string): Path<boolean> {
    const { base } = this
    return base.systemCall(
      task,
      base.procedures[call],
      () => new Rest(this.doNamed(task, call, directory, name)),
    )
  }

  private *doNamed(task: Task, call: NamedCall, directory: Inode, name: string): Path<boolean> {
    const { cost } = this.base
    task.charge(cost.systemCall + cost.smallCall)
    const inode = yield* finish(this.names.resolve(task, directory, name))
    if (inode && changes.includes(call)) inode.operations.changed(task, inode)
    return inode !== undefined
  }

  /** fstat(): its time. */
  fstat(task: Task): Path {
    return this.base.locked(task, () => this.small(task, 'sys_newfstat'))
  }

  /**
   * fstat(), alarm() and their like: their time. Whoever makes one has the kernel lock.
   */
  small(task: Task, call: SmallCall): void {
    const { base } = this
    base.callNow(task, base.procedures[call], base.cost.smallCall)
  }
}

const opened = (name: string, inode: Inode, mode: OpenMode): InodeFile =>
  new InodeFile(name, inode, mode === 'append' ? inode.size : 0)

function* sizeOf(found: Path<Inode | undefined>): Path<number | undefined> {
  return (yield* found)?.size
}
