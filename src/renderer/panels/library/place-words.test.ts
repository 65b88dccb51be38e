import { expect, it } from 'vitest'
import type { RecordingInfo } from '../../../shared/api'
import type { RecordingStatus } from '../../../shared/frame'
import { readLimit, roomWords, usedBytes } from './place-words'

const listed = (id: string, bytes: number): RecordingInfo => ({
  id,
  bytes,
  writer: undefined,
  traces: 0,
  run: 'none',
})
const place = { limitBytes: 4e9, recordings: [listed('now', 1e9), listed('old', 2e9)] }
const now: RecordingStatus = {
  name: 'now',
  bytes: 1.5e9,
  bytesPerHour: 10e6,
  freeBytes: 1e9,
  wholeAfter: 0,
  stopped: undefined,
}

it('what recordings take has what came since the list was read', () => {
  expect(usedBytes(place, now)).toBe(3.5e9)
  expect(usedBytes(place, undefined)).toBe(3e9)
  expect(usedBytes(place, { ...now, bytes: 0 })).toBe(3e9)
})

it('the room that is left is told as growth, time to the limit and time to a full disk', () => {
  expect(roomWords(place, now)).toEqual([
    'The present run grows by 10 MB an hour.',
    'The limit is reached in 2 days; then the oldest go.',
    '1 GB free on the disk: enough for 4 days.',
  ])
  expect(roomWords({ ...place, limitBytes: 1e9 }, now)[1]).toContain('the oldest go')
  expect(roomWords(place, { ...now, bytesPerHour: 0 })).toEqual([
    'How fast the present run grows is known after some seconds.',
    '1 GB free on the disk.',
  ])
  expect(roomWords(place, { ...now, stopped: 'the disk is full' })).toEqual([
    'The present recording has stopped: the disk is full',
  ])
  expect(roomWords(place, undefined)).toEqual(['The present run is not recorded.'])
})

it('a limit is read as a size, or it is said what would be right', () => {
  expect(readLimit('500 MB')).toBe(500e6)
  expect(readLimit('0.5MB')).toContain('from 1 MB')
  expect(readLimit('9999999TB')).toContain('not "9999999TB"')
  expect(readLimit(' ')).toContain('not nothing')
})
