import { describe, expect, it } from 'vitest'
import { RungAlarms } from './rung-alarms'

const states = (ringing: boolean) => [{ words: 'memory.free < 4', since: 1, ringing }]

describe('alarms that rang', () => {
  it('are told with their first instants, and counted', () => {
    const alarms = new RungAlarms()
    expect(alarms.lines).toEqual([])
    for (const at of [1, 2, 3]) alarms.look(at, states(at > 1))
    expect(alarms.lines).toEqual(['alarm memory.free < 4 rang at 2 s'])
    for (let at = 4; at < 14; at++) alarms.look(at, states(at % 2 === 1))
    expect(alarms.lines).toEqual(['alarm memory.free < 4 rang at 2 s, 5 s, 7 s and 3 more times'])
  })
})
