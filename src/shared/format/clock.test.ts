import { describe, expect, it } from 'vitest'
import { axisInstant, clock, instantText, parseSpan, span } from './clock'

describe('simulated clock', () => {
  it('reads days, hours, minutes, seconds and milliseconds', () => {
    expect(clock(0)).toBe('0 d 00:00:00.000')
    expect(clock(2 * 3600 + 14 * 60 + 37.25)).toBe('0 d 02:14:37.250')
    expect(clock(100 * 86_400 + 86_399.999)).toBe('100 d 23:59:59.999')
  })
  it('never runs ahead of the instant', () => {
    expect(clock(59.9999)).toBe('0 d 00:00:59.999')
    expect(clock(1.001)).toBe('0 d 00:00:01.001')
  })
  it('says nothing before there is a run', () => {
    expect(clock(NaN)).toBe('– d --:--:--.---')
  })
})

describe('instants', () => {
  it('name the day only when there is one', () => {
    expect(instantText(2280)).toBe('00:38:00')
    expect(instantText(3 * 86_400 + 61)).toBe('3 d 00:01:01')
  })
  it('lose their seconds on an axis of whole minutes', () => {
    expect(axisInstant(3600, 600)).toBe('01:00')
    expect(axisInstant(3605, 5)).toBe('01:00:05')
    expect(axisInstant(5 * 86_400, 86_400)).toBe('5 d')
    expect(axisInstant(86_400 + 7200, 3600)).toBe('1 d 02:00')
  })
})

describe('spans', () => {
  it.each([
    [0.25, '250 ms'],
    [37.2, '37.2 s'],
    [59.97, '1 min'],
    [600, '10 min'],
    [3600, '1 h'],
    [5400, '1 h 30 min'],
    [187_200, '2 d 4 h'],
    [Infinity, 'whole run'],
    [0, '0 ms'],
  ])('%f s reads %s', (seconds, words) => expect(span(seconds)).toBe(words))
})

describe('what people type as a time', () => {
  it.each([
    ['90', 90],
    ['1.5h', 5400],
    ['2h 10m', 7800],
    ['10 min', 600],
    ['250ms', 0.25],
    ['1 d', 86_400],
    ['02:14:37.5', 8077.5],
    ['1:30', 5400],
    ['3 d 02:00:00', 266_400],
  ])('%s is understood', (text, seconds) => expect(parseSpan(text)).toBeCloseTo(seconds, 9))
  it.each(['', 'soon', '-5', '5 parsecs', '1e3', '10 m x'])('%s is not', (text) => {
    expect(parseSpan(text)).toBeUndefined()
  })
})
