/**
 * Input and output of pages (struct page's PG_locked and its wait queue): a page is locked while
 * anything of it is under way, and whoever needs it sleeps until it is unlocked.
 */
import type { BlockLayer } from '../block/block-layer'
import { sectorBytes } from '../block/block-layer'
import type { KernelBase } from '../sched/base'
import type { Path, Task } from '../sched/task'
import { TaskState } from '../sched/task'
import { WaitQueue } from '../sched/wait-queue'
import type { PageFrames } from './page-frames'

export class PageIo {
  /** Pieces of each locked page that are under way, and one more while it is being filled. */
  private readonly pending: Uint8Array
  private readonly waiters = new Map<number, WaitQueue>()

  constructor(
    private readonly base: KernelBase,
    private readonly frames: PageFrames,
    private readonly disk: BlockLayer,
  ) {
    this.pending = new Uint8Array(frames.frames)
  }

  /** Locks a page that is about to be read in pieces; `end` takes this lock off. */
  begin(frame: number): void {
    this.frames.lock(frame)
    this.pending[frame] = 1
  }

  /** One piece of a locked page is read. @param bytes a multiple of 512 */
  *read(task: Task, frame: number, sector: number, bytes: number): Path {
    this.pending[frame]++
    yield* this.disk.submit(task, false, sector, bytes / sectorBytes, frame, this.pieceDone)
  }

  private readonly pieceDone = (frame: number): number => this.end(frame)

  /** One piece less to wait for; the last one unlocks the page. Returns cycles for wake-ups. */
  end(frame: number): number {
    if (--this.pending[frame] > 0) return 0
    this.frames.unlock(frame)
    const waiters = this.takeWaiters(frame)
    return waiters ? this.base.dispatcher.wakeUp(waiters) : 0
  }

  /** wait_on_page(). */
  *wait(task: Task, frame: number): Path {
    while (this.frames.isLocked(frame)) yield* this.waitOnce(task, frame)
  }

  /** The same by one who holds the page, so that nobody frees it before the waiter has run. */
  *waitHeld(task: Task, frame: number): Path {
    this.frames.share(frame)
    yield* this.wait(task, frame)
    this.frames.drop(frame)
  }

  /** Sleeps until the page is unlocked once, whatever has become of it then. */
  waitOnce(task: Task, frame: number): Path {
    let queue = this.waiters.get(frame)
    if (!queue) {
      queue = new WaitQueue()
      this.waiters.set(frame, queue)
    }
    return this.base.dispatcher.sleepOn(task, queue, TaskState.uninterruptible)
  }

  /** The waiters of a page that has just been unlocked, if there are any. */
  takeWaiters(frame: number): WaitQueue | undefined {
    if (this.waiters.size === 0) return undefined
    const queue = this.waiters.get(frame)
    if (queue) this.waiters.delete(frame)
    return queue
  }
}
