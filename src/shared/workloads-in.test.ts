import { expect, it } from 'vitest'
import { scenarios } from '../sim/index'
import { workloadsIn } from './workloads-in'

const sdet = scenarios.find(({ id }) => id === 'sdet')
if (!sdet) throw new Error('there is no sdet')

it('a run has the main workload of its scenario, and others that there is some of', () => {
  expect(workloadsIn(sdet, {})).toEqual(['sdet'])
  expect(workloadsIn(sdet, { 'httpd.processes': 0 })).toEqual(['sdet'])
  expect(workloadsIn(sdet, { 'httpd.processes': 20 })).toEqual(['sdet', 'web'])
  const all = { 'yield.threads': 1, 'httpd.processes': 1 }
  expect(workloadsIn(sdet, all)).toEqual(['sdet', 'web', 'yield'])
})
