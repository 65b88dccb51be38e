import { describe, expect, it } from 'vitest'
import { bytes, kilobytes, perSecond, speed, withUnit, timeSpent } from './units'

describe('units', () => {
  it('count memory in powers of two', () => {
    expect(bytes(512)).toBe('512 B')
    expect(bytes(3.1 * 2 ** 20)).toBe('3.1 MB')
    expect(kilobytes(262_144)).toBe('256 MB')
  })
  it('tell a speed against real time', () => {
    expect(speed(0.25)).toBe('0.25×')
    expect(speed(10.02)).toBe('10.0×')
    expect(speed(1240)).toBe('1,240×')
  })
  it('stand behind a counter, unless it is a plain count', () => {
    expect(withUnit(91, 'processes')).toBe('91 processes')
    expect(withUnit(214 * 1024, 'kB')).toBe('214 MB')
    expect(withUnit(42, '1')).toBe('42')
    expect(withUnit(1.25, 's')).toBe('1.25 s')
    const units = ['processes', 'jiffies', 'buffers', 'ns', 's']
    expect(units.map((unit) => withUnit(1, unit))).toEqual([
      ...['1 process', '1 jiffy', '1 buffer', '1 ns', '1 s'],
    ])
  })
  it('become rates for monotonic counters', () => {
    expect(perSecond('kB')).toBe('kB/s')
    expect(perSecond('1')).toBe('/s')
  })
})

describe('time that was spent', () => {
  it.each([
    [0, '0.00 s'],
    [0.0042, '4.20 ms'],
    [0.05, '50.0 ms'],
    [0.5, '0.50 s'],
    [87.5, '87.5 s'],
    [765, '12.8 min'],
    [58_300, '16.2 h'],
    [1_000_000, '11.6 d'],
  ])('%d s is %s', (seconds, text) => expect(timeSpent(seconds)).toBe(text))
})
