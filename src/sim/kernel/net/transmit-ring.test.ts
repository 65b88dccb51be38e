import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { Link } from '../../machine/link'
import type { SimTime } from '../../units/time'
import { pass, smallMachine } from '../small-machine.test-support'
import type { Segment } from './segment'
import { Flag } from './segment'
import { maxQueued, ringSize, TransmitRing } from './transmit-ring'

const frame = (sequence: number, bytes = 1460): Segment => ({
  remoteHost: 0,
  remotePort: 1,
  localPort: 80,
  flags: Flag.ack,
  sequence,
  bytes,
  acknowledged: 0,
  window: 1,
})

/** A ring whose interrupts free what was sent, and fill it again when it was full. */
function ring() {
  const m = smallMachine()
  const link = new Link(100)
  const left: { sequence: number; at: number }[] = []
  const freed: number[] = []
  const interrupts: number[] = []
  const way: TransmitRing = new TransmitRing(
    m.kernel.base,
    link,
    ({ sequence }, at) => void left.push({ sequence, at }),
    () => {
      interrupts.push(way.sent)
      const wasFull = way.inRing === ringSize
      for (let gone = way.takeSent(); gone; gone = way.takeSent()) freed.push(gone.sequence)
      if (wasFull) way.run(m.engine.now)
    },
  )
  way.open()
  const send = (sequence: number, bytes?: number): boolean =>
    way.send(frame(sequence, bytes), m.engine.now as SimTime)
  return { m, way, link, left, freed, interrupts, send }
}

describe('the way out', () => {
  it('takes a ring and a queue of frames at once, and drops the rest untold', () => {
    const { m, way, link, left, freed, send } = ring()
    const taken = Array.from({ length: 200 }, (_, sequence) => send(sequence))
    const room = ringSize + maxQueued
    expect(taken.filter((was) => was)).toHaveLength(room)
    expect([way.dropped, way.queued, way.inRing]).toEqual([200 - room, maxQueued, ringSize])
    const began = m.engine.now
    pass(m, 1)
    expect(freed).toEqual(Array.from({ length: room }, (_, sequence) => sequence))
    // The link was never idle: 1,538 bytes on the wire each.
    expect(left.at(-1)!.at - began).toBe(room * Math.ceil((1538 * 8000) / 100))
    expect(link.frames).toBe(room)
  })

  it('interrupts for each frame that goes alone', () => {
    const { m, interrupts, send } = ring()
    for (let sequence = 0; sequence < 5; sequence++) {
      send(sequence)
      pass(m, 0.001)
    }
    expect(interrupts).toEqual([1, 1, 1, 1, 1])
  })

  it('interrupts once for frames that follow each other while one is under way', () => {
    const { m, interrupts, send } = ring()
    for (let sequence = 0; sequence < 10; sequence++) send(sequence)
    pass(m, 0.01)
    expect(interrupts).toEqual([10])
  })

  it('interrupts when the last but one of a full ring is sent, and fills it from the queue', () => {
    const { m, interrupts, send } = ring()
    for (let sequence = 0; sequence < 46; sequence++) send(sequence)
    pass(m, 0.1)
    // 15 of 16; as many as were freed come from the queue, and the 16th has become the first.
    expect(interrupts).toEqual([15, 15, 15, 1])
  })

  it('loses, repeats and reorders nothing that it has taken, at any load', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { m, way, left, freed, send } = ring()
      const random = new RandomStream(seed, 'way out')
      const taken: number[] = []
      for (let sequence = 0; sequence < 3000; sequence++) {
        if (send(sequence, random.below(1461))) taken.push(sequence)
        if (random.chance(0.3)) pass(m, (random.uniform() * 4) / 10_000)
        expect(way.queued).toBeLessThanOrEqual(maxQueued)
        expect(way.inRing).toBeLessThanOrEqual(ringSize)
      }
      pass(m, 1)
      expect(freed, `seed ${seed}`).toEqual(taken)
      expect(
        left.map(({ sequence }) => sequence),
        `seed ${seed}`,
      ).toEqual(taken)
      expect(taken.length + way.dropped, `seed ${seed}`).toBe(3000)
    }
  })
})
