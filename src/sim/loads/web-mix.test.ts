import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { fixedMix, specweb99Mix } from './web-mix'

const draws = 100_000
/** The class and the place in it, from the name. */
const classOf = (name: string): number => Number(name[5])
const placeOf = (name: string): number => Number(name[7])

/** How often each value was drawn, of all. */
function shares(values: readonly number[]): number[] {
  const counts: number[] = []
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts.map((count) => count / values.length)
}

describe('the static mix of SPECweb99', () => {
  const directories = 20
  const { pages, choose } = specweb99Mix(directories)
  const random = new RandomStream(1, 'mix')
  const drawn = Array.from({ length: draws }, () => pages[choose(random)]!)
  /** Five standard deviations of the rarest share that is checked. */
  const near = (expected: readonly number[], got: readonly number[]): void => {
    expect(got).toHaveLength(expected.length)
    expected.forEach((share, index) => {
      const deviation = Math.sqrt((share * (1 - share)) / draws)
      expect(Math.abs(got[index]! - share), String(index)).toBeLessThan(5 * deviation)
    })
  }

  it('has 36 pages a directory, 102 bytes to 900 KB, 5,119,484 bytes together', () => {
    expect(pages).toHaveLength(36 * directories)
    const first = pages.filter(({ folder }) => folder === 'dir00000')
    expect(first.map(({ bytes }) => bytes).slice(0, 10)).toEqual([
      102, 204, 307, 409, 512, 614, 716, 819, 921, 1024,
    ])
    expect(first.at(-1)).toEqual({ folder: 'dir00000', name: 'class3_8', bytes: 921_600 })
    expect(first.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(5_119_484)
    expect(new Set(pages.map(({ folder, name }) => `${folder}/${name}`)).size).toBe(pages.length)
  })

  it('asks for the classes as 35, 50, 14 and 1 of 100', () => {
    near([0.35, 0.5, 0.14, 0.01], shares(drawn.map(({ name }) => classOf(name))))
  })

  it('asks most for the fifth file of a class', () => {
    const places = [0.039, 0.059, 0.088, 0.177, 0.353, 0.118, 0.071, 0.05, 0.045]
    near(places, shares(drawn.map(({ name }) => placeOf(name))))
  })

  it('asks for the n-th directory an n-th as often as for the first', () => {
    const sum = Array.from({ length: directories }, (_, at) => 1 / (at + 1)).reduce((a, b) => a + b)
    const zipf = Array.from({ length: directories }, (_, at) => 1 / (at + 1) / sum)
    near(zipf, shares(drawn.map(({ folder }) => Number(folder?.slice(3)))))
  })

  it('has pages of 14.7 KB in the mean', () => {
    const mean = drawn.reduce((sum, { bytes }) => sum + bytes, 0) / draws
    expect(mean / 1024).toBeGreaterThan(14)
    expect(mean / 1024).toBeLessThan(15.4)
  })
})

it('a fixed mix is one page', () => {
  const { pages, choose } = fixedMix(15_000)
  expect(pages).toEqual([{ folder: undefined, name: 'index.html', bytes: 15_000 }])
  expect(choose(new RandomStream(1, 'mix'))).toBe(0)
})
