import { describe, expect, it } from 'vitest'
import { baselineAround, findBaseline, type RunSoFar } from './baseline-stretch'

const round = (number: number) => ({
  number,
  startSeconds: 10 + (number - 1) * 110,
  seconds: 110,
  perHour: 4177,
})
const scripts = (rounds: number, newest: number, firstAction = Infinity): RunSoFar => ({
  inRounds: true,
  rounds: Array.from({ length: rounds }, (_, i) => round(i + 1)),
  newest,
  firstAction,
})
const steady = (newest: number, firstAction = Infinity): RunSoFar => ({
  inRounds: false,
  rounds: [],
  newest,
  firstAction,
})

describe('the baseline that a run finds by itself', () => {
  it('is the second round, because the first one fills the caches', () => {
    expect(findBaseline(scripts(0, 60))).toBeUndefined()
    expect(findBaseline(scripts(1, 200))).toBeUndefined()
    const second = { from: 120, to: 230, words: 'round 2', chosen: false }
    expect(findBaseline(scripts(2, 240))).toEqual(second)
    expect(findBaseline(scripts(9, 1200, 700))).toEqual(second)
  })

  it('is the time after warm-up where there are no rounds', () => {
    expect(findBaseline(steady(39))).toBeUndefined()
    expect(findBaseline(steady(40))).toMatchObject({ from: 10, to: 40 })
    expect(findBaseline(steady(4000))).toMatchObject({ from: 10, to: 40 })
  })

  it('ends before anything was done to the run', () => {
    expect(findBaseline(steady(500, 25))).toMatchObject({ from: 10, to: 25 })
    expect(findBaseline(scripts(2, 240, 200))).toMatchObject({ from: 170, to: 200 })
    expect(findBaseline(scripts(2, 240, 25))).toMatchObject({ from: 10, to: 25 })
  })

  it('is none where something was done at once', () => {
    expect(findBaseline(steady(500, 12))).toBeUndefined()
    expect(findBaseline(scripts(3, 400, 5))).toBeUndefined()
  })
})

describe('a baseline that somebody sets', () => {
  it('is the round that the instant lies in, the last finished one for what comes after', () => {
    expect(baselineAround(150, scripts(4, 500))).toMatchObject({ words: 'round 2', chosen: true })
    expect(baselineAround(499, scripts(4, 500))).toMatchObject({ words: 'round 4' })
  })

  it('is the time up to the instant where there is no finished round', () => {
    expect(baselineAround(300, steady(500))).toMatchObject({ from: 270, to: 300, chosen: true })
    expect(baselineAround(60, scripts(0, 60))).toMatchObject({ from: 30, to: 60 })
    expect(baselineAround(4, steady(4))).toBeUndefined()
  })
})
