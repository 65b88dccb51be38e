import { expect, it } from 'vitest'
import { wayLeft } from './way-left'

it('tells how long a way will take, in steps that can be read', () => {
  expect(wayLeft({ now: 0, until: 100, speed: 0 })).toBeUndefined()
  expect(wayLeft({ now: 90, until: 100, speed: 4 })).toBe(3)
  expect(wayLeft({ now: 0, until: 810, speed: 10 })).toBe(90)
  expect(wayLeft({ now: 0, until: 7210, speed: 10 })).toBe(780)
  expect(wayLeft({ now: 100, until: 100, speed: 10 })).toBe(1)
})
