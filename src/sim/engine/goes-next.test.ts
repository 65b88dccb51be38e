import { describe, expect, it } from 'vitest'
import type { SimTime } from '../units/time'
import { Engine } from './engine'
import { Heap } from './heap'
import { Ladder } from './ladder'
import { RandomStream } from './random'

const rounds = 4000

/** Events that each bring about another one, and sometimes a rival; in place where asked. */
function chain(inPlace: boolean, slice: number, maxEvents: number, isHeap = false) {
  const engine = new Engine(1, (slots) => (isHeap ? new Heap(slots) : new Ladder(slots)))
  const random = new RandomStream(1, 'chain')
  const seen: number[] = []
  let left = rounds
  let taken = 0
  const rival = engine.handler('rival', (number) => seen.push(engine.now, -number))
  const link = engine.handler('link', (number) => {
    for (let at = number; ; at++) {
      seen.push(engine.now, at)
      if (--left <= 0) return
      if (random.below(3) === 0)
        engine.schedule((engine.now + random.below(9)) as SimTime, rival, at)
      const next = (engine.now + random.below(6)) as SimTime
      if (!inPlace || !engine.goesNext(next, link, at + 1)) {
        engine.schedule(next, link, at + 1)
        return
      }
      taken++
    }
  })
  engine.schedule(0 as SimTime, link, 1)
  for (let until = slice; left > 0; until += slice) {
    while (!engine.advance(until as SimTime, maxEvents));
  }
  return { seen, taken, digest: engine.digest(), executed: engine.executed }
}

describe('an event in place', () => {
  const { seen, digest, executed } = chain(false, 1000, Infinity)

  it.each([
    [1000, Infinity],
    [7, Infinity],
    [1000, 3],
    [1, 1],
  ])('is as one that was scheduled: slices of %d ns, %d events', (slice, maxEvents) => {
    for (const isHeap of [false, true]) {
      const there = chain(true, slice, maxEvents, isHeap)
      expect(there.seen).toEqual(seen)
      expect(there.digest).toBe(digest)
      expect(there.executed).toBe(executed)
      if (slice > 1) expect(there.taken).toBeGreaterThan(rounds / 10)
    }
  })

  it('is none outside of an advance', () => {
    const engine = new Engine(1)
    const handler = engine.handler('none', () => undefined)
    expect(engine.goesNext(5 as SimTime, handler, 0)).toBe(false)
    engine.advance(10 as SimTime)
    expect(engine.goesNext(10 as SimTime, handler, 0)).toBe(false)
    expect(engine.executed).toBe(0)
  })
})
