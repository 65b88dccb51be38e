import { describe, expect, it } from 'vitest'
import { Mode } from '../../observe/call-tree'
import { pass, smallMachine, start } from '../small-machine.test-support'
import { Op } from '../sched/task'
import { SocketLock } from './socket-lock'

/** A bottom half that another CPU executes until a clock stands there. */
function underWay(until: number) {
  const m = smallMachine({ cpus: 2 })
  const { base, dispatcher } = m.kernel
  pass(m, 0.1)
  const end = dispatcher.nowCycles + until
  const looks: number[] = []
  const lock = new SocketLock(base, {
    busyFor: (_cpu, at) => {
      looks.push(at)
      return Math.max(0, end - at)
    },
  })
  let took = 0
  start(m, function* (task) {
    for (let spins = lock.take(task); spins; spins = lock.spin(task)) yield Op.run
    took = dispatcher.cpus[task.processor]!.clock + task.pending
  })
  pass(m, 0.1)
  const spin = m.tree.declareKernel('synchronize_bh', Mode.spin)
  return { took, end, looks, spun: m.tree.selfCycles[spin]! }
}

describe('the lock of a socket', () => {
  it('is taken when the bottom half on another CPU is over, spinning until then', () => {
    const { took, end, spun } = underWay(2_000_000)
    expect(took).toBeGreaterThanOrEqual(end)
    expect(spun).toBeGreaterThan(500_000)
  })

  it('is taken at once when there is none', () => {
    const { looks, spun } = underWay(-1)
    expect(looks).toHaveLength(1)
    expect(spun).toBe(0)
  })
})
