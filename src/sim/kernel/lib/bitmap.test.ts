import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { Bitmap } from './bitmap'

/** The first clear bit from `from` on, around the end; −1 when there is none. */
function firstClear(set: ReadonlySet<number>, bits: number, from: number): number {
  for (let step = 0; step < bits; step++) {
    const bit = (from + step) % bits
    if (!set.has(bit)) return bit
  }
  return -1
}

describe('a bitmap', () => {
  it.each([1, 2, 3])('finds the clear bit that comes next (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'bitmap')
    const bits = 160
    const bitmap = new Bitmap(bits)
    const set = new Set<number>()
    for (let step = 0; step < 4000; step++) {
      const bit = random.below(bits)
      if (random.chance(set.size < 155 ? 0.6 : 0.4)) {
        bitmap.set(bit)
        set.add(bit)
      } else {
        bitmap.clear(bit)
        set.delete(bit)
      }
      const from = random.below(bits)
      expect(bitmap.findZero(from)).toBe(firstClear(set, bits, from))
      expect([bitmap.has(bit), bitmap.count]).toEqual([set.has(bit), set.size])
    }
  })

  it('says how many words it looked at', () => {
    const bitmap = new Bitmap(128)
    for (let bit = 0; bit < 70; bit++) bitmap.set(bit)
    expect([bitmap.findZero(0), bitmap.searched]).toEqual([70, 3])
    expect([bitmap.findZero(80), bitmap.searched]).toEqual([80, 1])
    for (let bit = 70; bit < 128; bit++) bitmap.set(bit)
    expect([bitmap.findZero(100), bitmap.searched]).toEqual([-1, 4])
  })
})
