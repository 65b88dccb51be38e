import { describe, expect, it } from 'vitest'
import { parseAction } from '../actions/action'
import { instant } from '../units/time'
import { createServer } from './simulated-server'
import type { Server } from './server'

function begun(): Server {
  const parameters = { 'httpd.processes': 5, 'load.connections': 2 }
  const server = createServer({ scenario: 'web', seed: 1, parameters })
  if (typeof server === 'string') throw new Error(server)
  return server
}
const until = (server: Server, seconds: number): void => void server.advance(instant(seconds * 1e9))
function act(server: Server, words: string): string | undefined {
  const action = parseAction(words)
  return typeof action === 'string' ? action : server.act(action)
}
const marks = (server: Server): string[] =>
  server.takeMarks().map(({ at, kind, text }) => `${at} ${kind} ${text}`)

describe('notes, captions and alarms', () => {
  it('are logged and marked, and change nothing in the run', () => {
    const digests = [false, true].map((says) => {
      const server = begun()
      until(server, 3)
      if (says) {
        expect(act(server, 'note:it begins')).toBeUndefined()
        expect(act(server, 'caption:{httpd.processes} httpds')).toBeUndefined()
        expect(act(server, 'alarm:httpd.processes > 2 for 2s notify')).toBeUndefined()
        expect(marks(server)).toEqual([
          '3 note note:it begins',
          '3 caption caption:5 httpds',
          '3 alarm alarm:httpd.processes > 2 for 2s notify',
        ])
        expect(server.actions.map(({ action }) => action)).toContain(
          'caption:{httpd.processes} httpds',
        )
      }
      until(server, 6)
      if (says) expect(marks(server)).toEqual(['6 rang httpd.processes > 2 for 2s notify'])
      return server.digest()
    })
    expect(digests[0]).toBe(digests[1])
  })

  it('a note of an instant that is over is logged there; of one to come it is refused', () => {
    const server = begun()
    until(server, 2)
    act(server, 'set:load.connections=3')
    until(server, 4)
    expect(act(server, 'note@1.5:this was before')).toBeUndefined()
    expect(server.actions).toEqual([
      { at: 1.5, action: 'note:this was before' },
      { at: 2, action: 'set:load.connections=3' },
    ])
    expect(act(server, 'note@9:later')).toContain('lies after now')
  })

  it('of a counter that is not there are refused', () => {
    const server = begun()
    expect(act(server, 'alarm:free > 3')).toBe('there is no counter free in this run')
    expect(act(server, 'caption:{free/s} pages')).toBe('there is no counter free/s in this run')
    expect(act(server, 'no-alarm:memory.free > 3')).toBe('there is no alarm on memory.free > 3')
  })

  it('an alarm that pauses says so once; one that was taken back says nothing', () => {
    const server = begun()
    act(server, 'alarm:httpd.processes > 2 pause')
    expect(server.alarmPauses).toBe(true)
    until(server, 2)
    expect(server.takeAlarmPause()).toBe('httpd.processes > 2 pause')
    expect(server.takeAlarmPause()).toBeUndefined()
    expect(server.alarms).toEqual([{ words: 'httpd.processes > 2 pause', since: 1, ringing: true }])
    expect(act(server, 'no-alarm:httpd.processes > 2')).toBeUndefined()
    expect([server.alarms, server.alarmPauses]).toEqual([[], false])
  })
})
