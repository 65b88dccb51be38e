import { describe, expect, it } from 'vitest'
import { Fifo } from './fifo'
import { NumberFifo } from './number-fifo'
import { RandomStream } from './random'

describe.each([
  ['Fifo', () => new Fifo<number>()],
  ['NumberFifo', () => new NumberFifo()],
])('%s', (_name, make) => {
  it('gives back what it was given, in order, as long as it grows and shrinks', () => {
    const line = make()
    const random = new RandomStream(1, 'line')
    const expected: number[] = []
    for (let step = 0; step < 20_000; step++) {
      // It grows for a while and shrinks for a while, so that the ring wraps at many places.
      if (random.chance(step % 2000 < 1000 ? 0.6 : 0.4)) {
        line.push(step)
        expected.push(step)
      } else {
        expect(line.shift()).toBe(expected.shift())
      }
      expect(line.length).toBe(expected.length)
    }
    while (expected.length > 0) expect(line.shift()).toBe(expected.shift())
    expect(line.shift()).toBeUndefined()
  })
})

describe('Fifo', () => {
  it('lets one leave from the middle and keeps the order of the others', () => {
    const line = new Fifo<string>()
    for (const item of ['x', 'y', 'a', 'b', 'c', 'd', 'e', 'f', 'g']) line.push(item)
    line.shift()
    line.shift()
    expect(line.remove('c')).toBe(true)
    expect(line.remove('c')).toBe(false)
    line.push('h')
    expect(Array.from({ length: line.length }, () => line.shift()).join('')).toBe('abdefgh')
  })
})
