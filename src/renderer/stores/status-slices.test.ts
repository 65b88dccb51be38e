import { expect, it } from 'vitest'
import { firstStatus } from '../../shared/first-status'
import type { RunStatus } from '../../shared/frame'
import { asideWords } from './status-slices'

const request = { scenario: 'sdet', seed: 7, parameters: {} }
const run = (number: number, aside?: RunStatus['aside']): RunStatus => ({
  ...firstStatus({ run: number, title: 'SDET', pace: 10, request }),
  ...(aside && { aside }),
})
const aside = {
  kind: 'continue',
  title: 'Friday',
  now: 3,
  until: 9,
  speed: 1,
  failed: undefined,
} as const

it('says whether what was made again took the place, or was called off by another run', () => {
  const replaced = { title: 'SDET', seed: 7, by: 'this page', others: 0 } as const
  expect(asideWords(run(1, aside), run(2))).toBe('Friday goes on where it stood')
  expect(asideWords(run(1, { ...aside, kind: 'branch' }), run(2), replaced)).toBe(
    'Friday has branched off',
  )
  const off = { ...replaced, calledOff: 'Friday' }
  expect(asideWords(run(1, aside), run(2), off)).toMatch(/^Friday is not made again any more/)
  expect(asideWords(run(1, aside), run(1)), 'cancelled').toBeUndefined()
  expect(asideWords(run(1), run(2), replaced)).toBeUndefined()
})
