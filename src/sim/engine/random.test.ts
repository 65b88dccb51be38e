import { describe, expect, it } from 'vitest'
import { RandomStream } from './random'

const draws = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw)

/** Mean, variance, and how far each is from what it should be, in standard errors. */
function moments(values: readonly number[], mean: number, variance: number): [number, number] {
  const count = values.length
  const average = values.reduce((sum, value) => sum + value) / count
  let square = 0
  let fourth = 0
  for (const value of values) {
    square += (value - mean) ** 2 / count
    fourth += (value - mean) ** 4 / count
  }
  const meanError = Math.sqrt(variance / count)
  const varianceError = Math.sqrt((fourth - square * square) / count)
  return [Math.abs(average - mean) / meanError, Math.abs(square - variance) / varianceError]
}

/** Pearson's statistic for equal frequencies, in standard deviations from what is expected. */
function unevenness(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count) / counts.length
  const statistic = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const freedom = counts.length - 1
  return (statistic - freedom) / Math.sqrt(2 * freedom)
}

// One draw in two million lies as far as 5 standard errors out; the seeds are fixed besides.
const far = 5

describe('a stream', () => {
  // From an implementation of sfc32 and of the seeding in another language.
  it.each([
    [1, 'disk', [4013745197, 2837110921, 450356192, 1837285509], 4195048091],
    [1, 'cpu', [655816309, 953506379, 1999876315, 4208140877], 3467155507],
    [2, 'disk', [2543869815, 2917183189, 2444097512, 4059891658], 1471264632],
    [-7.5, 'größe', [2207018514, 3256137722, 740883629, 2154239910], 2610861103],
    [2 ** 53 - 1, '', [1481951737, 2022768890, 266577222, 3221788805], 3278847395],
  ] as const)('of seed %d and name "%s" gives these words', (seed, name, first, thousandth) => {
    const stream = new RandomStream(seed, name)
    expect(draws(4, () => stream.uint32())).toEqual(first)
    draws(995, () => stream.uint32())
    expect(stream.uint32()).toBe(thousandth)
  })

  it('gives these values of each kind', () => {
    const stream = new RandomStream(1, 'kinds')
    expect([
      stream.uniform(),
      stream.below(1000),
      stream.between(-5, 5),
      stream.exponential(1000),
      stream.normal(10, 2),
      stream.lognormal(100, 0.5),
      stream.chance(0.5),
      stream.shuffle([1, 2, 3, 4, 5, 6, 7, 8]),
    ]).toEqual([
      0.4406143401760235,
      572,
      -3,
      126.03588856268632,
      11.919956493414277,
      51.74178990645072,
      true,
      [8, 7, 6, 5, 3, 4, 2, 1],
    ])
  })

  it('is even in every bit, and neighbours and streams of other names or seeds do not correlate', () => {
    const count = 200_000
    const own = new RandomStream(7, 'a')
    const others = [new RandomStream(7, 'b'), new RandomStream(8, 'a')]
    const ones = new Array<number>(32).fill(0)
    const products = [0, 0, 0]
    let last = 0
    for (let index = 0; index < count; index++) {
      const word = own.uint32()
      for (let bit = 0; bit < 32; bit++) ones[bit]! += (word >>> bit) & 1
      const centred = word / 2 ** 32 - 0.5
      products[0]! += centred * last
      others.forEach((other, which) => {
        products[which + 1]! += centred * (other.uint32() / 2 ** 32 - 0.5)
      })
      last = centred
    }
    for (const one of ones)
      expect(Math.abs(one - count / 2) / Math.sqrt(count / 4)).toBeLessThan(far)
    for (const sum of products) expect(Math.abs(sum) / (Math.sqrt(count) / 12)).toBeLessThan(far)
  })
})

describe('uniform', () => {
  it('lies in [0, 1), evenly', () => {
    const stream = new RandomStream(1, 'uniform')
    const values = draws(200_000, () => stream.uniform())
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    for (const distance of moments(values, 1 / 2, 1 / 12)) expect(distance).toBeLessThan(far)
    const counts = new Array<number>(256).fill(0)
    for (const value of values) counts[Math.floor(value * 256)]!++
    expect(unevenness(counts)).toBeLessThan(far)
  })
})

