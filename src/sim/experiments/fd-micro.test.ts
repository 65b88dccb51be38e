import { expect, it } from 'vitest'
import { outcomeOf } from './experiment.test-support'
import { fdMicro, straightLine } from './fd-micro'

it('fd-micro: the search is linear with one bitmap and flat with two, as published', () => {
  const { points, passed } = outcomeOf(fdMicro)
  expect(points.filter((point) => !point.ok)).toEqual([])
  expect(passed).toBe(true)
})

it('a straight line is found, and what is none is told', () => {
  expect(straightLine([1, 2, 3], [5, 7, 9])).toEqual({ slope: 2, intercept: 3, r2: 1 })
  expect(straightLine([-1, 0, 1], [1, 0, 1]).r2).toBe(0)
})
