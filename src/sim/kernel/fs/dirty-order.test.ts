import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { DirtyOrder } from './dirty-order'

describe('the order of the dirty list', () => {
  it.each([1, 2, 3])('finds who is due as a walk along the list does (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'dirty order')
    const buffers = 3000
    const order = new DirtyOrder(new Int32Array(buffers * 8), 8, 7)
    const list: { buffer: number; due: number }[] = []
    const onList = new Set<number>()
    for (let step = 0; step < 20_000; step++) {
      const buffer = random.below(buffers)
      const at = list.findIndex((entry) => entry.buffer === buffer)
      if (!onList.has(buffer)) {
        const due = random.below(1000)
        order.append(buffer, due)
        list.push({ buffer, due })
        onList.add(buffer)
      } else if (random.chance(0.3)) {
        order.remove(buffer)
        list.splice(at, 1)
        onList.delete(buffer)
      } else if (random.chance(0.2)) {
        order.setDue(buffer, 7)
        list[at]!.due = 7
      } else {
        const due = random.below(20)
        const most = random.below(400)
        const asked = list.slice(at, at + most)
        const first = asked.findIndex((entry) => entry.due <= due)
        expect(order.firstDue(buffer, due, most)).toBe(first < 0 ? -1 : asked[first]!.buffer)
        expect(order.looks).toBe(first < 0 ? asked.length : first + 1)
      }
    }
    expect(list.length).toBeGreaterThan(1500)
  })
})
