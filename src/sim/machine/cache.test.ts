import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { CacheResidency } from './cache'

/** One or more CPUs with a cache of 1,000 lines. */
const caches = (cpus = 1): CacheResidency => new CacheResidency(cpus, 32_000, 32, 203)
const lines = (count: number): number => count * 32

describe('cache residency: footprints used as a whole', () => {
  it('loads a footprint once and finds it again', () => {
    const cache = caches()
    const task = cache.create(lines(300))
    expect(cache.warm(0, task)).toBe(0)
    expect(cache.use(0, task)).toBe(300)
    expect(cache.warm(0, task)).toBe(1)
    expect(cache.use(0, task)).toBe(0)
    expect(cache.loaded(0)).toBe(300)
  })

  it('never misses after the first pass over footprints that fit', () => {
    const cache = caches()
    const tasks = Array.from({ length: 4 }, () => cache.create(lines(250)))
    for (const task of tasks) expect(cache.use(0, task)).toBe(250)
    for (let pass = 0; pass < 50; pass++) {
      for (const task of tasks) expect(cache.use(0, task)).toBe(0)
    }
  })

  it('always misses when what comes in between fills the cache', () => {
    const cache = caches()
    const tasks = Array.from({ length: 5 }, () => cache.create(lines(250)))
    for (let pass = 0; pass < 50; pass++) {
      for (const task of tasks) expect(cache.use(0, task)).toBe(250)
    }
  })

  it.each([2, 3, 4, 7])('misses nF − C lines each time over %i footprints that overlap', (n) => {
    // n − 1 footprints fit, n do not: of F lines C − (n − 1)F are left when one comes round.
    const size = Math.floor(1_050 / n)
    const cache = caches()
    const tasks = Array.from({ length: n }, () => cache.create(lines(size)))
    for (const task of tasks) cache.use(0, task)
    const expected = n * size - 1_000
    expect(expected).toBeGreaterThan(0)
    for (let pass = 0; pass < 50; pass++) {
      for (const task of tasks) {
        expect(cache.warm(0, task) * size).toBeCloseTo(size - expected, 6)
        expect(cache.use(0, task)).toBeCloseTo(expected, 6)
      }
    }
  })

  it('pushes out the footprint used longest ago first', () => {
    const cache = caches()
    const [a, b, c] = [400, 400, 500].map((count) => cache.create(lines(count))) as [
      number,
      number,
      number,
    ]
    cache.use(0, a)
    cache.use(0, b)
    cache.use(0, a)
    cache.use(0, c)
    expect(cache.warm(0, a)).toBe(1)
    expect(cache.warm(0, b)).toBeCloseTo(100 / 400)
    expect(cache.warm(0, c)).toBe(1)
  })

  it('holds no more of a footprint than fits, and every other one is gone', () => {
    const cache = caches()
    const small = cache.create(lines(10))
    const large = cache.create(lines(4_000))
    cache.use(0, small)
    expect(cache.use(0, large)).toBe(4_000)
    expect(cache.warm(0, large)).toBeCloseTo(0.25)
    expect(cache.warm(0, small)).toBe(0)
    expect(cache.resident(0)).toBe(1_000)
  })
})

describe('cache residency: footprints touched in places', () => {
  it('misses by the share that is not resident', () => {
    const cache = caches()
    const table = cache.create(lines(800))
    expect(cache.touch(0, table, 400)).toBe(400)
    expect(cache.touch(0, table, 400)).toBe(200)
    expect(cache.touch(0, table, 400)).toBe(100)
    expect(cache.warm(0, table)).toBeCloseTo(700 / 800)
    expect(cache.touch(0, table, 9_999)).toBeCloseTo(100)
    expect(cache.touch(0, table, 800)).toBeCloseTo(0)
  })

  it('keeps a line that is touched again and again', () => {
    const cache = caches()
    const lock = cache.create(1)
    const task = cache.create(lines(900))
    cache.touch(0, lock, 1)
    for (let i = 0; i < 20; i++) {
      const other = cache.create(lines(150))
      cache.use(0, task)
      expect(cache.touch(0, lock, 1)).toBe(0)
      cache.use(0, other)
      expect(cache.touch(0, lock, 1)).toBe(0)
    }
  })

  it.each([
    { size: 10_000, touched: 10, between: 40 },
    { size: 1_000, touched: 10, between: 40 },
    { size: 300, touched: 10, between: 40 },
    { size: 200, touched: 10, between: 40 },
    { size: 100, touched: 10, between: 40 },
    { size: 800, touched: 50, between: 40 },
    { size: 200, touched: 50, between: 40 },
    { size: 64, touched: 4, between: 400 },
    { size: 32, touched: 1, between: 40 },
    { size: 8, touched: 1, between: 40 },
  ])(
    'misses like a least-recently-used list of lines, $touched of $size touched per $between loaded',
    ({ size, touched, between }) => {
      const random = new RandomStream(5, 'touches')
      const cache = caches()
      const table = cache.create(lines(size))
      const listed = new Set<number>()
      let stranger = size
      const finds = (line: number): boolean => {
        const found = listed.delete(line)
        listed.add(line)
        for (const oldest of listed) {
          if (listed.size <= 1_000) break
          listed.delete(oldest)
        }
        return found
      }
      let expected = 0
      let missed = 0
      for (let i = 0; i < 2_000; i++) {
        const drawn = new Set<number>()
        while (drawn.size < touched) drawn.add(random.below(size))
        const misses = [...drawn].filter((line) => !finds(line)).length
        const model = cache.touch(0, table, touched)
        for (let k = 0; k < between; k++) finds(stranger++)
        const passing = cache.create(lines(between))
        cache.use(0, passing)
        if (i < 500) continue
        expected += misses / (1_500 * touched)
        missed += model / (1_500 * touched)
      }
      expect(Math.abs(missed - expected)).toBeLessThan(0.12)
    },
  )
})

