import { describe, expect, it } from 'vitest'
import { Alarms, alarmWords, parseAlarm } from './alarms'
import { CounterLevels } from './counter-levels'
import { CounterRegistry } from './counters'

/** What each alarm does over the samples of a gauge and a total, one a second from 1 s on. */
function instants(words: readonly string[], free: readonly number[], total = free): string[] {
  const counters = new CounterRegistry()
  const gauge = counters.declare({ id: 'free', unit: 'kB', kind: 'gauge', help: '.' })
  const sum = counters.declare({ id: 'pages', unit: '1', kind: 'monotonic', help: '.' })
  const levels = new CounterLevels(counters)
  const alarms = new Alarms(levels)
  for (const alarm of words.map(parseAlarm)) {
    if (typeof alarm === 'string') throw new Error(alarm)
    alarms.set(alarm)
  }
  return free.flatMap((value, index) => {
    counters.values[gauge] = value
    counters.values[sum] = total[index] ?? 0
    levels.note(index + 1)
    return alarms.look(index + 1).map((alarm) => `${index + 1} ${alarmWords(alarm)}`)
  })
}

describe('an alarm', () => {
  it.each([
    'free < 4000',
    'free < 4000 for 1m',
    'free >= 4.5 for 90s pause',
    'pages/s = 0 for 2h notify',
  ])('%s comes back as it was written', (words) => {
    const alarm = parseAlarm(words)
    expect(typeof alarm === 'string' ? alarm : alarmWords(alarm)).toBe(words)
  })

  it.each(['', 'free', 'free < x', 'free < 4 for long', 'free < 4 for 1m shout'])(
    '"%s" is refused with what would be right',
    (words) => {
      expect(parseAlarm(words)).toContain('write <counter> < <value> [for <time>]')
    },
  )

  it('rings once when its condition has held for as long as it says', () => {
    expect(instants(['free < 5'], [9, 4, 3, 3])).toEqual(['2 free < 5'])
    expect(instants(['free < 5 for 2s'], [9, 4, 3, 3, 3])).toEqual(['4 free < 5 for 2s'])
    expect(instants(['free < 5 for 2s'], [4, 3, 9, 3, 3, 9])).toEqual([])
  })

  it('rings again when its condition was false in between', () => {
    const words = 'free < 5 for 1s'
    expect(instants([words], [4, 4, 9, 4, 4])).toEqual([`2 ${words}`, `5 ${words}`])
  })

  it('looks at how fast a total grows where its name ends with /s', () => {
    expect(instants(['pages/s > 10'], [0, 0, 0, 0], [0, 10, 30, 31])).toEqual(['3 pages/s > 10'])
  })

  it('takes the place of one on the same condition', () => {
    expect(instants(['free < 5 for 9s', 'free < 5 pause'], [4, 4])).toEqual(['1 free < 5 pause'])
  })
})
