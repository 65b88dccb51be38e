import { describe, expect, it } from 'vitest'
import type { EventQueue } from './event-queue'
import { Heap } from './heap'
import { increments } from './increments.test-support'
import { Ladder } from './ladder'
import { RandomStream } from './random'
import { none, Slots } from './slots'

interface Entry {
  readonly time: number
  readonly priority: number
  readonly arrival: number
}

/** A sorted array: slow and plain. */
class SortedArray {
  private readonly entries: Entry[] = []
  private arrivals = 0

  insert(time: number, priority: number): number {
    const arrival = this.arrivals++
    let place = this.entries.length
    while (place > 0) {
      const before = this.entries[place - 1]!
      if (before.time < time || (before.time === time && before.priority <= priority)) break
      place--
    }
    this.entries.splice(place, 0, { time, priority, arrival })
    return arrival
  }

  takeFirst(): Entry | undefined {
    return this.entries.shift()
  }
}

/**
 * Fills, holds and empties a queue three times over and compares every slot that leaves with the
 * reference.
 */
function compare(
  makeQueue: (slots: Slots) => EventQueue,
  seed: number,
  size: number,
  increment: (random: RandomStream) => number,
): void {
  const random = new RandomStream(seed, 'queue order')
  const slots = new Slots()
  const queue = makeQueue(slots)
  const reference = new SortedArray()
  let now = 0
  const insert = (): void => {
    const time = now + increment(random)
    const priority = random.chance(0.2) ? random.between(-2, 2) : 0
    queue.insert(time, slots.take(0, reference.insert(time, priority), priority))
  }
  const take = (): void => {
    const expected = reference.takeFirst()
    const slot = queue.first()
    if (expected === undefined) {
      expect(slot).toBe(none)
      return
    }
    now = queue.firstTime
    if (now !== expected.time || slots.argument(slot) !== expected.arrival) {
      const got = { time: now, priority: slots.priority(slot), arrival: slots.argument(slot) }
      expect({ seed, got }).toEqual({ seed, got: expected })
    }
    queue.removeFirst()
    slots.release(slot)
  }
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < size; index++) insert()
    for (let index = 0; index < size * 4; index++) {
      take()
      insert()
      if (random.chance(0.1)) insert()
      if (random.chance(0.1)) take()
    }
    while (slots.pending > 0) take()
    take()
    now += random.below(1000)
  }
}

describe.each(Object.entries(increments))('with increments: %s', (_name, increment) => {
  it.each([3, 40, 300, 2500])('a ladder around %i slots keeps the order', (size) => {
    compare((slots) => new Ladder(slots), size, size, increment)
  })

  it('a heap keeps the order', () => {
    compare((slots) => new Heap(slots), 7, 200, increment)
  })
})

it('a ladder keeps the order when slots are added before what was already looked at', () => {
  const slots = new Slots()
  const ladder = new Ladder(slots)
  const random = new RandomStream(1, 'late')
  for (let index = 0; index < 1000; index++) {
    ladder.insert(1_000_000 + random.below(1000), slots.take(0, 0, 0))
  }
  expect(ladder.first()).not.toBe(none)
  for (let index = 0; index < 1000; index++)
    ladder.insert(random.below(1_000_000), slots.take(0, 0, 0))
  let last = -1
  for (let slot = ladder.first(); slot !== none; slot = ladder.first()) {
    expect(ladder.firstTime).toBeGreaterThanOrEqual(last)
    last = ladder.firstTime
    ladder.removeFirst()
    slots.release(slot)
  }
  expect(slots.pending).toBe(0)
})

it('thousands of slots of one instant leave by priority, then in the order they came', () => {
  const slots = new Slots()
  const ladder = new Ladder(slots)
  const random = new RandomStream(1, 'ties')
  const count = 20_000
  for (let index = 0; index < 500; index++) ladder.insert(index * 1000, slots.take(0, -1, 0))
  for (let index = 0; index < count; index++) {
    ladder.insert(250_500, slots.take(0, index, random.between(-127, 127)))
  }
  const ranks: number[] = []
  for (let slot = ladder.first(); slot !== none; slot = ladder.first()) {
    if (ladder.firstTime === 250_500)
      ranks.push(slots.priority(slot) * count + slots.argument(slot))
    ladder.removeFirst()
    slots.release(slot)
  }
  expect(ranks).toHaveLength(count)
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
})
