import { describe, expect, it } from 'vitest'
import type { ProfileSnapshot, ProfileStack } from '../../../sim/observe/profile'
import { matchesFilter, sampledShare, samplesIn, sortRows, tableRows } from './profile-rows'

const frames = [
  { image: 'vmlinux', procedure: 'schedule' },
  { image: '/usr/lib/cc1', procedure: 'main' },
  { image: '/usr/lib/cc1', procedure: 'yyparse' },
  { image: 'idle', procedure: 'idle' },
]
const profileOf = (stacks: readonly ProfileStack[]): ProfileSnapshot => ({
  clockMHz: 450,
  cpus: 2,
  fromSeconds: 0,
  toSeconds: 100,
  meanPeriod: 63_488,
  frames,
  stacks,
})
const stack = (frames: number[], cycles: number[], part: Partial<ProfileStack> = {}) => ({
  frames,
  cycles,
  samples: [0, 0],
  ...part,
})
const unsampled = profileOf([
  stack([1, 0], [60, 40]),
  stack([1], [400, 0]),
  stack([1, 2], [100, 100]),
  stack([3], [0, 300]),
])
const sampled = profileOf([
  stack([1, 0], [60, 40], { samples: [3, 1], whileSampling: 20 }),
  stack([1], [400, 0], { samples: [6, 0], whileSampling: 80 }),
])

describe('the table', () => {
  it('has most cycles first, with shares of all cycles, idle included, that add up', () => {
    const rows = tableRows(unsampled, 'procedure')
    expect(rows.map((row) => [row.procedure, row.share, row.cumulative])).toEqual([
      ['main', 0.4, 0.4],
      ['idle', 0.3, 0.7],
      ['yyparse', 0.2, 0.9],
      ['schedule', 0.1, 1],
    ])
    expect(rows.every((row) => row.sampled === undefined)).toBe(true)
  })

  it('adds the procedures of an image up', () => {
    const rows = tableRows(unsampled, 'image')
    expect(rows.map((row) => [row.image, row.cycles])).toEqual([
      ['/usr/lib/cc1', 600],
      ['idle', 300],
      ['vmlinux', 100],
    ])
  })

  it('adds up what ran on behalf of a program, whatever it called', () => {
    const rows = tableRows(unsampled, 'process')
    expect(rows.map((row) => [row.image, row.cycles])).toEqual([
      ['/usr/lib/cc1', 700],
      ['idle', 300],
    ])
  })
  it('shares what the handler took among the rows by their samples', () => {
    const handler = { image: 'vmlinux', procedure: 'perf_interrupt' }
    const stacks = [...sampled.stacks, stack([4], [15, 5], { whileSampling: 0 })]
    const rows = tableRows({ ...sampled, frames: [...frames, handler], stacks }, 'procedure')
    expect(rows.map((row) => [row.procedure, row.sampled?.cost])).toEqual([
      ['main', 12],
      ['schedule', 8],
      ['perf_interrupt', 0],
    ])
  })
  it('adds up what a procedure spent itself, whoever called it', () => {
    const rows = tableRows(profileOf([stack([1, 0], [1, 2]), stack([2, 0], [4, 8])]), 'procedure')
    expect(rows.map((row) => [row.procedure, row.cycles])).toEqual([['schedule', 15]])
  })

  it('puts what the sampler saw beside what was so in the same time', () => {
    const rows = tableRows(sampled, 'procedure')
    const schedule = rows.find((row) => row.procedure === 'schedule')
    expect(schedule?.sampled).toMatchObject({ samples: 4, share: 0.4, exact: 0.2 })
    expect(schedule?.sampled?.error).toBeCloseTo(Math.sqrt((0.4 * 0.6) / 10), 12)
    const samples = rows.reduce((total, row) => total + (row.sampled?.samples ?? 0), 0)
    expect(samples).toBe(10)
  })

  it('leaves out what spent nothing', () => {
    const rows = tableRows(profileOf([stack([1], [5, 0]), stack([0], [0, 0])]), 'procedure')
    expect(rows.map((row) => row.procedure)).toEqual(['main'])
  })

  it('is sorted by any column, names from A on and numbers largest first', () => {
    const rows = tableRows(unsampled, 'procedure')
    const names = (column: Parameters<typeof sortRows>[1], reversed = false) =>
      sortRows(rows, column, reversed).map((row) => row.procedure)
    expect(names('procedure')).toEqual(['idle', 'main', 'schedule', 'yyparse'])
    expect(names('cycles', true)).toEqual(['schedule', 'yyparse', 'idle', 'main'])
    expect(names('image')).toEqual(['main', 'yyparse', 'idle', 'schedule'])
  })

  it('is filtered by words in procedure and image', () => {
    expect(matchesFilter({ procedure: 'find_buffer', image: 'vmlinux' }, 'VM buf')).toBe(true)
    expect(matchesFilter({ procedure: 'find_buffer', image: 'vmlinux' }, 'cc1')).toBe(false)
    expect(matchesFilter({ procedure: 'find_buffer', image: 'vmlinux' }, '')).toBe(true)
  })
})

describe('the samples of a profile', () => {
  it('are counted, with the share of the time in which the sampler was on', () => {
    expect([samplesIn(sampled), sampledShare(sampled)]).toEqual([10, 0.2])
    expect([samplesIn(unsampled), sampledShare(unsampled)]).toEqual([0, 0])
  })
})
