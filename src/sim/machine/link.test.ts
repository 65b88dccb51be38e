import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { Link } from './link'
import { Way } from './remote-host'

/** A link and the way to one host behind it. */
function link(mbitPerS: number, wayNs = 0, loss = 0, seed = 1) {
  const line = new Link(mbitPerS)
  const way = new Way(new RandomStream(seed, 'link'), wayNs)
  way.loss = loss
  return {
    line,
    way,
    send: (now: number, bytes: number) => way.arrival(line.send(now, bytes)),
  }
}

/** Preamble 8, header 14, check sequence 4, gap 12. */
const overhead = 38
const frameNs = (packetBytes: number, mbitPerS: number): number =>
  Math.ceil(((packetBytes + overhead) * 8000) / mbitPerS)

describe('a frame', () => {
  it.each([
    [10, 1500],
    [100, 1500],
    [100, 46],
    [100, 1000],
    [1000, 1500],
    [3, 777],
  ])('takes its bytes and 38 around them: at %i Mbit/s, %i bytes', (mbit, bytes) => {
    expect(link(mbit).send(1000, bytes)).toBe(1000 + frameNs(bytes, mbit))
  })

  it('of full size takes 123.04 µs at 100 Mbit/s, and is away as long as the way is', () => {
    expect(link(100).send(0, 1500)).toBe(123_040)
    expect(link(100, 5_000_000).send(0, 1500)).toBe(5_123_040)
  })

  it('carries at least 46 bytes: an acknowledgement takes as long as 6 bytes more', () => {
    for (const bytes of [0, 1, 40, 45, 46]) {
      const small = link(100)
      expect(small.send(0, bytes)).toBe(6720)
      expect(small.line.bytes).toBe(84)
    }
    expect(link(100).send(0, 47)).toBe(6800)
  })
})

describe('frames on a link', () => {
  it('leave one after another, and the way is no part of the queue', () => {
    const net = link(100, 1_000_000)
    const arrivals = [1500, 1500, 40, 1500].map((bytes) => net.send(500, bytes))
    const ends = [123_040, 246_080, 252_800, 375_840]
    expect(arrivals).toEqual(ends.map((end) => 500 + end + 1_000_000))
  })

  it('find the link free when the last one has gone', () => {
    const net = link(100)
    net.send(0, 1500)
    expect(net.line.queued(0)).toBe(1)
    expect(net.line.queued(123_039)).toBe(1)
    expect(net.line.queued(123_040)).toBe(0)
    expect(net.send(123_040, 1500)).toBe(2 * 123_040)
    expect(net.send(1_000_000, 1500)).toBe(1_000_000 + 123_040)
  })

  it('that wait are counted', () => {
    const net = link(100)
    for (let count = 0; count < 10; count++) net.send(0, 1500)
    expect(net.line.queued(0)).toBe(10)
    expect(net.line.queued(4 * 123_040)).toBe(6)
  })

  it.each([1, 2, 3])('keep their order and never exceed the rate (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'senders')
    const net = link(100, 30_000, 0.1, seed)
    let now = 0
    let before = 0
    let bytes = 0
    for (let count = 1; count <= 2000; count++) {
      now += random.below(200_000)
      const packet = random.between(1, 1500)
      const arrives = net.send(now, packet)
      const took = frameNs(Math.max(46, packet), 100)
      bytes += Math.max(46, packet) + overhead
      expect([net.line.frames, net.line.bytes]).toEqual([count, bytes])
      if (arrives < 0) continue
      expect(arrives).toBeGreaterThanOrEqual(now + took + 30_000)
      expect(arrives).toBeGreaterThanOrEqual(before + took)
      before = arrives
    }
  })
})

describe('loss', () => {
  it('takes its share, within four deviations, and what is lost has used the link', () => {
    const [count, share] = [20_000, 0.05]
    const net = link(100, 0, share)
    let lost = 0
    for (let index = 1; index <= count; index++) {
      const arrives = net.send(0, 1500)
      if (arrives < 0) lost++
      else expect(arrives).toBe(index * 123_040)
    }
    expect(net.way.lost).toBe(lost)
    expect(net.line.frames).toBe(count)
    expect(Math.abs(lost - count * share)).toBeLessThan(4 * Math.sqrt(count * share * (1 - share)))
  })

  it('of nothing loses nothing and draws nothing; of everything loses all', () => {
    const random = new RandomStream(5, 'link')
    const line = new Link(100)
    const way = new Way(random, 0)
    for (let index = 0; index < 1000; index++) {
      expect(way.arrival(line.send(0, 100))).toBeGreaterThan(0)
    }
    expect(random.uint32()).toBe(new RandomStream(5, 'link').uint32())
    way.loss = 1
    for (let index = 0; index < 100; index++) expect(way.arrival(line.send(0, 100))).toBe(-1)
    expect(way.lost).toBe(100)
  })

  it('hits the same frames with the same seed, and others with another', () => {
    const pattern = (seed: number): boolean[] => {
      const net = link(100, 0, 0.3, seed)
      return Array.from({ length: 200 }, () => net.send(0, 100) < 0)
    }
    expect(pattern(1)).toEqual(pattern(1))
    expect(pattern(2)).not.toEqual(pattern(1))
  })
})
