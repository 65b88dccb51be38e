import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import { p6 as cost } from '../../machine/p6'
import { RemoteHost, Way } from '../../machine/remote-host'
import type { Protocol } from './bottom-half'
import { BottomHalf } from './bottom-half'
import { Card } from './card'
import type { Segment } from './segment'
import { Flag } from './segment'
import { pass, smallMachine } from '../small-machine.test-support'

const cyclesPerNs = 0.45
/** A frame of a segment without data at 100 Mbit/s: 46 bytes and 38 around them. */
const emptyFrameNs = 6720
const wayNs = 50_000

interface Works {
  /** Cycles that a segment takes, and cycles of each callback that it causes. */
  readonly cycles?: (segment: Segment) => number
  readonly callbacks?: readonly number[]
  /** What is answered to a segment. */
  readonly answers?: (segment: Segment) => readonly Segment[]
}

const segment = (remotePort: number, bytes = 0): Segment => ({
  remoteHost: 0,
  remotePort,
  localPort: 80,
  flags: Flag.ack,
  sequence: 0,
  bytes,
  acknowledged: 0,
  window: 32_120,
})

/** Card and bottom half with a protocol that notes what is done with it, idle since 3 ms. */
function network(works: Works = {}, options: { cpus?: number; mbit?: number } = {}) {
  const { cpus = 2, mbit = 100 } = options
  const machine = smallMachine({ cpus })
  const { engine, kernel } = machine
  const handled: { remotePort: number; at: number; cycles: number }[] = []
  const calls: { at: number; cycles: number }[] = []
  const delivered: { remotePort: number; at: number }[] = []
  const due: number[] = []
  const protocol: Protocol = {
    receive: (received) => {
      const cycles = works.cycles?.(received) ?? 4500
      handled.push({ remotePort: received.remotePort, at: engine.now, cycles })
      due.push(...(works.callbacks ?? []))
      for (const answer of works.answers?.(received) ?? []) bottomHalf.send(answer)
      return cycles
    },
    get due() {
      return due.length
    },
    callBack: () => {
      const cycles = due.shift() ?? 0
      calls.push({ at: engine.now, cycles })
      return cycles
    },
  }
  const host = new RemoteHost<Segment>(
    new Way(engine.stream('in'), wayNs),
    new Way(engine.stream('out'), wayNs),
    ({ remotePort }) => void delivered.push({ remotePort, at: engine.now }),
  )
  const freed: Segment[] = []
  const card: Card = new Card(
    kernel.base,
    mbit,
    (received, cpu) => bottomHalf.receive(received, cpu),
    {
      freed: (segment) => void freed.push(segment),
      interrupted: (cpu) => bottomHalf.callBackIn(cpu),
      room: (cpu) => bottomHalf.transmitSoon(cpu),
    },
  )
  const bottomHalf: BottomHalf = new BottomHalf(kernel.base, protocol, {
    transmit: (sent, at) => card.transmit(sent, at),
    run: (at) => card.ring.run(at),
  })
  card.hosts.push(host)
  card.open()
  bottomHalf.open()
  pass(machine, 0.003)
  const cyclesOf = (procedure: string): number =>
    machine.tree.selfCycles[machine.tree.procedures.findIndex((p) => p.procedure === procedure)]!
  return {
    machine,
    engine,
    card,
    bottomHalf,
    host,
    handled,
    calls,
    delivered,
    freed,
    due,
    cyclesOf,
    /** Interrupts of the card: all but the timer's. */
    interrupts: () => kernel.base.interrupts - kernel.timer.jiffies,
  }
}

