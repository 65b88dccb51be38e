import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { clientsOf } from './web-clients.test-support'
import type { Lognormal } from './far-clients'
import { drawDistance, hitsOfProxies, ofProxy, ofServer } from './far-clients'

/** Median and mean of many responses, of what was published. */
function ofMany(distance: Lognormal, beyondMs: (random: RandomStream) => number): number[] {
  const random = new RandomStream(1, 'distances')
  let longest = 0
  const took = Array.from({ length: 200_000 }, () => {
    const { tripNs, silenceNs } = drawDistance(random, distance)
    longest = Math.max(longest, tripNs)
    return (2 * tripNs + silenceNs) / 1e6 + beyondMs(random)
  }).sort((a, b) => a - b)
  expect(longest).toBe(400e6)
  const mean = took.reduce((sum, ms) => sum + ms, 0) / took.length
  return [took[took.length / 2]! / 250, mean / 2500]
}

describe('far clients', () => {
  it('of a server take 250 ms in the median and 2.5 s in the mean', () => {
    const [median, mean] = ofMany(ofServer, () => 0)
    expect(Math.abs(median! - 1)).toBeLessThan(0.02)
    expect(Math.abs(mean! - 1)).toBeLessThan(0.1)
  })

  it('of a proxy do so with the origin servers that seven in ten requests wait for', () => {
    const origin = (random: RandomStream): number => (random.chance(hitsOfProxies / 100) ? 0 : 180)
    const [median, mean] = ofMany(ofProxy, origin)
    expect(Math.abs(median! - 1)).toBeLessThan(0.02)
    expect(Math.abs(mean! - 1)).toBeLessThan(0.1)
    const [hits] = ofMany(ofProxy, () => 0)
    expect(Math.abs(hits! - 102 / 250)).toBeLessThan(0.02)
  })
})

describe('the clients of a web server', () => {
  /** When the first SYN of each client has come to the server, in seconds. */
  const arrivals = (farShare: number): number[] => {
    const { clients, sent, until } = clientsOf({ connections: 1000, farShare })
    clients.start()
    until(1.5)
    return sent.map(({ at }) => at)
  }

  it('next door are all there when a population has begun', () => {
    const near = arrivals(0)
    expect(near).toHaveLength(1000)
    expect(Math.max(...near)).toBeLessThan(1)
  })

  it('far away come later, by up to 400 ms, and only their share of them', () => {
    const [near, half, all] = [arrivals(0), arrivals(0.5), arrivals(1)]
    const mean = (times: number[]): number => times.reduce((sum, at) => sum + at, 0) / times.length
    expect(all).toHaveLength(1000)
    expect(Math.max(...all)).toBeLessThan(1.4)
    const [toAll, toHalf] = [mean(all) - mean(near), mean(half) - mean(near)]
    expect(toAll).toBeGreaterThan(0.08)
    expect(toHalf).toBeGreaterThan(0.4 * toAll)
    expect(toHalf).toBeLessThan(0.6 * toAll)
  })
})
