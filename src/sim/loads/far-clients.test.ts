import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { clientsOf } from './web-clients.test-support'
import { drawDistance } from './far-clients'

it('far clients take 250 ms in the median and 2.5 s in the mean', () => {
  const random = new RandomStream(1, 'distances')
  const took = Array.from({ length: 40_000 }, () => {
    const { tripNs, silenceNs } = drawDistance(random)
    expect(tripNs).toBeLessThanOrEqual(400e6)
    return 2 * tripNs + silenceNs
  }).sort((a, b) => a - b)
  expect(took[20_000]! / 1e6).toBeGreaterThan(240)
  expect(took[20_000]! / 1e6).toBeLessThan(260)
  const mean = took.reduce((sum, ns) => sum + ns, 0) / took.length
  expect(mean / 1e9).toBeGreaterThan(2.1)
  expect(mean / 1e9).toBeLessThan(3)
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