describe('a frame from a client', () => {
  it('is handled when it has come, and its answer leaves when its cycles are worked off', () => {
    const { engine, card, bottomHalf, machine, handled, delivered } = network({
      answers: (of) => [of],
    })
    const began = engine.now
    card.fromHost(segment(7))
    pass(machine, 0.001)
    const came = began + emptyFrameNs + wayNs
    const worked = came + (cost.networkInterrupt + 4500) / cyclesPerNs
    expect(handled).toHaveLength(1)
    expect(handled[0]?.at).toBeGreaterThanOrEqual(came)
    expect(handled[0]?.at).toBeLessThanOrEqual(worked)
    expect(delivered).toHaveLength(1)
    expect(Math.abs(delivered[0]!.at - (worked + emptyFrameNs + wayNs))).toBeLessThan(10)
    expect([card.received, card.outward.frames, bottomHalf.dropped, bottomHalf.backlog]).toEqual([
      1, 1, 0, 0,
    ])
  })

  it('costs an interrupt, and every cycle stands on the stack that did it', () => {
    const { card, machine, interrupts, handled, cyclesOf } = network({
      cycles: ({ remotePort }) => 1000 * remotePort,
      callbacks: [70, 0, 600],
    })
    for (let remotePort = 1; remotePort <= 20; remotePort++) {
      card.fromHost(segment(remotePort, 1000))
      pass(machine, 0.0007)
    }
    pass(machine, 0.01)
    expect([interrupts(), handled.length]).toEqual([20, 20])
    expect(cyclesOf('boomerang_interrupt')).toBe(20 * cost.networkInterrupt)
    expect(cyclesOf('tcp_v4_rcv')).toBe(1000 * ((20 * 21) / 2))
    expect(cyclesOf('__wake_up')).toBe(20 * 670)
  })

  it('that is lost on the way is never heard of', () => {
    const { card, bottomHalf, machine, host, interrupts, handled } = network()
    host.toServer.loss = 1
    for (let remotePort = 1; remotePort <= 5; remotePort++) card.fromHost(segment(remotePort))
    pass(machine, 0.01)
    expect([interrupts(), handled.length, card.received, bottomHalf.dropped]).toEqual([0, 0, 0, 0])
  })
})

describe('a segment of the server', () => {
  it('that no packet has caused leaves at once', () => {
    const { engine, bottomHalf, machine, delivered } = network()
    const began = engine.now
    bottomHalf.send(segment(1))
    bottomHalf.send(segment(2, 1460))
    pass(machine, 0.001)
    expect(delivered).toEqual([
      { remotePort: 1, at: began + emptyFrameNs + wayNs },
      { remotePort: 2, at: began + emptyFrameNs + 123_040 + wayNs },
    ])
  })

  it('is counted as sent although it gets lost', () => {
    const { card, bottomHalf, machine, host, delivered } = network()
    host.fromServer.loss = 1
    bottomHalf.send(segment(1))
    pass(machine, 0.001)
    expect([card.outward.frames, delivered.length]).toEqual([1, 0])
  })
})

describe('the bottom half', () => {
  it.each([1, 2, 4])('works on one packet after the other, on %i CPUs', (cpus) => {
    const cycles = 45_000
    const took = cycles / cyclesPerNs
    const works = { cycles: () => cycles, answers: (of: Segment) => [of] }
    const { card, machine, handled, delivered } = network(works, { cpus })
    for (let remotePort = 1; remotePort <= 12; remotePort++) card.fromHost(segment(remotePort))
    pass(machine, 0.005)
    const order = Array.from({ length: 12 }, (_, index) => index + 1)
    expect(handled.map(({ remotePort }) => remotePort)).toEqual(order)
    expect(delivered.map(({ remotePort }) => remotePort)).toEqual(order)
    for (let index = 1; index < 12; index++) {
      const apart = [handled, delivered].map((list) => list[index]!.at - list[index - 1]!.at)
      // Interrupts of frames that come meanwhile may take a CPU some time more.
      for (const ns of apart) {
        expect(ns).toBeGreaterThan(took - 10)
        expect(ns).toBeLessThan(took + 12 * (cost.networkInterrupt / cyclesPerNs))
      }
    }
  })

  it('has 300 packets wait, and drops what comes then, after its interrupt', () => {
    const { card, bottomHalf, machine, handled, interrupts } = network(
      { cycles: ({ remotePort }) => (remotePort === 1 ? 4_500_000 : 450) },
      { mbit: 1000 },
    )
    for (let remotePort = 1; remotePort <= 500; remotePort++) card.fromHost(segment(remotePort))
    pass(machine, 0.002)
    expect([card.received, interrupts()]).toEqual([500, 500])
    expect([handled.length, bottomHalf.backlog, bottomHalf.dropped]).toEqual([1, 300, 199])
    pass(machine, 0.1)
    expect([handled.length, bottomHalf.backlog, bottomHalf.dropped]).toEqual([301, 0, 199])
    expect(handled.map(({ remotePort }) => remotePort)).toEqual(
      Array.from({ length: 301 }, (_, at) => at + 1),
    )
  })

  it.each([1, 2, 3, 4])('loses no packet and handles none twice (seed %i)', (seed) => {
    const random = new RandomStream(seed, 'frames')
    const works = {
      cycles: ({ bytes }: Segment) => 2000 + 20 * bytes,
      callbacks: [100, 900, 50],
      answers: (of: Segment) => [of],
    }
    const { card, bottomHalf, machine, handled, delivered, calls, interrupts, freed } = network(
      works,
      {
        cpus: 1 + (seed % 3),
        mbit: 1000,
      },
    )
    let remotePort = 0
    for (let step = 0; step < 300; step++) {
      // Bursts, so that the backlog fills and drains.
      if (random.chance(0.1)) {
        for (let left = random.below(600); left > 0; left--) {
          card.fromHost(segment(++remotePort, random.below(1461)))
        }
      }
      pass(machine, random.uniform() / 1000)
      expect(handled.length + bottomHalf.dropped + bottomHalf.backlog).toBe(card.received)
      expect(bottomHalf.backlog).toBeLessThanOrEqual(300)
      expect(interrupts()).toBe(card.received + card.sentInterrupts)
    }
    pass(machine, 1)
    expect([card.received, bottomHalf.backlog]).toEqual([remotePort, 0])
    // What left was freed, and so was what the queue had no room for.
    expect([card.ring.queued, card.ring.inRing]).toEqual([0, 0])
    expect(freed.length).toBe(card.outward.frames + card.ring.dropped)
    expect(handled.length + bottomHalf.dropped).toBe(remotePort)
    expect(bottomHalf.dropped).toBeGreaterThan(0)
    for (let index = 1; index < handled.length; index++) {
      const [before, after] = [handled[index - 1]!, handled[index]!]
      expect(after.remotePort).toBeGreaterThan(before.remotePort)
      // One CPU at a time: the packet and its callbacks before it have been worked off.
      expect(after.at - before.at).toBeGreaterThan((before.cycles + 1050) / cyclesPerNs - 10)
    }
    expect(delivered.map((one) => one.remotePort)).toEqual(handled.map((one) => one.remotePort))
    expect([card.outward.frames, calls.length]).toEqual([handled.length, 3 * handled.length])
  })
})

