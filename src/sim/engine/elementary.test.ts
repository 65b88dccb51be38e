import { describe, expect, it } from 'vitest'
import { exp, log } from './elementary'
import { RandomStream } from './random'

/** Correct to the last place: computed with 60 decimal digits and rounded. */
const logs: readonly (readonly [number, number])[] = [
  [0.5, -0.6931471805599453],
  [0.75, -0.2876820724517809],
  [0.9999999999999999, -1.1102230246251565e-16],
  [1, 0],
  [1.0000000000000002, 2.2204460492503128e-16],
  [1.5, 0.4054651081081644],
  [2, 0.6931471805599453],
  [3, 1.0986122886681098],
  [10, 2.302585092994046],
  [2 ** -53, -36.7368005696771],
  [1e-300, -690.7755278982137],
  [1e300, 690.7755278982137],
  [0.7071067811865476, -0.3465735902799726],
  [1.4142135623730951, 0.3465735902799727],
  [123456.789, 11.723646487185881],
]

const exps: readonly (readonly [number, number])[] = [
  [0, 1],
  [1, 2.718281828459045],
  [-1, 0.36787944117144233],
  [0.5, 1.6487212707001282],
  [1e-10, 1.0000000001],
  [-1e-10, 0.9999999999],
  [0.34657359, 1.4142135619771539],
  [-0.34657359, 0.7071067813845181],
  [10, 22026.465794806718],
  [-10, 4.5399929762484854e-5],
  [100, 2.6881171418161356e43],
  [-100, 3.720075976020836e-44],
  [700, 1.0142320547350045e304],
  [-700, 9.85967654375977e-305],
  [709.7, 1.6549840276802644e308],
  [3.14159, 23.14063122695496],
]

/** The distance in units of the last place of `expected`. */
function lastPlaces(actual: number, expected: number): number {
  if (actual === expected) return 0
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 52)
  return Math.abs(actual - expected) / unit
}

/** All bits of many results in one number, so that one that differs on some machine shows. */
function fingerprint(values: Iterable<number>): number {
  const view = new DataView(new ArrayBuffer(8))
  let hash = 0
  for (const value of values) {
    view.setFloat64(0, value)
    hash = Math.imul(hash ^ view.getInt32(0), 0x9e3779b1)
    hash = Math.imul(((hash << 13) | (hash >>> 19)) ^ view.getInt32(4), 0x85ebca6b)
  }
  return hash >>> 0
}

function* arguments_(low: number, high: number): Generator<number> {
  const random = new RandomStream(3, 'arguments')
  for (let index = 0; index < 100_000; index++) yield low + (high - low) * random.uniform()
}

describe('log', () => {
  it.each(logs)('of %d is right within one unit in the last place', (value, expected) => {
    expect(lastPlaces(log(value), expected)).toBeLessThanOrEqual(1)
  })

  it('is never further than 2 units from what this machine computes, which may be off by one itself', () => {
    let worst = 0
    for (const value of arguments_(1e-9, 20)) {
      worst = Math.max(worst, lastPlaces(log(value), Math.log(value)))
    }
    expect(worst).toBeLessThanOrEqual(2)
  })

  it('has these bits on every machine', () => {
    const values = [...arguments_(1e-9, 20)].map(log)
    expect(fingerprint(values)).toBe(4154076527)
  })

  it.each([0, -1, NaN, Infinity, 5e-324])('refuses %d', (value) => {
    expect(() => log(value)).toThrow(RangeError)
  })
})

describe('exp', () => {
  it.each(exps)('of %d is right within one unit in the last place', (value, expected) => {
    expect(lastPlaces(exp(value), expected)).toBeLessThanOrEqual(1)
  })

  it('is never further than 2 units from what this machine computes, which may be off by one itself', () => {
    let worst = 0
    for (const value of arguments_(-40, 40)) {
      worst = Math.max(worst, lastPlaces(exp(value), Math.exp(value)))
    }
    expect(worst).toBeLessThanOrEqual(2)
  })

  it('has these bits on every machine', () => {
    const values = [...arguments_(-40, 40)].map(exp)
    expect(fingerprint(values)).toBe(2802727214)
  })

  it('ends in 0, Infinity and NaN', () => {
    expect([exp(-800), exp(800), exp(NaN)]).toEqual([0, Infinity, NaN])
  })

  it('undoes log', () => {
    for (const value of arguments_(0.001, 1000)) {
      expect(Math.abs(exp(log(value)) / value - 1)).toBeLessThan(2e-15)
    }
  })
})
