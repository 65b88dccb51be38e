import { describe, expect, it } from 'vitest'
import { NumberTable } from './number-table'
import { RandomStream } from './random'

describe('NumberTable', () => {
  it('answers as a Map does, whatever comes and goes', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = new RandomStream(seed, 'number table')
      const table = new NumberTable<string>()
      const map = new Map<number, string>()
      // Numbers that share their low bits, and numbers of more than 32 bits.
      const key = (): number => random.below(3) * 2 ** 32 + 64 * random.below(4) + random.below(40)
      for (let step = 0; step < 2000; step++) {
        const at = key()
        if (random.chance(0.5)) {
          table.set(at, `${seed} ${step}`)
          map.set(at, `${seed} ${step}`)
        } else expect(table.delete(at), `seed ${seed}, step ${step}`).toBe(map.delete(at))
        const asked = key()
        expect(table.get(asked), `seed ${seed}, step ${step}`).toBe(map.get(asked))
        expect(table.size, `seed ${seed}, step ${step}`).toBe(map.size)
      }
      const inOrder = [...map].sort(([one], [other]) => one - other).map(([, value]) => value)
      expect([...table], `seed ${seed}`).toEqual(inOrder)
    }
  })

  it('forgets everything at once', () => {
    const table = new NumberTable<number>()
    for (let key = 0; key < 1000; key++) table.set(key, -key)
    expect([table.size, table.get(999)]).toEqual([1000, -999])
    table.clear()
    expect([table.size, table.get(999), [...table]]).toEqual([0, undefined, []])
  })
})
