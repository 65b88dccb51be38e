import { describe, expect, it } from 'vitest'
import { functionCounters, shortName } from './function-counters'

const counter = (id: string) => ({ id, unit: 'cycles', kind: 'monotonic', help: '' }) as const

describe('counters of procedures', () => {
  it('are found among the others, with their columns', () => {
    const found = functionCounters(
      ['interrupts', 'function.vmlinux.schedule', 'cycles.user', 'function./usr/lib/cc1.main'].map(
        counter,
      ),
    )
    expect(found).toEqual([
      {
        column: 1,
        id: 'function.vmlinux.schedule',
        image: 'vmlinux',
        procedure: 'schedule',
      },
      { column: 3, id: 'function./usr/lib/cc1.main', image: '/usr/lib/cc1', procedure: 'main' },
    ])
  })

  it('keep a procedure whose name has dots whole', () => {
    expect(functionCounters([counter('function.vmlinux.schedule.text.lock')])[0]).toMatchObject({
      image: 'vmlinux',
      procedure: 'schedule.text.lock',
    })
  })

  it('are named by themselves, and by their program where they are only main', () => {
    expect(shortName({ image: 'vmlinux', procedure: 'schedule' })).toBe('schedule')
    expect(shortName({ image: '/usr/lib/cc1', procedure: 'main' })).toBe('cc1')
    expect(shortName({ image: '/usr/bin/nroff', procedure: 'fill' })).toBe('fill')
  })
})
