import { expect, it } from 'vitest'
import { frameOf } from './live.test-support'
import { demonstrationIn } from './opened-file'

const toCome = [{ at: 15, action: 'fault:orphaned-buffers=1' }]

it('a scenario file of somebody’s own is a demonstration, with its words and its end', () => {
  const text = JSON.stringify({ title: 'Mine', about: 'What to see', for: '2m' })
  const begun = frameOf([0], { seed: 3, actions: [], toCome }).status
  expect(demonstrationIn(`\uFEFF${text}`, begun)).toMatchObject({
    title: 'Mine',
    about: 'What to see',
    forSeconds: 120,
    request: { scenario: 'sdet', seed: 3, timeline: toCome },
  })
  expect(demonstrationIn('{"for":9.5}', begun)).toMatchObject({ title: '', forSeconds: 9.5 })
  expect(demonstrationIn('{}', begun)?.forSeconds).toBeUndefined()
})

it('one in which nothing happens is none', () => {
  expect(demonstrationIn('{}', frameOf([0], { actions: [], toCome: [] }).status)).toBeUndefined()
})
