import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { maxRequests, maxSectors, maxWhenWriting } from './disk-queue-invariants.test-support'
import type { SmallMachine } from '../small-machine.test-support'
import { pass, run, runAll, smallMachine, start } from '../small-machine.test-support'
import type { Path, Task } from '../sched/task'
import { Op } from '../sched/task'

interface Wanted {
  readonly write: boolean
  readonly sector: number
  readonly sectors: number
}

const read = (sector: number, sectors = 2): Wanted => ({ write: false, sector, sectors })
const write = (sector: number, sectors = 2): Wanted => ({ write: true, sector, sectors })

/** Queues all that is wanted, in one go as long as there are requests left. */
function* submit(
  machine: SmallMachine,
  task: Task,
  wanted: readonly Wanted[],
  done: (sector: number) => void = () => {},
): Path {
  for (const { write, sector, sectors } of wanted) {
    yield* machine.kernel.disk.submit(task, write, sector, sectors, sector, (item) => {
      done(item)
      return 0
    })
  }
}

/**
 * Sectors in the order in which they are done when all are queued while the drive serves `first`.
 */
function orderBehind(first: Wanted, wanted: readonly Wanted[]): number[] {
  const machine = smallMachine()
  const order: number[] = []
  run(machine, function* (task) {
    yield* submit(machine, task, [first])
    task.charge(1000)
    yield Op.run
    expect(machine.kernel.disk.snapshot().inService).toMatchObject({ sector: first.sector })
    yield* submit(machine, task, wanted, (sector) => order.push(sector))
  })
  pass(machine, 2)
  return order
}

const rising = (a: number, b: number): number => a - b

describe('elevator', () => {
  it.each([1, 2, 3])(
    'what lies ahead of the head is read in rising order, then what lies behind (seed %i)',
    (seed) => {
      const random = new RandomStream(seed, 'elevator')
      const head = 500_000
      const sectors = random.shuffle(Array.from({ length: 40 }, (_, at) => 20_000 + at * 25_000))
      const order = orderBehind(
        read(head),
        sectors.map((sector) => read(sector)),
      )
      expect(order).toEqual([
        ...sectors.filter((sector) => sector > head).sort(rising),
        ...sectors.filter((sector) => sector < head).sort(rising),
      ])
    },
  )

  it('reads ahead of the head go before writes, whichever came first', () => {
    const wanted = [write(9000), read(8000), write(7000), read(6000), write(1000), read(90_000)]
    expect(orderBehind(read(5000), wanted)).toEqual([6000, 8000, 90_000, 1000, 7000, 9000])
  })

  it('a read that comes while writes are served goes before the writes that are left', () => {
    expect(orderBehind(write(5000), [write(6000), write(7000), read(100)])).toEqual([
      6000, 7000, 100,
    ])
    expect(orderBehind(write(5000), [write(6000), write(3000), read(100)])).toEqual([
      6000, 100, 3000,
    ])
  })
})

describe('merging', () => {
  /** Requests that are made of this when the drive is busy. */
  function requestsOf(wanted: readonly Wanted[]): [number, number][] {
    const machine = smallMachine()
    const done: number[] = []
    let requests: [number, number][] = []
    run(machine, function* (task) {
      yield* submit(machine, task, [read(2_000_000)])
      task.charge(1000)
      yield Op.run
      yield* submit(machine, task, wanted, (sector) => done.push(sector))
      requests = machine.kernel.disk
        .snapshot()
        .queue.map(({ sector, sectors }): [number, number] => [sector, sectors])
    })
    pass(machine, 2)
    expect(done.sort(rising)).toEqual(wanted.map(({ sector }) => sector).sort(rising))
    return requests.sort(([a], [b]) => a - b)
  }

  it('neighbours behind and in front become one request', () => {
    expect(requestsOf([read(100), read(102), read(98), read(104, 8), read(90, 8)])).toEqual([
      [90, 22],
    ])
  })

  it('what does not touch, or is of the other kind, stays apart', () => {
    expect(requestsOf([read(100), read(103), write(102), write(96)])).toEqual([
      [96, 2],
      [100, 2],
      [102, 2],
      [103, 2],
    ])
  })

  it('a request grows to 122 KB and no further', () => {
    const blocks = Array.from({ length: maxSectors / 2 + 1 }, (_, at) => read(1000 + 2 * at))
    expect(requestsOf(blocks)).toEqual([
      [1000, maxSectors],
      [1000 + maxSectors, 2],
    ])
    const downwards = blocks.slice(0, -1).reverse()
    expect(requestsOf([...downwards, read(998)])).toEqual([
      [998, 2],
      [1000, maxSectors],
    ])
  })

  it('nothing is added to the request in service', () => {
    const machine = smallMachine()
    run(machine, function* (task) {
      yield* submit(machine, task, [read(1000)])
      task.charge(1000)
      yield Op.run
      yield* submit(machine, task, [read(1002)])
      expect(machine.kernel.disk.snapshot()).toMatchObject({
        inService: { sector: 1000, sectors: 2 },
        queue: [{ sector: 1002, sectors: 2 }],
      })
    })
  })

  it('what is asked for in one go is merged before the drive starts', () => {
    const machine = smallMachine()
    run(machine, (task) => submit(machine, task, [read(1000), read(1002), read(1004)]))
    pass(machine, 1)
    expect(machine.kernel.disk.reads).toBe(1)
    expect(machine.kernel.disk.sectorsRead).toBe(6)
  })
})

