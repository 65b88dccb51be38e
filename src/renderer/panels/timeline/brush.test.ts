import { describe, expect, it } from 'vitest'
import { dragBrush, gripAt } from './brush'

const window = { from: 100, to: 200 }

describe('brushing a window', () => {
  it('takes hold of an edge, of the whole window, or begins a new one', () => {
    expect(gripAt(undefined, 150, 5)).toBe('new')
    expect(gripAt(window, 104, 5)).toBe('from')
    expect(gripAt(window, 197, 5)).toBe('to')
    expect(gripAt(window, 150, 5)).toBe('whole')
    expect(gripAt(window, 300, 5)).toBe('new')
  })
  it('keeps its ends in order, whichever way it is dragged', () => {
    expect(dragBrush('new', undefined, 300, 50, 1000)).toEqual({ from: 50, to: 300 })
    expect(dragBrush('from', window, 100, 260, 1000)).toEqual({ from: 200, to: 260 })
    expect(dragBrush('to', window, 200, 20, 1000)).toEqual({ from: 20, to: 100 })
  })
  it('stays within the run and keeps its length when it is moved', () => {
    expect(dragBrush('new', undefined, 300, -50, 1000)).toEqual({ from: 0, to: 300 })
    expect(dragBrush('new', undefined, 300, 5000, 1000)).toEqual({ from: 300, to: 1000 })
    expect(dragBrush('whole', window, 150, -900, 1000)).toEqual({ from: 0, to: 100 })
    expect(dragBrush('whole', window, 150, 9000, 1000)).toEqual({ from: 900, to: 1000 })
  })
})