describe('below and between', () => {
  it.each([2, 3, 10, 1000])('every number below %i is as likely', (bound) => {
    const stream = new RandomStream(1, 'below')
    const counts = new Array<number>(bound).fill(0)
    for (let index = 0; index < 200_000; index++) counts[stream.below(bound)]!++
    expect(unevenness(counts)).toBeLessThan(far)
  })

  it('a bound that does not divide 2^32 favours no number', () => {
    // Without drawing again, numbers below 2^30 would come up half again as often as the others.
    const stream = new RandomStream(1, 'bias')
    const bound = 3 * 2 ** 30
    let low = 0
    const count = 100_000
    for (let index = 0; index < count; index++) if (stream.below(bound) < 2 ** 30) low++
    expect(Math.abs(low - count / 3) / Math.sqrt((count * 2) / 9)).toBeLessThan(far)
  })

  it('reach both ends and no further', () => {
    const stream = new RandomStream(1, 'ends')
    expect(new Set(draws(200, () => stream.between(-2, 2)))).toEqual(new Set([-2, -1, 0, 1, 2]))
    expect(stream.below(1)).toBe(0)
    expect(stream.between(7, 7)).toBe(7)
    expect(draws(1000, () => stream.below(2 ** 32)).some((value) => value >= 2 ** 31)).toBe(true)
  })

  it('refuse what is no bound', () => {
    const stream = new RandomStream(1, 'bad')
    for (const bound of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
      expect(() => stream.below(bound)).toThrow(RangeError)
    }
    expect(() => stream.between(2, 1)).toThrow(RangeError)
  })
})

describe('chance', () => {
  it('comes true as often as it says', () => {
    const stream = new RandomStream(1, 'chance')
    for (const probability of [0, 0.01, 0.5, 0.99, 1]) {
      const count = 100_000
      const hits = draws(count, () => Number(stream.chance(probability))).reduce((a, b) => a + b)
      const error = Math.sqrt(count * probability * (1 - probability))
      expect(Math.abs(hits - count * probability)).toBeLessThanOrEqual(far * error)
    }
  })

  it('refuses what is no probability', () => {
    const stream = new RandomStream(1, 'bad')
    for (const probability of [-0.1, 1.1, NaN]) {
      expect(() => stream.chance(probability)).toThrow(RangeError)
    }
  })
})

describe('distributions', () => {
  it('exponential: mean and variance, and it forgets', () => {
    const stream = new RandomStream(1, 'exponential')
    const values = draws(200_000, () => stream.exponential(3))
    expect(values.every((value) => value >= 0)).toBe(true)
    for (const distance of moments(values, 3, 9)) expect(distance).toBeLessThan(far)
    const rest = values.filter((value) => value > 2).map((value) => value - 2)
    for (const distance of moments(rest, 3, 9)) expect(distance).toBeLessThan(far)
  })

  it('normal: mean, variance and tails', () => {
    const stream = new RandomStream(1, 'normal')
    const values = draws(200_000, () => stream.normal(-4, 2))
    for (const distance of moments(values, -4, 4)) expect(distance).toBeLessThan(far)
    const beyond = values.filter((value) => Math.abs(value + 4) > 4).length
    const expected = 0.0455003 * values.length
    expect(Math.abs(beyond - expected) / Math.sqrt(expected)).toBeLessThan(far)
  })

  it('lognormal: median, mean and variance', () => {
    const stream = new RandomStream(1, 'lognormal')
    const values = draws(200_000, () => stream.lognormal(2, 0.5))
    const mean = 2 * Math.exp(0.125)
    const variance = mean * mean * (Math.exp(0.25) - 1)
    for (const distance of moments(values, mean, variance)) expect(distance).toBeLessThan(far)
    const below = values.filter((value) => value < 2).length
    expect(Math.abs(below - 100_000) / Math.sqrt(50_000)).toBeLessThan(far)
  })

  it('shuffle: every order is as likely', () => {
    const stream = new RandomStream(1, 'shuffle')
    const counts = new Map<string, number>()
    for (let index = 0; index < 60_000; index++) {
      const order = stream.shuffle([0, 1, 2, 3]).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(unevenness([...counts.values()])).toBeLessThan(far)
  })
})
