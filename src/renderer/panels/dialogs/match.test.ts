import { describe, expect, it } from 'vitest'
import { matches } from './match'

const commands = [
  { title: 'Pause', detail: '' },
  {
    title: 'Fault: Orphaned buffers',
    words: 'leak memory leak',
    detail: 'bforget abandons a buffer',
  },
  { title: 'A demonstration', detail: 'a leak of buffers' },
  { title: 'Save the run as JSON', detail: 'pauses nothing' },
  { title: 'Set sdet.scripts…', detail: 'Scripts at once' },
]
const find = (typed: string): string[] => matches(commands, typed).map(({ title }) => title)

describe('finding commands', () => {
  it('shows all of them while nothing is typed', () => {
    expect(find('  ')).toEqual(commands.map((c) => c.title))
  })
  it('puts what begins with the word before what only mentions it', () => {
    expect(find('pause')).toEqual(['Pause', 'Save the run as JSON'])
  })
  it('wants every word, in any order', () => {
    expect(find('buf orph')).toEqual(['Fault: Orphaned buffers'])
    expect(find('buf json')).toEqual([])
  })
  it('finds the parts of a path', () => {
    expect(find('scripts')).toEqual(['Set sdet.scripts…'])
  })
  it('puts what would end the run behind everything else', () => {
    const items = [
      { title: 'Leak, a demonstration', endsRun: true },
      { title: 'Fault', detail: 'a leak' },
    ]
    expect(matches(items, 'leak').map(({ title }) => title)).toEqual([
      'Fault',
      'Leak, a demonstration',
    ])
  })

  it('knows other words, which count more than the second line', () => {
    expect(find('leak')).toEqual(['Fault: Orphaned buffers', 'A demonstration'])
    expect(find('eak')).toEqual(['A demonstration'])
    expect(find('memory buf')).toEqual(['Fault: Orphaned buffers'])
  })
})
