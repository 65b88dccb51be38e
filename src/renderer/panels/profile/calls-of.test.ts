import { describe, expect, it } from 'vitest'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { callsOf, type Call } from './calls-of'

const names = ['main', 'sys_read', 'schedule', 'lock']
const profile: ProfileSnapshot = {
  clockMHz: 450,
  cpus: 2,
  fromSeconds: 0,
  toSeconds: 1,
  meanPeriod: 0,
  frames: names.map((procedure) => ({ procedure, image: procedure === 'main' ? 'cc' : 'vmlinux' })),
  stacks: [
    { frames: [0], cycles: [5, 1], samples: [0, 0] },
    { frames: [0, 1], cycles: [10, 20], samples: [0, 0] },
    { frames: [0, 1, 2], cycles: [100, 0], samples: [0, 0] },
    { frames: [0, 1, 2, 3], cycles: [0, 7], samples: [0, 0] },
    { frames: [2], cycles: [3, 0], samples: [0, 0] },
    { frames: [0, 1, 0, 1], cycles: [1000, 0], samples: [0, 0] },
  ],
}
const calls = (image: string, procedure: string) => {
  const of = callsOf(profile, { image, procedure })
  const listed = (list: readonly Call[]) =>
    list.map(({ frame, cycles }) => [frame.procedure, cycles])
  return of && { ...of, callers: listed(of.callers), callees: listed(of.callees) }
}

describe('calls of a procedure', () => {
  it('say who called it and whom it called, and add up', () => {
    expect(calls('vmlinux', 'schedule')).toMatchObject({
      total: 110,
      self: 103,
      byCpu: [103, 7],
      callers: [['sys_read', 107]],
      callees: [['lock', 7]],
    })
  })

  it('count a procedure that calls itself once', () => {
    expect(calls('vmlinux', 'sys_read')).toMatchObject({
      total: 1137,
      self: 1030,
      callers: [['main', 1137]],
      callees: [['schedule', 107]],
    })
  })

  it('are none of what is not in the profile', () => {
    expect(calls('vmlinux', 'main')).toBeUndefined()
  })
})