describe('cache residency: many CPUs', () => {
  it('are warm each for itself', () => {
    const cache = caches(2)
    const task = cache.create(lines(100))
    cache.use(0, task)
    expect([cache.warm(0, task), cache.warm(1, task)]).toEqual([1, 0])
    expect([cache.loaded(0), cache.loaded(1)]).toEqual([100, 0])
  })

  it('lose what another one writes, by the lines written', () => {
    const cache = caches(3)
    const queue = cache.create(lines(100))
    for (const cpu of [0, 1, 2]) cache.use(cpu, queue)
    cache.invalidate(1, queue, 25)
    expect([0, 1, 2].map((cpu) => cache.warm(cpu, queue))).toEqual([0.75, 1, 0.75])
    expect(cache.use(0, queue)).toBe(25)
    cache.invalidate(1, queue)
    expect([0, 1, 2].map((cpu) => cache.warm(cpu, queue))).toEqual([0, 1, 0])
    expect([0, 1, 2].map((cpu) => cache.resident(cpu))).toEqual([0, 100, 0])
  })
})

describe('cache residency: footprints come and go', () => {
  it('hands out a released index again, cold', () => {
    const cache = caches(2)
    const task = cache.create(lines(100))
    cache.use(1, task)
    cache.release(task)
    expect(cache.resident(1)).toBe(0)
    expect(cache.create(lines(60))).toBe(task)
    expect(cache.warm(1, task)).toBe(0)
    expect(cache.use(1, task)).toBe(60)
  })

  it('loads what a footprint grew by and keeps the share of one that shrank', () => {
    const cache = caches()
    const task = cache.create(lines(100))
    cache.use(0, task)
    cache.resize(task, lines(150))
    expect(cache.use(0, task)).toBe(50)
    cache.use(0, cache.create(lines(925)))
    expect(cache.warm(0, task)).toBe(0.5)
    cache.resize(task, lines(50))
    expect(cache.warm(0, task)).toBe(0.5)
    expect(cache.resident(0)).toBe(950)
  })

  it('never holds more than the cache and accounts for every line, whatever is done', () => {
    const seed = 11
    const random = new RandomStream(seed, 'conservation')
    const cache = caches(3)
    const live: { footprint: number; size: number }[] = []
    for (let i = 0; i < 60_000; i++) {
      const cpu = random.below(3)
      const chosen = live[random.below(Math.max(1, live.length))]
      const what = random.below(100)
      if (!chosen || (what < 2 && live.length < 300)) {
        const size = random.below(random.chance(0.1) ? 3_000 : 200)
        live.push({ footprint: cache.create(lines(size)), size })
      } else if (what < 3) {
        cache.release(chosen.footprint)
        live.splice(live.indexOf(chosen), 1)
      } else if (what < 5) {
        chosen.size = random.below(300)
        cache.resize(chosen.footprint, lines(chosen.size))
      } else if (what < 10) {
        cache.invalidate(cpu, chosen.footprint, random.below(100))
      } else {
        const before = cache.warm(cpu, chosen.footprint) * chosen.size
        const touched = Math.min(chosen.size, random.below(60))
        const missed =
          what < 50 ? cache.use(cpu, chosen.footprint) : cache.touch(cpu, chosen.footprint, touched)
        const share = what < 50 ? 1 : touched / chosen.size
        const expected = chosen.size > 0 ? (chosen.size - before) * share : 0
        if (Math.abs(missed - expected) > 1e-3) {
          expect.fail(`seed ${seed}, step ${i}: ${missed} lines missed, not ${expected}`)
        }
      }
      if (i % 500 > 0) continue
      for (const each of [0, 1, 2]) {
        const held = live.reduce(
          (sum, { footprint, size }) => sum + cache.warm(each, footprint) * size,
          0,
        )
        expect(held).toBeLessThanOrEqual(1_000 + 1e-3)
        expect(cache.resident(each)).toBeCloseTo(held, 2)
      }
    }
  })

  it('refuses a cache without a line, and a footprint of less than nothing', () => {
    expect(() => new CacheResidency(1, 16, 32, 203)).toThrow('16 bytes in lines of 32')
    expect(() => caches().create(-1)).toThrow('not -1')
  })
})