describe('callbacks', () => {
  it('that are short are called at once, before the next packet', () => {
    const { card, machine, calls, handled } = network({ callbacks: [20, 20, 20] })
    card.fromHost(segment(1))
    pass(machine, 0.001)
    expect(new Set(calls.map(({ at }) => at))).toEqual(new Set([handled[0]?.at]))
    expect(calls).toHaveLength(3)
  })

  it('that take their time follow one another, and others may react in between', () => {
    const cycles = 90_000
    const took = cycles / cyclesPerNs
    const { card, machine, calls, handled } = network({
      callbacks: [cycles, cycles, cycles],
      cycles: () => 4500,
    })
    card.fromHost(segment(1))
    pass(machine, 0.0002)
    card.fromHost(segment(2))
    pass(machine, 0.005)
    const at = calls.map((call) => call.at)
    expect(at).toHaveLength(6)
    for (let index = 1; index < 6; index++) {
      expect(at[index]! - at[index - 1]!).toBeGreaterThan(took - 10)
      expect(at[index]! - at[index - 1]!).toBeLessThan(took * 1.2)
    }
    // The second packet, which came after the first callback, waits for the third.
    expect(handled[1]!.at).toBeGreaterThan(at[2]! + took - 10)
    expect(handled[1]!.at).toBeLessThanOrEqual(at[3]!)
  })

  it('that no packet has caused are called, and let no second packet in while one is worked on', () => {
    const { engine, card, bottomHalf, machine, calls, due, handled } = network({
      cycles: () => 450_000,
    })
    due.push(100)
    bottomHalf.callBackNow()
    expect(calls).toHaveLength(1)
    card.fromHost(segment(1))
    pass(machine, 0.0005)
    due.push(100, 100)
    bottomHalf.callBackNow()
    card.fromHost(segment(2))
    pass(machine, 0.006)
    expect(calls).toHaveLength(3)
    expect(handled).toHaveLength(2)
    expect(handled[1]!.at - handled[0]!.at).toBeGreaterThan(1e6 - 10)
    expect(engine.now).toBe(9_500_000)
  })
})

describe('a machine that is switched off', () => {
  it('neither takes frames in nor lets them out', () => {
    const { card, bottomHalf, machine, handled, delivered } = network({ cycles: () => 90_000 })
    for (let remotePort = 1; remotePort <= 5; remotePort++) card.fromHost(segment(remotePort))
    pass(machine, 0.0001)
    bottomHalf.send(segment(9))
    card.halt()
    bottomHalf.halt()
    const before = handled.length
    pass(machine, 0.01)
    expect(before).toBeGreaterThan(0)
    expect([handled.length, delivered.length]).toEqual([before, 0])
  })
})
