import { describe, expect, it } from 'vitest'
import { matches } from './match'

const commands = [
  { title: 'Pause', detail: '' },
  { title: 'Fault: Orphaned buffers', detail: 'bforget abandons a buffer' },
  { title: 'Save the run as JSON', detail: 'pauses nothing' },
  { title: 'Set sdet.scripts…', detail: 'Scripts at once' },
]
const find = (typed: string): string[] =>
  matches(
    commands,
    typed,
    (c) => c.title,
    (c) => c.detail,
  ).map((c) => c.title)

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
})
