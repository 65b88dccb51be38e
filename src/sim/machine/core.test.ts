import { expect, it } from 'vitest'
import { costsOf } from './core'
import { p6 } from './p6'
import { pentiumIII8Way, powerEdge6300 } from './presets'

it('what waits for memory takes as long at any clock, what is executed as many cycles', () => {
  const slow = costsOf(powerEdge6300)
  const fast = costsOf({ ...powerEdge6300, clockMHz: 900 })
  expect(fast.lineTransfer).toBe(2 * slow.lineTransfer)
  expect(fast.copyPerByte).toBe(2 * slow.copyPerByte)
  expect(fast.clearPerByte).toBe(fast.copyPerByte / 2)
  expect(fast.goodness).toBe(p6.goodness)
})

it('a line from another CPU takes as long as one from memory', () => {
  for (const machine of [powerEdge6300, pentiumIII8Way]) {
    const ns = (costsOf(machine).lineTransfer * 1000) / machine.clockMHz
    expect(ns).toBeCloseTo(machine.memoryMissNs, 9)
  }
})