describe('requests', () => {
  const apart = (count: number, from: number, make: (sector: number) => Wanted): Wanted[] =>
    Array.from({ length: count }, (_, at) => make(from + at * 1000))

  it.each([
    ['reads', read, maxRequests],
    ['writes', write, maxWhenWriting],
  ] as const)('%s take their share of the 64 and then wait for one', (_name, make, most) => {
    const machine = smallMachine()
    const { disk, dispatcher } = machine.kernel
    const done: number[] = []
    const wanted = apart(150, 10_000, make)
    const ended = start(machine, function* (task) {
      yield* submit(machine, task, wanted, (sector) => {
        expect(disk.snapshot().queue.length).toBeLessThanOrEqual(most)
        done.push(sector)
      })
      return true
    })
    pass(machine, 0.005)
    expect(disk.snapshot().queue).toHaveLength(most)
    expect(dispatcher.blocked).toBe(1)
    pass(machine, 5)
    expect(ended()).toBe(true)
    expect(dispatcher.blocked).toBe(0)
    expect(done.sort(rising)).toEqual(wanted.map(({ sector }) => sector))
  })

  it('there is room for reads when writes have taken all that they may', () => {
    const machine = smallMachine()
    const { disk } = machine.kernel
    start(machine, (task) => submit(machine, task, apart(100, 10_000, write)))
    pass(machine, 0.0005)
    start(machine, (task) => submit(machine, task, apart(100, 500_000, read)))
    pass(machine, 0.0005)
    const { queue } = disk.snapshot()
    const reads = queue.filter(({ operation }) => operation === 'read')
    expect(queue).toHaveLength(maxRequests)
    expect(reads.length).toBeGreaterThanOrEqual(maxRequests - maxWhenWriting)
    expect(reads.length).toBeLessThan(maxRequests - maxWhenWriting + 4)
  })

  it('everything that four processes ask for is done once, and every sector is counted', () => {
    const machine = smallMachine({ cpus: 4 })
    const { kernel } = machine
    const random = new RandomStream(5, 'requests')
    const times = new Map<number, number>()
    const parts = Array.from({ length: 4 }, (_, part) =>
      Array.from({ length: 200 }, (_, at): Wanted => {
        const sector = (part * 200 + at) * 8 + (random.chance(0.3) ? 0 : 4_000_000)
        return { write: random.chance(0.4), sector, sectors: 2 * random.between(1, 4) }
      }),
    )
    runAll(
      machine,
      parts.map(
        (wanted) => (task: Task) =>
          submit(machine, task, wanted, (sector) =>
            times.set(sector, (times.get(sector) ?? 0) + 1),
          ),
      ),
    )
    pass(machine, 5)
    const all = parts.flat()
    expect(times.size).toBe(all.length)
    expect(new Set(times.values())).toEqual(new Set([1]))
    const sectorsOf = (kind: boolean): number =>
      all.reduce((sum, { write, sectors }) => sum + (write === kind ? sectors : 0), 0)
    const { disk } = kernel
    expect(disk.sectorsRead).toBe(sectorsOf(false))
    expect(disk.sectorsWritten).toBe(sectorsOf(true))
    expect(disk.reads + disk.writes).toBeLessThanOrEqual(all.length)
    expect(kernel.base.interrupts - kernel.timer.jiffies).toBe(disk.reads + disk.writes)
    expect(disk.queued).toBe(0)
    expect(disk.busyNs).toBeGreaterThan(0)
    expect(disk.busyNs).toBeLessThan(machine.engine.now)
  })

  it('is told when it was queued, and the drive is busy for as long as requests take', () => {
    const machine = smallMachine()
    const { disk } = machine.kernel
    start(machine, (task) => submit(machine, task, [read(9_000_000), read(17_000_000)]))
    pass(machine, 0.0015)
    const { inService, queue, phase } = disk.snapshot()
    expect(inService?.waitedMs).toBeCloseTo(1.4, 0)
    expect(queue[0]?.waitedMs).toBeCloseTo(1.4, 0)
    expect(phase).not.toBe('idle')
    pass(machine, 1)
    expect(disk.snapshot()).toMatchObject({ inService: undefined, queue: [], phase: 'idle' })
  })

  it('a machine that is switched off finishes nothing more', () => {
    const machine = smallMachine()
    const done: number[] = []
    start(machine, (task) =>
      submit(machine, task, apart(5, 10_000, read), (sector) => done.push(sector)),
    )
    pass(machine, 0.001)
    machine.kernel.halt()
    pass(machine, 1)
    expect(done).toEqual([])
  })
})
