/**
 * Files read through the page cache (generic_file_read of mm/filemap.c, Linux 2.2): page by page,
 * reading ahead in windows that double while the reads are sequential. The file's own file system
 * fills a page.
 */
import type { KernelBase } from '../sched/base'
import type { MayWait, Path, Task } from '../sched/task'
import { finish, Rest } from '../sched/task'
import type { StackNode } from '../../observe/call-tree'
import type { MappedFile } from './address-space'
import type { PageCache } from './page-cache'
import type { PageFrames } from './page-frames'
import { FrameUse, noFrame, pageBytes } from './page-frames'
import type { PageIo } from './page-io'
import type { Reclaim } from './reclaim'

/** Pages of the first window, and of the largest (MAX_READAHEAD: 128 KB). */
const firstWindow = 4
const largestWindow = 32

export class FilePages {
  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly pages: PageCache,
    private readonly pageIo: PageIo,
    private readonly reclaim: Reclaim,
  ) {}

  /** do_generic_file_read(). Returns how many bytes there were. */
  read(task: Task, file: MappedFile, position: number, bytes: number): MayWait<number> {
    const { base } = this
    const node = task.node
    task.node = base.call(task, base.procedures.generic_file_read)
    const end = Math.min(position + bytes, file.size)
    const at = this.copyOut(task, file, position, end)
    if (at instanceof Rest) return new Rest(this.readRest(task, at.path, position, node))
    task.node = node
    return Math.max(0, at - position)
  }

  private *readRest(
    task: Task,
    path: Path<number>,
    position: number,
    caller: StackNode,
  ): Path<number> {
    const at = yield* path
    task.node = caller
    return Math.max(0, at - position)
  }

  /** Copies from `position` to `end`, page by page. Returns how far it has come. */
  private copyOut(task: Task, file: MappedFile, position: number, end: number): MayWait<number> {
    const { frames, pages } = this
    let at = position
    while (at < end) {
      const frame = pages.find(file, Math.floor(at / pageBytes), task)
      if (frame === noFrame || frames.isLocked(frame)) {
        return new Rest(this.copyOutRest(task, file, at, end, frame))
      }
      at += this.chargeCopy(task, at, end)
    }
    return at
  }

  /** The same from a page on that has to be waited for. */
  private *copyOutRest(
    task: Task,
    file: MappedFile,
    at: number,
    end: number,
    found: number,
  ): Path<number> {
    const frame = yield* this.page(task, file, Math.floor(at / pageBytes), found)
    if (frame === noFrame) return at
    return yield* finish(this.copyOut(task, file, at + this.chargeCopy(task, at, end), end))
  }

  /** What of a page is asked for. Returns how many bytes that is. */
  private chargeCopy(task: Task, at: number, end: number): number {
    const { cost } = this.base
    const length = Math.min(pageBytes - (at % pageBytes), end - at)
    task.charge(cost.readPage + length * cost.copyPerByte)
    return length
  }

  /**
   * One page of a file that is not there (`found` is `noFrame`) or not yet read: read if need be,
   * with those that probably follow. `noFrame`: no memory.
   */
  private *page(task: Task, file: MappedFile, index: number, found: number): Path<number> {
    for (let frame = found; ; frame = this.pages.find(file, index, task)) {
      if (frame !== noFrame) {
        if (!this.frames.isLocked(frame)) return frame
        yield* this.pageIo.waitHeld(task, frame)
        continue
      }
      const { readAhead } = file
      const sequential = index === readAhead.from
      readAhead.pages = sequential ? Math.min(largestWindow, readAhead.pages * 2) : firstWindow
      readAhead.from = index + readAhead.pages
      const done = yield* this.readPages(task, file, index, readAhead.pages)
      if (!done) return noFrame
    }
  }

  /**
   * Reads those of `count` pages from `index` that are not cached. The first is in use until all
   * are asked for, so that looking for memory for the others does not take it. What there is no
   * memory for is left out, and memory is looked for again for each page behind it. False when
   * there is no such page, or no memory for one without which the rest is not wanted.
   */
  *readPages(
    task: Task,
    file: MappedFile,
    index: number,
    count: number,
    needsFirst = true,
  ): Path<boolean> {
    const { frames, pages, reclaim } = this
    if (index * pageBytes >= file.size) return false
    let first = noFrame
    for (let page = index; page < index + count && page * pageBytes < file.size; page++) {
      if (pages.find(file, page, task) !== noFrame) continue
      let frame = reclaim.takeNow(task, FrameUse.pageCache)
      const waited = frame === noFrame
      if (waited) frame = yield* reclaim.take(task, FrameUse.pageCache, true)
      if (frame === noFrame) {
        if (needsFirst && page === index) return false
        continue
      }
      if (waited && pages.find(file, page, task) !== noFrame) {
        // It came while this task slept.
        frames.drop(frame)
        continue
      }
      pages.add(frame, file, page, task)
      if (page === index) {
        first = frame
        frames.share(frame)
      }
      yield* file.operations.readPage(task, file, page, frame)
    }
    if (first !== noFrame) frames.drop(first)
    return true
  }
}
