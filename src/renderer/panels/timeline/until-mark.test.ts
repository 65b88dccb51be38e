import { describe, expect, it } from 'vitest'
import { untilMark, untilReach, untilText } from './until-mark'

const time = (seconds: number) => ({ kind: 'time', seconds }) as const
const condition = { kind: 'condition', text: 'processes.blocked > 64' } as const

describe('what a run goes on until', () => {
  it('is said in whole milliseconds at most', () => {
    expect(untilText(time(751))).toBe('until 00:12:31')
    expect(untilText(time(751.00717013))).toBe('until 00:12:31.007')
    expect(untilText(condition)).toBe('until processes.blocked > 64')
  })

  it('makes the strip longer, but not many times as long as the run', () => {
    expect(untilReach(time(900), 300)).toBe(900)
    expect(untilReach(time(901), 300)).toBe(0)
    expect(untilReach(condition, 300)).toBe(0)
    expect(untilReach(undefined, 300)).toBe(0)
  })

  it('stands at its instant, or at the edge when that lies beyond or is not known', () => {
    expect(untilMark(time(60), 100)).toEqual({ at: 60, text: 'until 00:01:00' })
    expect(untilMark(time(160), 100)).toEqual({ at: 100, text: 'until 00:02:40 →' })
    expect(untilMark(condition, 100)).toEqual({ at: 100, text: 'until processes.blocked > 64 →' })
    expect(untilMark(undefined, 100)).toBeUndefined()
  })
})
