import { describe, expect, it } from 'vitest'
import { CallTree } from '../../observe/call-tree'
import { Cpu } from './cpu'
import { RunQueueLock } from './run-queue-lock'

const spinLock = 10
const lineTransfer = 100
const alone = 4 * spinLock

/** A lock, and CPUs whose clocks stand at 0. */
function bench(): { lock: RunQueueLock; cpus: Cpu[]; spun: () => number } {
  const tree = new CallTree(4, () => ({ below: () => 0 }) as never)
  const cpus = [0, 1, 2, 3].map((id) => new Cpu(id))
  let spun = 0
  const chargeCpu = (cpu: Cpu, _node: number, cycles: number): void => {
    cpu.clock += cycles
    spun += cycles
  }
  const lock = new RunQueueLock({ tree, chargeCpu }, cpus.length, { spinLock, lineTransfer })
  return { lock, cpus, spun: () => spun }
}

/** A CPU takes the lock, has it for so long, and drops it. Returns what locking took. */
function section(lock: RunQueueLock, cpu: Cpu, length: number): number {
  const locking = lock.take(cpu, 0)
  cpu.clock += length
  lock.drop(cpu)
  return locking
}

describe('the lock of the run queue', () => {
  it('takes its instructions, and its line from the CPU that had it last', () => {
    const { lock, cpus } = bench()
    expect(section(lock, cpus[0]!, 50)).toBe(alone + lineTransfer)
    expect(section(lock, cpus[0]!, 50)).toBe(alone)
    cpus[1]!.clock = 1000
    expect(section(lock, cpus[1]!, 50)).toBe(alone + lineTransfer)
  })

  it('makes a CPU that comes while it is held spin, exactly as long', () => {
    const { lock, cpus, spun } = bench()
    section(lock, cpus[0]!, 500)
    cpus[1]!.clock = 120
    section(lock, cpus[1]!, 10)
    expect([spun(), cpus[1]!.clock]).toEqual([380, 510])
  })

  it('costs two transfers for each that spins, and one for each further locked instruction', () => {
    const { lock, cpus } = bench()
    section(lock, cpus[0]!, 500)
    expect(section(lock, cpus[1]!, 500)).toBe(alone + (1 + 2 * 1 + 3) * lineTransfer)
    expect(section(lock, cpus[2]!, 500)).toBe(alone + (1 + 2 * 2 + 3) * lineTransfer)
    expect(section(lock, cpus[3]!, 500)).toBe(alone + (1 + 2 * 3 + 3) * lineTransfer)
    // Later nobody spins any more.
    cpus[0]!.clock = 1e6
    expect(section(lock, cpus[0]!, 500)).toBe(alone + lineTransfer)
  })

  it('is not waited for by a wake-up, which only fetches its line', () => {
    const { lock, cpus } = bench()
    section(lock, cpus[0]!, 500)
    expect([lock.touch(1), lock.touch(1), lock.touch(0)]).toEqual([lineTransfer, 0, lineTransfer])
  })
})
