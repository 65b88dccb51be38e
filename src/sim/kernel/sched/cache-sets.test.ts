import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { RecentBlocks, SetCounts, shapeOf } from './cache-sets'

describe('the sets of a cache', () => {
  it.each([
    [512, 4, 16],
    [2048, 8, 32],
    [2048, 4, 64],
    [2048, 1, 256],
    [16, 4, 1],
  ])('of %i KB with %i ways that blocks of 8 KB compete for are %i', (kilobytes, ways, sets) => {
    expect(shapeOf(kilobytes * 1024, ways)).toEqual({ sets, ways })
  })

  it.each([1, 2, 3])('count who is in one with more than it has places for (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'sets')
    const shape = { sets: 8, ways: 4 }
    const counts = new SetCounts(shape, 3)
    const inSets = Array.from({ length: shape.sets }, () => 0)
    for (let step = 0; step < 3000; step++) {
      const set = random.below(shape.sets)
      if (inSets[set]! > 0 && random.below(2) === 0) {
        inSets[set]!--
        counts.remove(set)
      } else if (inSets[set]! < 9) {
        inSets[set]!++
        counts.add(set)
      }
      const full = inSets.map((count, at) => count > (at === 3 ? 3 : 4))
      expect(full.map((_, at) => counts.isCrowded(at))).toEqual(full)
      const crowded = inSets.filter((_, at) => full[at]).reduce((sum, count) => sum + count, 0)
      expect(counts.crowded).toBe(crowded)
    }
  })
})

describe('blocks used lately', () => {
  /** How many of so many blocks, used in turn, are found in the second round. */
  function found(blocks: number): number {
    const recent = new RecentBlocks(1, { sets: 16, ways: 4 })
    let count = 0
    for (let round = 0; round < 2; round++) {
      for (let slot = 0; slot < blocks; slot++) {
        if (recent.use(0, slot, slot % 16) && round === 1) count++
      }
    }
    return count
  }

  it('are found as long as their sets have room, and none of a set that has not', () => {
    expect([1, 64, 65, 72, 128].map(found)).toEqual([1, 64, 60, 32, 0])
  })

  it('are each CPU’s own', () => {
    const recent = new RecentBlocks(2, { sets: 1, ways: 2 })
    expect([recent.use(0, 7, 0), recent.use(1, 7, 0), recent.use(0, 7, 0)]).toEqual([
      ...[false, false, true],
    ])
    recent.use(1, 8, 0)
    recent.use(1, 9, 0)
    expect([recent.use(0, 7, 0), recent.use(1, 7, 0)]).toEqual([true, false])
  })
})
