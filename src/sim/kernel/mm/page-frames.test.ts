import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import type { FrameUseCode } from './page-frames'
import { FrameUse, noFrame, PageFrames } from './page-frames'

const sum = (totals: Int32Array): number => totals.reduce((total, count) => total + count, 0)

describe('page frames', () => {
  it('are all there once, and the one that was freed last is taken first', () => {
    const frames = new PageFrames(100)
    const taken = Array.from({ length: 100 }, () => frames.take(FrameUse.anonymous))
    expect(new Set(taken).size).toBe(100)
    expect(frames.take(FrameUse.anonymous)).toBe(noFrame)
    expect(frames.free).toBe(0)
    frames.drop(42)
    frames.drop(17)
    expect(frames.take(FrameUse.buffers)).toBe(17)
    expect(frames.take(FrameUse.buffers)).toBe(42)
    expect(frames.total[FrameUse.anonymous]).toBe(98)
    expect(frames.total[FrameUse.buffers]).toBe(2)
  })

  it('come in pairs that lie together, until none is left, and single ones do not mind', () => {
    const frames = new PageFrames(101, new RandomStream(3, 'pairs'))
    const pairs: number[] = []
    const singles: number[] = []
    while (frames.free > 11) {
      const pair = frames.takePair(FrameUse.kernel)
      if (pair !== noFrame) pairs.push(pair)
      singles.push(frames.take(FrameUse.anonymous))
    }
    while (frames.free > 0) singles.push(frames.take(FrameUse.anonymous))
    expect(frames.takePair(FrameUse.kernel)).toBe(noFrame)
    expect(pairs.every((first) => first % 2 === 0)).toBe(true)
    // In no order.
    expect(pairs).not.toEqual([...pairs].sort((a, b) => a - b))
    const all = [...pairs.flatMap((first) => [first, first + 1]), ...singles]
    expect(new Set(all).size).toBe(101)
    expect([...frames.total]).toEqual([0, pairs.length * 2, singles.length, 0, 0, 0])
    // A pair is free again when both are.
    frames.drop(pairs[0]!)
    expect(frames.takePair(FrameUse.kernel)).toBe(noFrame)
    frames.drop(pairs[0]! + 1)
    expect(frames.takePair(FrameUse.kernel)).toBe(pairs[0])
    expect(frames.takePair(FrameUse.kernel)).toBe(noFrame)
  })

  it('a frame is freed when its last user drops it, and starts anew', () => {
    const frames = new PageFrames(10)
    const frame = frames.take(FrameUse.pageCache)
    frames.share(frame)
    frames.share(frame)
    frames.markReferenced(frame)
    frames.lock(frame)
    expect(frames.usersOf(frame)).toBe(3)
    expect([frames.drop(frame), frames.drop(frame)]).toEqual([false, false])
    expect(frames.useOf(frame)).toBe(FrameUse.pageCache)
    expect(frames.free).toBe(9)
    expect(frames.drop(frame)).toBe(true)
    expect(frames.free).toBe(10)
    expect(frames.take(FrameUse.kernel)).toBe(frame)
    expect(frames.isReferenced(frame)).toBe(false)
    expect(frames.isLocked(frame)).toBe(false)
    expect(frames.usersOf(frame)).toBe(1)
  })

  it('flags and use do not disturb each other or the count of users', () => {
    const frames = new PageFrames(10)
    const frame = frames.take(FrameUse.anonymous)
    frames.share(frame)
    frames.lock(frame)
    frames.changeUse(frame, FrameUse.swapCache)
    frames.markReferenced(frame)
    expect([frames.isLocked(frame), frames.isReferenced(frame)]).toEqual([true, true])
    frames.unlock(frame)
    expect([frames.isLocked(frame), frames.isReferenced(frame)]).toEqual([false, true])
    frames.clearReferenced(frame)
    expect([frames.usersOf(frame), frames.useOf(frame)]).toEqual([2, FrameUse.swapCache])
    expect(frames.total[FrameUse.anonymous]).toBe(0)
    expect(frames.total[FrameUse.swapCache]).toBe(1)
  })

  it.each([
    [1024, 10, 20, 30],
    [16_384, 128, 256, 384],
    [32_768, 256, 512, 768],
    [131_072, 256, 512, 768],
  ])('of %i the marks are %i, %i and %i', (count, min, low, high) => {
    const frames = new PageFrames(count)
    expect([frames.min, frames.low, frames.high]).toEqual([min, low, high])
  })

  it('by use are as many as were taken for it, whatever is done', () => {
    const random = new RandomStream(1, 'frames')
    const frames = new PageFrames(64)
    const users = new Map<number, number>()
    const useOf = new Map<number, number>()
    const anyUse = (): FrameUseCode => random.between(1, 5) as FrameUseCode
    for (let step = 0; step < 3000; step++) {
      const known = [...users.keys()]
      const frame = known[known.length === 0 ? 0 : random.below(known.length)]
      const kind = random.below(4)
      if (frame === undefined || kind === 0) {
        const use = anyUse()
        const taken = frames.take(use)
        expect(taken === noFrame).toBe(users.size === 64)
        if (taken === noFrame) continue
        expect(users.has(taken)).toBe(false)
        users.set(taken, 1)
        useOf.set(taken, use)
      } else if (kind === 1) {
        frames.share(frame)
        users.set(frame, users.get(frame)! + 1)
      } else if (kind === 2) {
        const left = users.get(frame)! - 1
        expect(frames.drop(frame)).toBe(left === 0)
        if (left === 0) {
          users.delete(frame)
          useOf.delete(frame)
        } else users.set(frame, left)
      } else {
        const use = anyUse()
        frames.changeUse(frame, use)
        useOf.set(frame, use)
      }
      expect(sum(frames.total)).toBe(64)
      expect(frames.free).toBe(64 - users.size)
    }
    const expected = [0, 1, 2, 3, 4, 5].map(
      (use) => [...useOf.values()].filter((of) => of === use).length,
    )
    expected[FrameUse.free] = frames.free
    expect([...frames.total]).toEqual(expected)
    for (const [frame, count] of users) expect(frames.usersOf(frame)).toBe(count)
  })
})
