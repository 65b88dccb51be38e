import { describe, expect, it } from 'vitest'
import type { Pace } from '../../../shared/frame'
import { BehindWatch, possible, speedReasons } from './speed-words'

describe('a run that is behind its pace', () => {
  const read = (watch: BehindWatch, speed: number, pace: Pace = 100) =>
    watch.read({ phase: 'running', pace, speed })

  it('is said to be when three readings in a row are, and until one is not', () => {
    const watch = new BehindWatch()
    expect([1.7, 1.7, 1.7, 89, 94].map((speed) => read(watch, speed))).toEqual([
      ...[false, false, true, true],
      true,
    ])
    expect([96, 89, 94, 89, 89].map((speed) => read(watch, speed))).toEqual([
      ...[false, false, false],
      ...[false, true],
    ])
  })

  it('is asked anew when the pace is changed, and never behind when none was asked', () => {
    const watch = new BehindWatch()
    for (let reading = 0; reading < 5; reading++) read(watch, 5)
    expect(read(watch, 5, 10)).toBe(false)
    for (let reading = 0; reading < 5; reading++) expect(read(watch, 5, 'max')).toBe(false)
    for (let reading = 0; reading < 5; reading++) {
      expect(watch.read({ phase: 'paused', pace: 100, speed: 0 })).toBe(false)
      expect(read(watch, 0)).toBe(false)
    }
  })

  it('is told with no more figures than are known', () => {
    expect([0.534, 1.73, 12.4].map(possible)).toEqual(['0.53×', '1.7×', '12×'])
  })
})

describe('why a run is as fast as it is', () => {
  const segment = {
    kind: 'segment end',
    share: 0.56,
    procedures: [
      { procedure: 'main', share: 0.22 },
      { procedure: 'tcp_recvmsg', share: 0.14 },
    ],
  }
  const status = { eventsPerSecond: 697_000, speed: 1.7, eventMix: [segment] }

  it('is what a simulated second costs, and what most of it is', () => {
    expect(speedReasons(status, true)).toEqual([
      'One simulated second of this run is 410,000 events. This computer works off 697,000 of them a second, 1.4 µs each.',
      'Most of them, 56 %, are ends of a stretch of work on a CPU (main 22 %, tcp_recvmsg 14 %). Seen in the last five seconds.',
    ])
  })

  it('names kinds that it has no words for, and leaves out what is next to nothing', () => {
    const eventMix = [
      { ...segment, share: 0.4, procedures: [] },
      { kind: 'nobody knows', share: 0.3, procedures: [] },
      { kind: 'tick', share: 0.004, procedures: [] },
    ]
    expect(speedReasons({ ...status, eventMix }, true)[1]).toBe(
      'Most often they, 40 %, are ends of a stretch of work on a CPU; 30 % are nobody knows. Seen in the last five seconds.',
    )
  })

  it('does not take what a pace asks for as what is possible, and says nothing of a run that stands', () => {
    expect(speedReasons({ ...status, eventMix: [] }, false)).toEqual([
      'One simulated second of this run is 410,000 events. At its pace 697,000 of them are worked off a second.',
    ])
    expect(speedReasons({ ...status, speed: 0 }, true)).toEqual([])
  })
})
