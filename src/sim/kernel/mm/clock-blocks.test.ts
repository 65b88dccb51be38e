/**
 * The clock of shrink_mmap passes blocks of frames in which it can change nothing. Here it is held
 * against one that looks at every frame: the same machine runs twice, once with each.
 */
import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import type { BufferCache } from '../fs/buffer-cache'
import { bforgetVariants } from '../fs/buffer-cache'
import { noBuffer } from '../fs/buffer-heads'
import type { Op, Task } from '../sched/task'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, smallMachine } from '../small-machine.test-support'
import type { CachedInode } from './page-cache'
import { FrameUse, noFrame } from './page-frames'

/** try_to_free_buffers() as it looks at the buffers of one page. */
function tryToFree({ kernel }: SmallMachine, frame: number, task: Task): boolean {
  const { buffers } = kernel
  const first = buffers['pageOfFrame'][frame]! * buffers.perPage
  for (let buffer = first; buffer < first + buffers.perPage; buffer++) {
    if (!buffers.busy(buffer)) continue
    task.charge((buffer - first + 1) * kernel.cost.bufferStep)
    buffers.wakeBdflush(1)
    return false
  }
  buffers.free(frame, task)
  return true
}

/** shrink_mmap() as it looks at every frame. */
function shrinkMmap(m: SmallMachine, task: Task, priority: number): boolean {
  const { kernel } = m
  const { frames, reclaim, pages, swap } = kernel
  const { node } = task
  const all = frames.frames
  task.node = kernel.base.call(task, kernel.procedures.shrink_mmap)
  let left = all >> priority
  let steps = 0
  let freed = false
  while (left > 0 && steps < 2 * all && !freed) {
    steps++
    const frame = reclaim['clock']
    reclaim['clock'] = (frame + 1) % all
    const referenced = frames.isReferenced(frame)
    frames.clearReferenced(frame)
    if (!frames.hasOneUser(frame)) continue
    left--
    const use = frames.useOf(frame)
    if (use === FrameUse.swapCache && swap.isSpare(frame, referenced)) {
      swap.remove(frame)
      freed = true
      continue
    }
    if (referenced) continue
    if (use === FrameUse.buffers) {
      if (frames.total[FrameUse.buffers]! < all * 0.02 || !tryToFree(m, frame, task)) continue
      reclaim.stolenBuffers++
      freed = true
    } else if (use === FrameUse.pageCache && pages.pages >= all * 0.02) {
      pages.remove(frame, task)
      reclaim.stolenCache++
      freed = true
    }
  }
  task.charge(steps * kernel.cost.clockStep)
  task.node = node
  return freed
}

/** What a machine of so many frames is filled with, and what happens to it between two walks. */
class Life {
  readonly m: SmallMachine
  readonly random: RandomStream
  readonly trace: unknown[] = []
  /** Times that several pages of buffers were passed at once. */
  passed = 0
  private readonly held: number[] = []
  private readonly shared: number[] = []
  private readonly file: CachedInode = { slot: 300, firstPage: noFrame, pages: 0 }
  private index = 0

  constructor(seed: number, plain: boolean) {
    this.random = new RandomStream(seed, 'life')
    const bforget = bforgetVariants[this.random.below(3)]!
    this.m = smallMachine({ seed, memoryMB: 18, cpus: 1 + this.random.below(4), bforget })
    if (this.random.chance(0.3)) this.m.tree.setSampling(true)
    const { buffers, reclaim } = this.m.kernel
    if (plain) {
      reclaim['shrinkMmap'] = (task, priority) => shrinkMmap(this.m, task, priority)
    }
    const cannotFree = buffers.cannotFree.bind(buffers) as BufferCache['cannotFree']
    buffers.cannotFree = (pages, looks, task) => {
      if (pages > 1) this.passed++
      cannotFree(pages, looks, task)
    }
  }

  live(): void {
    const { m } = this
    run(m, (task) => this.body(task))
    pass(m, 1)
    this.trace.push(m.engine.digest(), ...m.tree.charged)
  }

  private *body(task: Task): Generator<typeof Op.run, void, void> {
    const { kernel, engine, tree } = this.m
    while (kernel.frames.free > 40) this.change(task)
    for (let round = 0; round < 60; round++) {
      const changes = this.random.chance(0.2) ? 400 : this.random.below(6)
      for (let change = 0; change < changes; change++) this.change(task)
      const priority = 1 + this.random.below(6)
      let freed = 0
      while (freed < 32 && kernel.reclaim['shrinkMmap'](task, priority)) freed++
      const { stolenBuffers, stolenCache } = kernel.reclaim
      this.trace.push({
        freed,
        clock: kernel.reclaim['clock'],
        stolenBuffers,
        stolenCache,
        now: engine.now,
        pending: task.pending,
        charged: [...tree.charged],
        cycles: task.chargedCycles.slice(0, task.charges),
        records: kernel.frames.records.reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 0),
      })
      // Time passes, and bdflush runs; or it does not, and was woken before.
      if (this.random.chance(0.4)) yield 0
    }
  }

  private change(task: Task): void {
    const { frames, buffers, pages, timer } = this.m.kernel
    const { jiffies } = timer
    const { random, held, shared } = this
    const kind = random.below(10)
    if (kind < 3) this.takeBuffers(task)
    else if (kind < 4) frames.take(FrameUse.anonymous)
    else if (kind < 6) {
      const frame = frames.take(FrameUse.pageCache)
      if (frame === noFrame) return
      pages.add(frame, this.file, this.index++, task)
      if (random.chance(0.3)) frames.markReferenced(frame)
      if (random.chance(0.1)) {
        frames.share(frame)
        shared.push(frame)
      }
    } else if (kind < 7) {
      const frame = shared.pop()
      if (frame !== undefined) frames.drop(frame)
    } else {
      const at = random.below(held.length + 1)
      const buffer = held[at]
      if (buffer === undefined) return
      held[at] = held[held.length - 1]!
      held.pop()
      if (kind === 7) buffers.forget(buffer, task, jiffies, 100)
      else if (kind === 8) buffers.release(buffer, task, jiffies, 100)
      else {
        buffers.markDirty(buffer)
        buffers.release(buffer, task, jiffies, 100)
      }
    }
  }

  /** A page of buffers, of which some stay in use. */
  private takeBuffers(task: Task): void {
    const { frames, buffers, timer } = this.m.kernel
    const { jiffies } = timer
    const frame = frames.take(FrameUse.buffers)
    if (frame === noFrame) return
    buffers.addPage(frame, task)
    const used = this.random.below(buffers.perPage + 1)
    for (let count = 0; count < used; count++) {
      const buffer = buffers.takeFree(500_000 + this.index++, task)
      if (buffer === noBuffer) return
      if (this.random.chance(0.6)) this.held.push(buffer)
      else buffers.release(buffer, task, jiffies, 100)
    }
  }
}

describe('the clock that passes blocks of frames', () => {
  it('does and charges what one does that looks at every frame', () => {
    let passed = 0
    let freed = 0
    for (let seed = 1; seed <= 20; seed++) {
      const fast = new Life(seed, false)
      const slow = new Life(seed, true)
      fast.live()
      slow.live()
      expect(fast.trace, `seed ${seed}`).toEqual(slow.trace)
      expect(slow.passed).toBe(0)
      passed += fast.passed
      freed += fast.m.kernel.reclaim.stolenBuffers + fast.m.kernel.reclaim.stolenCache
    }
    expect(passed).toBeGreaterThan(100)
    expect(freed).toBeGreaterThan(1000)
  })
})
