import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../sim/engine/random'
import { forecast, type LinePoint } from './forecast'

const line = (value: (at: number) => number, seconds = 300): LinePoint[] =>
  Array.from({ length: seconds / 5 + 1 }, (_, i) => ({ at: 1000 + 5 * i, value: value(5 * i) }))

describe('where a line is heading', () => {
  it('is told exactly for a straight one, whichever way it goes', () => {
    const falling = forecast(
      line((t) => 900 - t),
      0,
    )
    expect(falling).toMatchObject({ seconds: 600, slope: -1, from: 1000, to: 1300, points: 61 })
    expect(
      forecast(
        line((t) => 100 + 2 * t),
        1000,
      )?.seconds,
    ).toBe(150)
  })

  it('is hardly moved by noise, and not by some wild points', () => {
    const random = new RandomStream(7, 'noise')
    const noisy = line((t) => 900 - t + 20 * (random.uniform() - 0.5))
    expect(Math.abs((forecast(noisy, 0)?.seconds ?? 0) - 600)).toBeLessThan(25)
    const wild = line((t) => (t % 60 === 30 ? 5000 : 900 - t))
    expect(forecast(wild, 0)?.seconds).toBeCloseTo(600, 6)
  })

  it('is not told where it is not steady', () => {
    const random = new RandomStream(7, 'noise')
    expect(
      forecast(
        line(() => 500 + 100 * random.uniform()),
        0,
      ),
      'noise',
    ).toBeUndefined()
    expect(
      forecast(
        line((t) => 500 + 300 * Math.sin(t / 20)),
        0,
      ),
      'waves',
    ).toBeUndefined()
    expect(
      forecast(
        line(() => 500),
        0,
      ),
      'flat',
    ).toBeUndefined()
    expect(
      forecast(
        line((t) => Math.max(600, 900 - 2 * t)),
        0,
      ),
      'it has stopped',
    ).toBeUndefined()
    expect(
      forecast(
        line((t) => (t < 150 ? t : 300 - t)),
        0,
      ),
      'it has turned',
    ).toBeUndefined()
  })

  it('is not told of what lies behind it, far off, or is known for too short a time', () => {
    const falling = line((t) => 900 - t)
    expect(forecast(falling, 1000)).toBeUndefined()
    expect(forecast(falling, -100_000)).toBeUndefined()
    expect(
      forecast(
        line((t) => 900 - t, 100),
        0,
      ),
    ).toBeUndefined()
    expect(forecast([], 0)).toBeUndefined()
  })
})
