/**
 * The descriptors of one process (files_struct), as get_unused_fd and put_unused_fd of Linux 2.2
 * keep them: a bitmap with one bit for each descriptor, and always the lowest free one is given
 * out. How that is found is a part of its own (descriptor-allocator.ts), which may be changed while
 * processes run: a table takes the new one up at its next search.
 * Left out: memory of the descriptor closed last (TR 99-4 says that Linux has it, and that it does
 * not help when open and close alternate), close_on_exec, the page that the array of files takes.
 */
import type { Task, TaskFiles } from '../sched/task'
import { Bitmap, wordBits } from '../lib/bitmap'
import type { DescriptorAllocator, DescriptorSearch } from './descriptor-allocator'
import { copyAllocator, makeAllocator } from './descriptor-allocator'
import { DescriptorBits } from './descriptor-bits'
import type { DescriptorTables } from './descriptor-tables'
import type { OpenFile } from './files'

export type Descriptor = number

/** What a call returns instead of a descriptor: the negative errno of Linux. */
export const DescriptorError = {
  noSuchFile: -2,
  badDescriptor: -9,
  systemFull: -23,
  processFull: -24,
} as const

/** Words at first: 1,024 descriptors, the fd_set of a new files_struct. */
const firstWords = 32

export class DescriptorTable implements TaskFiles {
  private readonly used: DescriptorBits
  private allocator: DescriptorAllocator
  /** The file behind each descriptor. */
  readonly files: (OpenFile | undefined)[] = []
  /** Descriptors in use. */
  open = 0
  /** Tasks that have it: threads share one. */
  users = 1

  /** @param parent whose bitmaps are copied; left out, all descriptors are free. */
  constructor(
    private readonly tables: DescriptorTables,
    parent?: DescriptorTable,
  ) {
    this.used = parent
      ? parent.used.copy()
      : new DescriptorBits(tables.base, new Bitmap(firstWords * wordBits))
    this.used.inCache()
    this.allocator = parent
      ? copyAllocator(parent.allocator, tables, this.used)
      : makeAllocator(tables.alloc, tables, this.used)
  }

  /** As init left them: standard input, output and error are one file. */
  openStandard(file: OpenFile): void {
    for (const descriptor of [0, 1, 2]) {
      this.files[descriptor] = file
      this.used.set(descriptor, true)
    }
    this.open = 3
    file.users = 3
  }

  /** copy_files(): what a child begins with. The bitmaps are copied, the files shared. */
  copy(task: Task): DescriptorTable {
    const child = new DescriptorTable(this.tables, this)
    const { cost } = this.tables.base
    task.charge(this.bitmapBytes * cost.copyPerByte + this.open * cost.shareFile)
    for (let descriptor = 0; descriptor < this.files.length; descriptor++) {
      const file = this.files[descriptor]
      if (file) file.users++
      child.files.push(file)
    }
    child.open = this.open
    return child
  }

  private get bitmapBytes(): number {
    return this.used.bytes + (this.allocator.full?.bytes ?? 0)
  }

  /** get_unused_fd(): the lowest free descriptor, now in use; or EMFILE. */
  allocate(task: Task): Descriptor | typeof DescriptorError.processFull {
    const { tables } = this
    const descriptor = this.allocatorNow(task).find(task)
    if (descriptor >= tables.perProcess) {
      tables.refused++
      return DescriptorError.processFull
    }
    this.take(task, descriptor)
    return descriptor
  }

  /** A descriptor that is free is in use from now on: the one that was found, or dup2 names. */
  take(task: Task, descriptor: Descriptor): void {
    const { used } = this
    const word = Math.floor(descriptor / wordBits)
    if (word >= used.length) this.grow(task)
    used.set(descriptor, true)
    used.wrote(task)
    if (used.isFull(word)) this.allocatorNow(task).fullChanged(task, word, true)
    this.open++
  }

  /** The allocator that the kernel has now. */
  private allocatorNow(task: Task): DescriptorAllocator {
    const { alloc } = this.tables
    if (this.allocator.variant !== alloc) {
      this.allocator.release()
      this.allocator = makeAllocator(alloc, this.tables, this.used, task)
    }
    return this.allocator
  }

  /** put_unused_fd(): gives a descriptor back. EBADF when it was not in use. */
  release(descriptor: Descriptor, task: Task): 0 | typeof DescriptorError.badDescriptor {
    if (!this.isOpen(descriptor)) return DescriptorError.badDescriptor
    const { used } = this
    const word = Math.floor(descriptor / wordBits)
    const wasFull = used.isFull(word)
    used.set(descriptor, false)
    used.look(task, 1)
    used.wrote(task)
    if (wasFull) this.allocator.fullChanged(task, word, false)
    this.files[descriptor] = undefined
    this.open--
    return 0
  }

  isOpen(descriptor: number): boolean {
    return this.used.has(descriptor)
  }

  /** Whether one select or poll may be asked about so many descriptors. */
  mayPoll(descriptors: number): boolean {
    if (descriptors <= this.tables.polled) return true
    this.tables.pollsRefused++
    return false
  }

  /**
   * exit_files(): walks the bitmap for what is open. Whoever calls it puts the files themselves.
   */
  walk(task: Task): void {
    this.used.look(task, this.used.length)
  }

  /** The process has ended: the table is gone from the caches. */
  dismantle(): void {
    this.open = 0
    this.files.length = 0
    this.used.release()
    this.allocator.release()
  }

  /**
   * Copies of the bitmaps, the second one empty unless it is kept, and what the last search looked
   * at. Changes nothing.
   */
  bitmaps(): { words: Int32Array; fullWords: Int32Array; searched: DescriptorSearch } {
    const { full, searched } = this.allocator
    return {
      words: this.used.toArray(),
      fullWords: full ? full.toArray() : new Int32Array(0),
      searched,
    }
  }

  /** expand_fdset(): twice as many descriptors, what was there copied. */
  private grow(task: Task): void {
    task.charge(this.bitmapBytes * this.tables.base.cost.copyPerByte)
    this.used.double()
    this.allocator.full?.double()
  }
}
