import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { Edges } from './edges'

describe('edges of requests', () => {
  it('counts at least the neighbours that a look at every request finds', () => {
    const random = new RandomStream(1, 'edges')
    const edges = new Edges()
    const requests: [begin: number, end: number][] = []
    let found = 0
    for (let step = 0; step < 5000; step++) {
      if (requests.length > 60 || (requests.length > 0 && random.below(2) === 0)) {
        for (const [begin, end] of requests.splice(random.below(requests.length), 1)) {
          edges.remove(begin, end)
        }
      } else {
        const begin = 2 * random.below(20_000)
        const end = begin + 2 + 2 * random.below(20)
        requests.push([begin, end])
        edges.add(begin, end)
      }
      const begin = 2 * random.below(20_000)
      const neighbours = requests.filter(([first, last]) => last === begin || first === begin + 2)
      expect(edges.neighbours(begin, begin + 2)).toBeGreaterThanOrEqual(neighbours.length)
      found += neighbours.length
    }
    expect(found).toBeGreaterThan(0)
  })

  it('knows of none when all are gone', () => {
    const edges = new Edges()
    edges.add(8, 16)
    expect(edges.neighbours(16, 18)).toBe(1)
    expect(edges.neighbours(6, 8)).toBe(1)
    expect(edges.neighbours(8, 10)).toBe(0)
    edges.remove(8, 16)
    expect(edges.neighbours(16, 18)).toBe(0)
  })
})
