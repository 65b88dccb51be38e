import { expect, it } from 'vitest'
import { changesOf, standingAt, valuesThen } from './branch-changes'

const actions = [
  { at: 5, action: 'fault:slow-disk=0.5' },
  { at: 10, action: 'fix:wake-one=on' },
  { at: 10, action: 'set:load.rate=300' },
  { at: 20, action: 'fault:slow-disk=0' },
  { at: 30, action: 'set:load.rate=20' },
]
const nothing = { faults: new Map(), fixes: new Map(), set: new Map(), reboots: false }

it('a branch begins with what stood at its instant, whatever came later', () => {
  const then = standingAt(actions, 10)
  expect([...then.faults]).toEqual([['slow-disk', 0.5]])
  expect([...then.fixes]).toEqual(['wake-one'])
  expect(valuesThen({ 'load.rate': 200, 'load.connections': 0 }, then)).toEqual({
    'load.rate': '300',
    'load.connections': 0,
  })
  expect([...standingAt(actions, 25).faults]).toEqual([])
  expect(standingAt(actions, 4).set.size).toBe(0)
})

it('only what differs from it is an action, in an order that heals last of all', () => {
  const then = standingAt(actions, 10)
  expect(changesOf(then, nothing)).toEqual([])
  const wanted = {
    faults: new Map([
      ['slow-disk', 0.5],
      ['packet-loss', 1],
    ]),
    fixes: new Map([['wake-one', false]]),
    set: new Map([['load.rate', '400']]),
    reboots: true,
  }
  expect(changesOf(then, wanted)).toEqual([
    'fault:packet-loss=1',
    'fix:wake-one=off',
    'set:load.rate=400',
    'reboot',
  ])
  expect(changesOf(then, { ...nothing, faults: new Map([['slow-disk', 0]]) })).toEqual([
    'fault:slow-disk=0',
  ])
})
