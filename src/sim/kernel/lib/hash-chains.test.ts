import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { HashChains, notInChain } from './hash-chains'

describe('hash chains', () => {
  it.each([1, 2, 3])('are linked lists with the newest entry in front (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'chains')
    const buckets = 7
    const chains = new HashChains(buckets)
    const lists: [number, number, number][][] = Array.from({ length: buckets }, () => [])
    for (let step = 0; step < 5000; step++) {
      const bucket = random.below(buckets)
      const list = lists[bucket]!
      const key = random.below(40)
      const index = random.below(2)
      const at = list.findIndex((entry) => entry[0] === key && entry[1] === index)
      if (random.chance(0.4)) {
        expect(chains.find(bucket, key, index)).toBe(at < 0 ? notInChain : list[at]![2])
        // A walk that finds nothing has also looked at the chain's end.
        expect(chains.steps).toBe(at < 0 ? list.length + 1 : at + 1)
      } else if (at >= 0) {
        chains.remove(bucket, key, index)
        list.splice(at, 1)
      } else {
        chains.insert(bucket, key, index, step)
        list.unshift([key, index, step])
      }
    }
    for (const [bucket, list] of lists.entries()) expect(chains.entriesOf(bucket)).toEqual(list)
    expect([...chains.lengthOfEach()]).toEqual(lists.map(({ length }) => length))
    expect(Math.max(...chains.lengthOfEach())).toBeGreaterThan(20)
  })

  it('an entry that is not there cannot be taken out', () => {
    const chains = new HashChains(4)
    expect(() => {
      chains.remove(2, 1, 0)
    }).toThrow(/bucket 2 does not hold 1, 0/)
    chains.insert(2, 1, 0, 5)
    expect(() => {
      chains.remove(3, 1, 0)
    }).toThrow(/bucket 3 does not hold 1, 0/)
    chains.remove(2, 1, 0)
    expect(chains.find(2, 1, 0)).toBe(notInChain)
  })
})
