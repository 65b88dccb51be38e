import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import type { Countable } from './swap-order'
import { SwapOrder } from './swap-order'

interface Space extends Countable {
  resident: number
}

/** swap_out's own walk over all processes. */
function walked(spaces: Iterable<Space>, anew: boolean): Space | undefined {
  let best: Space | undefined
  let most = 0
  for (const space of spaces) {
    if (space.resident <= 0) continue
    if (anew) space.swapCount = space.resident
    if (space.swapCount > most) {
      most = space.swapCount
      best = space
    }
  }
  return best
}

describe('the order in which processes give pages', () => {
  it.each([1, 2, 3, 4])('is that of a walk over all of them (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'swap order')
    const spaces = new Set<Space>()
    const copies = new Map<Space, Space>()
    const order = new SwapOrder(spaces)
    let nextId = 0
    let found = 0
    let countings = 0
    for (let step = 0; step < 6000; step++) {
      const kind = random.below(20)
      const all = [...spaces]
      const some = all[random.below(Math.max(1, all.length))]
      if (kind === 0 && all.length < 60) {
        const space = { id: nextId++, resident: random.below(9), swapCount: 0 }
        spaces.add(space)
        copies.set(space, { ...space })
      } else if (kind === 1 && some && all.length > 20) {
        spaces.delete(some)
        copies.delete(some)
      } else if (kind < 5 && some) {
        // Pages go, down to the last one, and come back.
        some.resident = random.chance(0.4) ? 0 : random.below(9)
        copies.get(some)!.resident = some.resident
      } else if (some) {
        let best = order.richest()
        let expected = walked(copies.values(), false)
        expect([step, best?.id]).toEqual([step, expected?.id])
        if (!best && random.chance(0.8)) {
          countings++
          best = order.countAnew()
          expected = walked(copies.values(), true)
          expect([step, best?.id]).toEqual([step, expected?.id])
        }
        const different = [...copies].find(([space, copy]) => space.swapCount !== copy.swapCount)
        expect(different).toBeUndefined()
        if (!best || !expected) continue
        found++
        const left = random.chance(0.3) ? 0 : best.swapCount - random.below(best.swapCount + 1)
        best.swapCount = left
        expected.swapCount = left
      }
    }
    expect(found).toBeGreaterThan(2000)
    expect(countings).toBeGreaterThan(50)
  })

  it('names nobody where nobody has a page', () => {
    const spaces = new Set([{ id: 1, resident: 0, swapCount: 0 }])
    const order = new SwapOrder(spaces)
    expect([order.richest(), order.countAnew()]).toEqual([undefined, undefined])
  })
})
