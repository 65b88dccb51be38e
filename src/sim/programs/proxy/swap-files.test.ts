import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import type { Document } from './proxy'
import { SwapFiles } from './swap-files'

/** Two KB of a store, as they are counted. */
const document = (id: number): Document => ({ id, bytes: 1259 })
const megabyte = 1024 * 1024

function filled(documents: number): SwapFiles {
  const swap = new SwapFiles()
  for (let id = 0; id < documents; id++) swap.add(document(id), swap.take())
  return swap
}

describe('the disk store of Squid', () => {
  it('counts whole kilobytes, and releases nothing below 95 % of what it may have', () => {
    const swap = filled(486)
    expect(swap.kilobytes).toBe(972)
    expect(swap.reclaim(megabyte)).toMatchObject({ scanned: 0, released: [] })
  })

  it('releases 64 a second from there on until it has 90 %, those used longest ago first', () => {
    const swap = filled(487)
    swap.use(document(3))
    const first = swap.reclaim(megabyte)
    const wanted = Array.from({ length: 65 }, (_, id) => document(id)).filter(({ id }) => id !== 3)
    expect(first.released).toEqual(wanted)
    expect(first.scanned).toBe(487)
    expect(swap.kilobytes).toBe(974 - 128)
    expect(swap.reclaim(megabyte).released).toEqual([])
    for (let id = 1000; swap.kilobytes < 972; id++) swap.add(document(id), swap.take())
    expect(swap.reclaim(megabyte).released).toEqual([])
  })

  it('looks at about 1,024 documents for it, further ones the next time', () => {
    const swap = filled(20_000)
    const [first, second] = [swap.reclaim(megabyte), swap.reclaim(megabyte)]
    for (const { scanned, released } of [first, second]) {
      expect(scanned).toBeGreaterThan(1024)
      expect(scanned).toBeLessThan(1024 + 4)
      expect(released).toHaveLength(64)
    }
    const buckets = [first, second].map(({ released }) => released.map(({ id }) => id % 7951))
    expect(Math.max(...buckets[0]!)).toBeLessThan(Math.min(...buckets[1]!))
  })

  it('never releases what somebody reads', () => {
    const swap = filled(600)
    for (let id = 0; id < 600; id += 2) swap.lock(document(id), 1)
    swap.lock(document(2), -1)
    const { released } = swap.reclaim(megabyte)
    expect(released).toHaveLength(64)
    expect(released.filter(({ id }) => id % 2 === 0)).toEqual([document(2)])
  })

  it('has 128 files written over, and every further one unlinked', () => {
    const swap = filled(300)
    const unlinked = Array.from({ length: 300 }, (_, id) => swap.release(document(id)))
    expect(unlinked.filter((file) => file === undefined)).toHaveLength(128)
    expect(swap.kilobytes).toBe(0)
    // The last ones released are the first to be written over; then the lowest number that is free.
    expect([swap.take(), swap.take()]).toEqual([127, 126])
    for (let left = 126; left > 0; left--) swap.take()
    expect(swap.take()).toBe(128)
  })

  it('gives no file to two documents, whatever comes and goes (seeds 1 to 3)', () => {
    for (const seed of [1, 2, 3]) {
      const swap = new SwapFiles()
      const random = new RandomStream(seed, 'documents')
      const files = new Map<number, number>()
      for (let step = 0; step < 3000; step++) {
        const id = random.below(300)
        const file = files.get(id)
        if (file !== undefined) {
          expect(swap.use(document(id)), `seed ${seed}, step ${step}`).toBe(file)
          if (random.below(2) === 0) continue
          swap.release(document(id))
          files.delete(id)
          continue
        }
        const fresh = swap.take()
        expect(new Set(files.values()).has(fresh), `seed ${seed}, step ${step}`).toBe(false)
        files.set(id, fresh)
        swap.add(document(id), fresh)
      }
      expect(swap.size).toBe(files.size)
      expect(swap.kilobytes).toBe(2 * files.size)
    }
  })
})
