import { describe, expect, it } from 'vitest'
import { boxName, shortInstant } from './draw-flame'

it('a box says of which program a main is, where that is known', () => {
  expect(boxName({ image: 'squid', procedure: 'main' })).toBe('squid main')
  expect(boxName({ image: '', procedure: 'main' })).toBe('main')
  expect(boxName({ image: 'squid', procedure: 'comm_select' })).toBe('comm_select')
})

describe('the name of a stretch of time', () => {
  it.each([
    ['00:00:12', 8, '00:00:12'],
    ['00:00:12', 5, '0:12'],
    ['00:00:12', 3, '12'],
    ['00:00:05', 3, '5'],
    ['00:14:37', 6, '14:37'],
    ['02:14:37', 5, '2:14:37'],
    ['3 d 00:14:37', 6, '14:37'],
  ])('%s in %i characters is %s', (instant, characters, short) => {
    expect(shortInstant(instant, characters)).toBe(short)
  })
})
