import { expect, it } from 'vitest'
import { keptWords } from './kept-words'

const recording = {
  name: 'sdet-seed1',
  bytes: 5e6,
  bytesPerHour: 1e6,
  freeBytes: 100e6,
  wholeAfter: 0,
  stopped: undefined,
}

it('what is kept is what is recorded, with its growth and the time that is left on its disk', () => {
  expect(keptWords({ keptBytes: 1000, recording: undefined })).toMatchObject({
    keptOf: 'samples kept',
  })
  const words = keptWords({ keptBytes: 1000, recording })
  expect(words.keptOf).toBe('recorded')
  expect(words.recording).toContain('an hour')
  expect(words.recording).toContain('enough for 4 days')
  const whole = keptWords({ keptBytes: 0, recording: { ...recording, wholeAfter: 3600 } })
  expect(whole.recording).toContain('kept as tiers')
})

it('a recording that stopped says why', () => {
  const words = keptWords({
    keptBytes: 0,
    recording: { ...recording, stopped: 'the disk is full' },
  })
  expect(words).toMatchObject({ keptOf: 'not recorded', stopped: true })
  expect(words.recording).toContain('the disk is full')
})
