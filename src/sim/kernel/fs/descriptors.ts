/**
 * Installing files at descriptors and removing them: what open, accept, close, fork and exit of
 * Linux 2.2 have in common.
 * A call that makes a file reserves a descriptor first and takes a file structure then, so that a
 * process at its own limit fails with EMFILE even when the system's (ENFILE) is reached too.
 * Whoever has reserved either installs a file or cancels.
 * Left out: that exec opens what it maps.
 */
import type { DescriptorTableSnapshot } from '../../observe/structures'
import type { Descriptor } from './descriptor-table'
import { DescriptorError, DescriptorTable } from './descriptor-table'
import { DescriptorTables } from './descriptor-tables'
import { wordsPerFull } from './descriptor-variant'
import type { OpenFile } from './files'
import { NullFile, reservedFiles, SystemFiles } from './files'
import type { KernelBase } from '../sched/base'
import type { MayWait, Path, Task } from '../sched/task'
import { finish, Rest } from '../sched/task'

export class Descriptors {
  readonly tables: DescriptorTables
  readonly system = new SystemFiles()

  constructor(private readonly base: KernelBase) {
    this.tables = new DescriptorTables(base)
  }

  /** What init hands on: the console as standard input, output and error. */
  begin(task: Task): void {
    const table = new DescriptorTable(this.tables)
    task.files = table
    if (!this.system.take(task.superuser)) return
    table.openStandard(new NullFile('/dev/console'))
  }

  /** copy_files(). */
  inherit(task: Task, child: Task): void {
    const { base } = this
    const node = task.node
    task.node = base.call(task, base.procedures.copy_files)
    child.files = tableAt(task)?.copy(task)
    task.node = node
  }

  /** copy_files() of clone() with CLONE_FILES: the thread has the table that the task has. */
  share(task: Task, thread: Task): void {
    const table = tableAt(task)
    if (table) table.users++
    thread.files = table
  }

  /**
   * get_unused_fd() and get_empty_filp(): a descriptor with nothing behind it yet; or EMFILE or
   * ENFILE.
   */
  reserve(task: Task): Descriptor {
    const { base } = this
    const table = tableOf(task)
    const node = task.node
    task.node = base.call(task, base.procedures.get_unused_fd)
    let descriptor: Descriptor = table.allocate(task)
    if (descriptor >= 0 && !this.system.take(task.superuser)) {
      table.release(descriptor, task)
      descriptor = DescriptorError.systemFull
    }
    task.node = node
    return descriptor
  }

  /** put_filp() and put_unused_fd(): the call has failed. */
  cancel(task: Task, descriptor: Descriptor): void {
    this.system.release()
    tableOf(task).release(descriptor, task)
  }

  /** fd_install(). */
  install(task: Task, descriptor: Descriptor, file: OpenFile): void {
    file.users++
    tableOf(task).files[descriptor] = file
  }

  /** do_dup2(): `to` stands for the same file, and no more for what it stood for. */
  *duplicate(task: Task, from: Descriptor, to: Descriptor): Path {
    const file = this.fileAt(task, from)
    const table = tableOf(task)
    if (table.isOpen(to)) yield* finish(this.close(task, to))
    table.take(task, to)
    this.install(task, to, file)
  }

  /** @throws Error when the descriptor is not open: a program's error is a bug of the model. */
  fileAt(task: Task, descriptor: Descriptor): OpenFile {
    const file = tableAt(task)?.files[descriptor]
    if (file) return file
    throw new Error(`process ${task.pid} uses descriptor ${descriptor}, which is not open`)
  }

  /** filp_close(). */
  close(task: Task, descriptor: Descriptor): MayWait {
    const file = this.fileAt(task, descriptor)
    tableOf(task).release(descriptor, task)
    return --file.users === 0 ? this.put(task, file) : undefined
  }

  /** fput() of the last user: the structure goes. */
  private put(task: Task, file: OpenFile): MayWait {
    this.system.release()
    return file.release(task)
  }

  /** exit_files(): the last task that has the table closes what is open. */
  *exit(task: Task): Path {
    const { base } = this
    const table = tableAt(task)
    if (!table) return
    if (--table.users > 0) {
      task.files = undefined
      return
    }
    const node = task.node
    task.node = base.call(task, base.procedures.exit_files)
    table.walk(task)
    for (let descriptor = 0; descriptor < table.files.length; descriptor++) {
      const file = table.files[descriptor]
      if (!file) continue
      table.files[descriptor] = undefined
      if (--file.users > 0) continue
      const put = this.put(task, file)
      if (put instanceof Rest) yield* put.path
    }
    table.dismantle()
    task.files = undefined
    task.node = node
  }

  /** The table of the process with the most open descriptors; of equals, the oldest process. */
  snapshot(tasks: Iterable<Task>): DescriptorTableSnapshot {
    const { tables, system } = this
    let shown: Task | undefined
    let processes = 0
    for (const task of tasks) {
      if (!task.files) continue
      processes++
      if (task.files.open > (shown?.files?.open ?? 0)) shown = task
    }
    const table = shown && tableAt(shown)
    const bitmaps = table?.bitmaps() ?? noBitmaps
    return {
      kind: 'descriptor-table',
      alloc: tables.alloc,
      ...bitmaps,
      wordsPerFull: wordsPerFull(tables.alloc),
      processes,
      process: shown && { pid: shown.pid, command: shown.command },
      files: Array.from(table?.files ?? [], (file) => file?.name ?? ''),
      perProcess: tables.perProcess,
      emfile: tables.refused,
      system: {
        used: system.used,
        held: system.held,
        limit: system.limit,
        reserved: reservedFiles,
        enfile: system.refused,
      },
    }
  }
}

const noBitmaps = {
  words: new Int32Array(0),
  fullWords: new Int32Array(0),
  searched: { fullWords: 0, from: 0, words: 0 },
}

/** The descriptors of a task. Whatever a task holds in that slot was put there by this room. */
export const tableAt = (task: Task): DescriptorTable | undefined =>
  task.files as DescriptorTable | undefined

function tableOf(task: Task): DescriptorTable {
  const table = tableAt(task)
  if (!table) throw new Error(`task ${task.pid} (${task.command}) has no descriptors`)
  return table
}
