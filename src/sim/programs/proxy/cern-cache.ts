/**
 * The cache of a CERN httpd on the disk: a file for each document, and in each directory a file
 * .cache_info with a line for each document of it, which is read to its end for every look-up and
 * is appended to (HTCache.c, HTCacheInfo.c of 3.0A). While a document comes it is written to a lock
 * file, which then takes its name. What was used longest ago goes when there is more than the cache
 * may have, and .cache_info is written anew without it: by who has fetched what was too much.
 * Left out: expiry and IMS-GET; cleaning up many at a time, at night or when a process ends.
 */
import type { Descriptor } from '../../kernel/fs/descriptor-table'
import type { OpenMode } from '../../kernel/fs/file-calls'
import type { Inode } from '../../kernel/fs/inode'
import type { Kernel } from '../../kernel/kernel'
import type { Path, Task } from '../../kernel/sched/task'
import { readWhole } from './cern-stdio'
import { DocumentStore } from './document-store'
import type { Document } from './proxy'
import { fileName } from './proxy'

const infoName = '.cache_info'
/** A line of it: the file's name and five numbers (assumed). */
const infoLineBytes = 70
/** Directories of hosts and paths (assumed). */
const directories = 1024

const lockName = (document: Document): string => `${fileName(document)}.cache_lock`

export class CernCache {
  private readonly directories: Inode[] = []
  private readonly documents = new DocumentStore()
  /** Documents in each directory. */
  private readonly lines = new Uint32Array(directories)

  constructor(
    private readonly kernel: Kernel,
    home: Inode,
    stored: readonly Document[],
  ) {
    const { fs } = kernel
    for (let index = 0; index < directories; index++) {
      this.directories.push(fs.installDirectory(home, `${index}`, 4 + (index % 16)))
    }
    for (const document of stored) {
      fs.install(this.directoryOf(document), fileName(document), document.bytes)
      this.documents.keepOnDisk(document, Infinity)
      this.lines[document.id % directories]++
    }
    this.directories.forEach((directory, index) => {
      const bytes = this.lines[index] * infoLineBytes
      if (bytes > 0) fs.install(directory, infoName, bytes)
    })
  }

  directoryOf({ id }: Document): Inode {
    return this.directories[id % directories]
  }

  /** cache_lookup(): whether there is a file that nobody writes, and that its line says is good. */
  *has(task: Task, document: Document): Path<boolean> {
    const { calls } = this.kernel
    const directory = this.directoryOf(document)
    if ((yield* calls.stat(task, directory, lockName(document))) !== undefined) return false
    const size = yield* calls.stat(task, directory, fileName(document))
    if (size === undefined || !this.documents.onDisk(document)) return false
    yield* readWhole(this.kernel, task, directory, infoName)
    return true
  }

  open(task: Task, document: Document): Path<Descriptor> {
    return this.kernel.calls.open(task, this.directoryOf(document), fileName(document), 'read')
  }

  /** do_lock(): the file to write a document into. */
  lock(task: Task, document: Document): Path<Descriptor> {
    return this.kernel.calls.open(task, this.directoryOf(document), lockName(document), 'truncate')
  }

  /** cache_created(): the lock file takes the document's name, and .cache_info gets a line. */
  *created(task: Task, document: Document, mostBytes: number): Path {
    const { calls } = this.kernel
    const directory = this.directoryOf(document)
    const isNew = !this.documents.onDisk(document)
    yield* calls.rename(task, directory, lockName(document), directory, fileName(document))
    const gone = this.documents.keepOnDisk(document, mostBytes)
    if (isNew) this.lines[document.id % directories]++
    yield* this.writeLines(task, directory, 'append', 1)
    for (const old of gone) {
      const from = this.directoryOf(old)
      yield* calls.unlink(task, from, fileName(old))
      yield* this.writeLines(task, from, 'truncate', --this.lines[old.id % directories])
    }
  }

  private *writeLines(task: Task, directory: Inode, mode: OpenMode, lines: number): Path {
    const { calls } = this.kernel
    const info = yield* calls.open(task, directory, infoName, mode)
    if (info < 0) return
    yield* calls.write(task, info, lines * infoLineBytes)
    yield* calls.close(task, info)
  }

  /** What has not come whole is thrown away. */
  *abandoned(task: Task, document: Document): Path {
    yield* this.kernel.calls.unlink(task, this.directoryOf(document), lockName(document))
  }
}
