import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { DirectMappedCache } from './direct-mapped-cache'

const line = 64
const page = 8192
const pageLines = page / line
/** A cache of so many pages. */
const cacheOf = (pages: number, cpus = 1): DirectMappedCache =>
  new DirectMappedCache(cpus, pages * page, line)

describe('a direct-mapped cache', () => {
  it('loads a footprint once and finds it again', () => {
    const cache = cacheOf(256)
    const task = cache.create(4 * page)
    expect(cache.warm(0, task)).toBe(0)
    expect(cache.use(0, task)).toBe(4 * pageLines)
    expect(cache.warm(0, task)).toBe(1)
    expect(cache.use(0, task)).toBe(0)
  })

  it('has a place for each page until all colours are used', () => {
    const cache = cacheOf(16)
    const tasks = [0, 1, 2, 3].map(() => cache.create(4 * page))
    for (const task of tasks) cache.use(0, task)
    expect(tasks.map((task) => cache.use(0, task))).toEqual([0, 0, 0, 0])
    const fifth = cache.create(4 * page)
    cache.use(0, fifth)
    // It has the colours of the first, and of no other.
    expect(tasks.map((task) => cache.warm(0, task))).toEqual([0, 1, 1, 1])
  })

  it('misses where more pages are used in turn than there are colours', () => {
    const cache = cacheOf(64)
    const footprint = cache.create(80 * page)
    cache.use(0, footprint)
    // 16 colours have two pages each, which push each other out.
    expect(cache.use(0, footprint)).toBe(32 * pageLines)
  })

  it('misses like one that has a line in each place, touched in places', () => {
    const random = new RandomStream(3, 'touches')
    const cache = cacheOf(1)
    // Three footprints of less than a page, anywhere in it.
    const sizes = [100, 60, 30]
    const footprints = sizes.map((size) => cache.create(size * line))
    const at = sizes.map((size) => shuffled(random, pageLines).slice(0, size))
    const places = new Int32Array(pageLines).fill(-1)
    let [expected, missed] = [0, 0]
    for (let turn = 0; turn < 4000; turn++) {
      const which = random.below(3)
      const lines = 1 + random.below(20)
      missed += cache.touch(0, footprints[which]!, lines)
      const owned = at[which]!
      for (const index of shuffled(random, owned.length).slice(0, lines)) {
        const place = owned[index]!
        if (places[place] !== which) expected++
        places[place] = which
      }
    }
    expect(missed / expected).toBeGreaterThan(0.9)
    expect(missed / expected).toBeLessThan(1.1)
  })

  it('never holds more lines of a colour than it has places, whatever is done', () => {
    const seed = 17
    const random = new RandomStream(seed, 'conservation')
    const cache = cacheOf(8, 2)
    const live: number[] = []
    for (let step = 0; step < 20_000; step++) {
      const cpu = random.below(2)
      const chosen = live[random.below(Math.max(1, live.length))]
      const what = random.below(100)
      if (chosen === undefined || (what < 4 && live.length < 40)) {
        live.push(cache.create(random.below(3 * page)))
      } else if (what < 6) {
        cache.release(chosen)
        live.splice(live.indexOf(chosen), 1)
      } else if (what < 10) cache.resize(chosen, random.below(3 * page))
      else if (what < 15) cache.invalidate(cpu, chosen, random.below(100))
      else if (what < 60) cache.touch(cpu, chosen, random.below(200))
      else {
        cache.use(cpu, chosen)
        expect(cache.use(cpu, chosen), `seed ${seed}, step ${step}`).toBeLessThan(3 * pageLines)
      }
      if (step % 500 > 0) continue
      for (const each of [0, 1]) {
        for (let colour = 0; colour < 8; colour++) {
          const held = cache.residentOf(each, colour)
          expect(held, `seed ${seed}, step ${step}`).toBeLessThanOrEqual(pageLines + 1e-6)
        }
      }
    }
    expect(cache.inUse).toBe(live.length)
  })

  it('is stale on other CPUs when one writes, and cold when its index comes back', () => {
    const cache = cacheOf(64, 2)
    const bits = cache.create(100 * line)
    for (const cpu of [0, 1]) cache.use(cpu, bits)
    cache.invalidate(0, bits, 25)
    expect([0, 1].map((cpu) => cache.warm(cpu, bits))).toEqual([1, 0.75])
    cache.release(bits)
    expect(cache.create(100 * line)).toBe(bits)
    expect(cache.warm(0, bits)).toBe(0)
  })

  it('refuses a cache without a page, and a footprint of less than nothing', () => {
    expect(() => new DirectMappedCache(1, 4096, line)).toThrow('4096 bytes in lines of 64')
    expect(() => cacheOf(1).create(-1)).toThrow('not -1')
  })
})

function shuffled(random: RandomStream, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index)
  for (let at = count - 1; at > 0; at--) {
    const other = random.below(at + 1)
    ;[all[at], all[other]] = [all[other]!, all[at]!]
  }
  return all
}
