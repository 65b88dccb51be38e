import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { HashTable, notInChain } from './hash-table'

describe('the chains of a hash table', () => {
  it.each([1, 2, 3])('are linked lists with the newest entry in front (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'chains')
    const buckets = 7
    const hash = (key: number, index: number): number => (key + 3 * index) % buckets
    const chains = new HashTable({ buckets, hash })
    const lists: [number, number, number][][] = Array.from({ length: buckets }, () => [])
    for (let step = 0; step < 5000; step++) {
      const key = random.below(140)
      const index = random.below(2)
      const bucket = hash(key, index)
      const list = lists[bucket]!
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
    const chains = new HashTable({ buckets: 4, hash: (key) => key & 3 })
    expect(() => {
      chains.remove(2, 2, 0)
    }).toThrow(/bucket 2 does not hold 2, 0/)
    chains.insert(2, 2, 0, 5)
    expect(() => {
      chains.remove(2, 6, 0)
    }).toThrow(/bucket 2 does not hold 6, 0/)
    chains.remove(2, 2, 0)
    expect(chains.find(2, 2, 0)).toBe(notInChain)
  })

  it('are as long as function and size make them', () => {
    const lengthsOf = (buckets: number, hash: (key: number) => number): number[] => {
      const table = new HashTable({ buckets, hash })
      for (let key = 0; key < 64; key++) table.insert(table.hash(key, 0), key, 0, key)
      return [...table.lengthOfEach()]
    }
    expect(lengthsOf(4, (key) => key & 3)).toEqual([16, 16, 16, 16])
    expect(lengthsOf(8, (key) => key & 7)).toEqual(Array(8).fill(8))
    expect(lengthsOf(4, (key) => (key << 1) & 3)).toEqual([32, 0, 32, 0])
  })
})
