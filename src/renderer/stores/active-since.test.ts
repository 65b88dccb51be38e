import { describe, expect, it } from 'vitest'
import { activeSince } from './active-since'

const log = [
  { at: 10, action: 'fault:slow-disk=0.5' },
  { at: 20, action: 'fault:slow-disk=1' },
  { at: 25, action: 'fix:larger-hash=on' },
  { at: 30, action: 'fault:slow-disk=0' },
  { at: 40, action: 'fault:slow-disk=0.1' },
  { at: 50, action: 'reboot' },
]

describe('since when a fault is on', () => {
  it('counts from when it was switched on, through changes of intensity', () => {
    expect(activeSince(log.slice(0, 2), 'fault', 'slow-disk')).toBe(10)
    expect(activeSince(log, 'fault', 'slow-disk')).toBe(40)
  })
  it('is nothing while it is off', () => {
    expect(activeSince(log.slice(0, 4), 'fault', 'slow-disk')).toBeUndefined()
    expect(activeSince(log, 'fault', 'larger-hash')).toBeUndefined()
    expect(activeSince([], 'fix', 'larger-hash')).toBeUndefined()
  })
  it('holds for fixes too', () => {
    expect(activeSince(log, 'fix', 'larger-hash')).toBe(25)
  })
})
