import { describe, expect, it } from 'vitest'
import { scenarios } from '../../../sim/scenarios'
import { createServer } from '../../../sim/server/simulated-server'
import { vmstatColumns } from '../../../sim/observe/vmstat'
import { columnMeanings } from '../vmstat/column-meaning'
import { countersWithHealth, healthyOf } from '../../../shared/charts/counter-meaning'

describe('what numbers mean', () => {
  it('is said of counters that there are', () => {
    const ids = new Set(
      scenarios.flatMap(({ id }) => {
        const server = createServer({ scenario: id, seed: 1, parameters: {} })
        if (typeof server === 'string') throw new Error(server)
        return server.counters.specs.map((spec) => spec.id)
      }),
    )
    // A scenario of its own has the ids of its workload beside another one.
    const beside = ['sdet.failed']
    for (const id of countersWithHealth) expect([...ids, ...beside]).toContain(id)
  })

  it('is said of every column of vmstat, in either layout', () => {
    const meanings = columnMeanings(4)
    for (const column of [...vmstatColumns('procps-2.0'), ...vmstatColumns('procps-ng')]) {
      expect(meanings[column].means.length).toBeGreaterThan(10)
    }
    expect(meanings.b).toEqual({
      means: 'processes in uninterruptible sleep, mostly waiting for the disk',
      healthy: '0–2 is healthy',
    })
    expect(meanings.r.healthy).toContain('up to 4')
  })

  it('is not made up where it depends on the load', () => {
    expect(healthyOf('contextSwitches')).toBeUndefined()
    expect(healthyOf('processes.runnable')).toBeUndefined()
  })
})
