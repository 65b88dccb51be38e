import { expect, it } from 'vitest'
import { slowWords } from './slow-words'

it('slow motion says what it waits for, and how long ago that came', () => {
  expect(slowWords(undefined, 5)).toMatchObject({ isOn: false, goes: false, text: 'slow' })
  const waits = slowWords({ of: 'connection', since: undefined }, 5)
  expect(waits).toMatchObject({ isOn: true, goes: false, text: 'waits' })
  expect(waits.title).toContain('next connection')
  const goes = slowWords({ of: 'wake-up', since: 5 }, 5.00325)
  expect(goes).toMatchObject({ isOn: true, goes: true, text: '+3.25 ms' })
  expect(goes.title).toContain('since the wake-up came')
})
