import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../engine/random'
import type { LoneTcp } from './lone-tcp.test-support'
import { loneTcp } from './lone-tcp.test-support'
import { Flag } from './segment'
import { start } from '../small-machine.test-support'
import { TaskState } from '../sched/task'
import { Peer, RoughWay } from './tcp-peer.test-support'
import type { Connection } from './tcp'
import { TcpState } from './tcp'

const ackFin = Flag.ack | Flag.fin
const ackReset = Flag.ack | Flag.reset

/** A process that sleeps on a connection. The function that is returned tells whether it has woken up. */
function asleepOn({ machine }: LoneTcp, connection: Connection): () => boolean {
  const { dispatcher } = machine.kernel
  let awake = false
  start(machine, function* (task) {
    yield* dispatcher.sleepOn(task, connection.sleepers, TaskState.interruptible)
    awake = true
  })
  return () => awake
}

describe('the handshake', () => {
  it('goes through the SYN queue into the accept queue', () => {
    const { tcp, listener, comes, taken } = loneTcp()
    comes({ flags: Flag.syn })
    expect(taken()).toEqual(['syn ack 0+0 of 0'])
    expect([tcp.open, tcp.opened, listener.halfOpen.size, listener.ready]).toEqual([1, 0, 1, 0])
    comes()
    expect(taken()).toEqual([])
    expect([tcp.open, tcp.opened, listener.halfOpen.size, listener.ready]).toEqual([1, 1, 0, 1])
    expect(listener.take()).toMatchObject({ flow: 1, state: TcpState.established })
  })

  it('calls back three times at its end: state_change, write_space, data_ready', () => {
    const { listener, comes, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    expect(callBack()).toBe(0)
    comes()
    expect(callBack()).toBe(3)
    // Nobody has accepted it: all three walk the queue of the listener.
    expect(listener.sleepers.wakeUps).toBe(3)
  })

  it('may end with data: the fourth callback', () => {
    const { listener, comes, callBack, taken } = loneTcp()
    comes({ flags: Flag.syn })
    taken()
    comes({ bytes: 300 })
    expect(callBack()).toBe(4)
    expect(listener.sleepers.wakeUps).toBe(4)
    expect(taken()).toEqual(['ack 0+0 of 300'])
    expect(listener.take()?.readable).toBe(300)
  })

  it('answers a SYN that is repeated, and keeps one state for it', () => {
    const { tcp, listener, comes, taken } = loneTcp()
    for (let times = 0; times < 3; times++) comes({ flags: Flag.syn })
    expect(taken()).toEqual(['syn ack 0+0 of 0', 'syn ack 0+0 of 0', 'syn ack 0+0 of 0'])
    expect([tcp.open, listener.halfOpen.size]).toEqual([1, 1])
    comes()
    comes({ flags: Flag.syn })
    expect(taken()).toEqual([])
    expect([tcp.open, tcp.opened, listener.ready]).toEqual([1, 1, 1])
  })

  it('is refused by a full SYN queue: counted, not answered, nothing kept', () => {
    const { tcp, listener, comes, taken } = loneTcp({ mostHalfOpen: 2 })
    for (const flow of [1, 2, 3, 4]) comes({ flow, flags: Flag.syn })
    expect(taken()).toHaveLength(2)
    expect([tcp.open, listener.halfOpen.size, listener.overflows]).toEqual([2, 2, 2])
    comes({ flow: 2 })
    comes({ flow: 4, flags: Flag.syn })
    expect(taken()).toEqual(['syn ack 0+0 of 0'])
    expect([...listener.halfOpen.keys()]).toEqual([1, 4])
    expect([tcp.open, listener.overflows]).toEqual([3, 2])
  })

  it('is refused by a full accept queue, at its beginning and at its end', () => {
    const { tcp, listener, comes, taken, callBack } = loneTcp({ backlog: 1 })
    for (const flow of [1, 2, 3]) comes({ flow, flags: Flag.syn })
    comes({ flow: 1 })
    comes({ flow: 2 })
    callBack()
    taken()
    // Two wait where the backlog is one: full, as 2.2 counts.
    comes({ flow: 4, flags: Flag.syn })
    expect([tcp.open, listener.overflows]).toEqual([3, 1])
    comes({ flow: 3, bytes: 300 })
    expect([listener.ready, listener.halfOpen.size, listener.overflows]).toEqual([2, 1, 2])
    expect([taken(), callBack()]).toEqual([[], 0])
    // What is repeated when somebody has accepted finds room, and nothing was lost.
    listener.take()
    comes({ flow: 3, bytes: 300 })
    expect(taken()).toEqual(['ack 0+0 of 300'])
    expect([listener.ready, listener.halfOpen.size, listener.overflows]).toEqual([2, 0, 2])
  })

  it('repeats its answer after 3, 6, 12, 24, 48 s and gives up 96 s later; nobody hears of it', () => {
    const { tcp, listener, sent, comes, until, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    until(188.9)
    expect(sent.map(({ at }) => at)).toEqual([0, 3, 9, 21, 45, 93])
    expect([tcp.open, listener.halfOpen.size]).toEqual([1, 1])
    until(189.1)
    expect([tcp.open, listener.halfOpen.size, tcp.opened, listener.ready]).toEqual([0, 0, 0, 0])
    until(400)
    expect(sent).toHaveLength(6)
    callBack()
    expect(listener.sleepers.wakeUps).toBe(0)
  })

  it('repeats nothing when it is at its end', () => {
    const { tcp, sent, comes, until } = loneTcp()
    comes({ flags: Flag.syn })
    until(2)
    comes()
    until(300)
    expect([sent.length, tcp.retransmissions, tcp.open]).toEqual([1, 0, 1])
  })

  it('of a port where nobody listens is not answered', () => {
    const { tcp, comes, taken } = loneTcp()
    tcp.listener = undefined
    comes({ flags: Flag.syn })
    expect([taken(), tcp.open]).toEqual([[], 0])
  })
})

describe('data that comes', () => {
  it('is acknowledged segment by segment, and is there to be read', () => {
    const { accepted, comes, taken, callBack } = loneTcp()
    const connection = accepted()
    comes({ bytes: 1460 })
    comes({ sequence: 1460, bytes: 40 })
    expect(taken()).toEqual(['ack 0+0 of 1460', 'ack 0+0 of 1500'])
    expect([connection.readable, callBack()]).toEqual([1500, 2])
  })

  it('wakes who sleeps in accept until somebody has accepted, and then the owner alone', () => {
    const { tcp, listener, comes, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    comes()
    callBack()
    comes({ bytes: 100 })
    expect([tcp.due, callBack(), listener.sleepers.wakeUps]).toEqual([1, 1, 4])
    const connection = listener.take()!
    connection.accepted = true
    comes({ sequence: 100, bytes: 100 })
    expect([tcp.due, callBack(), listener.sleepers.wakeUps]).toEqual([1, 1, 4])
    expect(connection.readable).toBe(200)
  })

  it('twice is taken once, and acknowledged again', () => {
    const { accepted, comes, taken, callBack } = loneTcp()
    const connection = accepted()
    comes({ bytes: 500 })
    callBack()
    comes({ bytes: 500 })
    expect(taken()).toEqual(['ack 0+0 of 500', 'ack 0+0 of 500'])
    expect([connection.readable, callBack()]).toEqual([500, 0])
  })

  it('out of order is thrown away, and what is missing is named at once', () => {
    const { accepted, comes, taken, callBack } = loneTcp()
    const connection = accepted()
    comes({ sequence: 1460, bytes: 1460 })
    expect(taken()).toEqual(['ack 0+0 of 0'])
    comes({ sequence: 2920, bytes: 10, flags: ackFin })
    expect(taken()).toEqual(['ack 0+0 of 0'])
    expect([connection.readable, connection.finReceived, callBack()]).toEqual([0, false, 0])
    comes({ bytes: 1460 })
    comes({ sequence: 1460, bytes: 1460 })
    comes({ sequence: 2920, bytes: 10, flags: ackFin })
    expect(taken().at(-1)).toBe('ack 0+0 of 2931')
    expect([connection.readable, connection.finReceived]).toEqual([2930, true])
  })

  it('after the FIN is no data', () => {
    const { accepted, comes, taken } = loneTcp()
    const connection = accepted()
    comes({ bytes: 10, flags: ackFin })
    comes({ sequence: 11, bytes: 100 })
    expect(connection.readable).toBe(10)
    // Nor is there a second FIN behind the first.
    comes({ sequence: 11, flags: ackFin })
    expect(taken()).toEqual(Array(3).fill('ack 0+0 of 11'))
  })

  it('an acknowledgement alone is not acknowledged', () => {
    const { accepted, comes, taken, callBack } = loneTcp()
    accepted()
    for (let times = 0; times < 5; times++) comes()
    expect([taken(), callBack()]).toEqual([[], 0])
  })
})

describe('data that leaves', () => {
  it.each([1, 1459, 1460, 1461, 2920])('is cut into segments of 1460 bytes: %i', (bytes) => {
    const { tcp, accepted, sent } = loneTcp()
    tcp.write(accepted(), bytes)
    expect(sent).toHaveLength(Math.ceil(bytes / 1460))
    expect(sent.map(({ sequence }) => sequence)).toEqual(sent.map((_, index) => index * 1460))
    expect(sent.reduce((sum, segment) => sum + segment.bytes, 0)).toBe(bytes)
    // PUSH stands on the last of what there is.
    const pushes = sent.map(({ flags }) => (flags & Flag.push) !== 0)
    expect(pushes).toEqual(sent.map((_, index) => index === sent.length - 1))
  })

  /** One round trip: everything in flight is acknowledged, segment by segment. Returns what left for that. */
  const roundTrip = ({ sent, comes }: LoneTcp, window = 32_120): number => {
    for (const { sequence, bytes } of sent.splice(0)) {
      comes({ acknowledged: sequence + bytes, window })
    }
    return sent.length
  }

  it('doubles each round trip from two segments on, until the window of 32,120 bytes is full', () => {
    const lone = loneTcp()
    const { tcp, accepted, sent } = lone
    const connection = accepted()
    tcp.write(connection, 65_535)
    const bursts = [sent.length]
    for (let trip = 0; trip < 3; trip++) {
      bursts.push(roundTrip(lone))
      tcp.write(connection, connection.room)
    }
    expect(bursts).toEqual([2, 4, 8, 16])
    for (let trip = 0; trip < 5; trip++) {
      expect(roundTrip(lone)).toBe(22)
      expect(connection.next - connection.unacknowledged).toBe(32_120)
      tcp.write(connection, connection.room)
    }
  })

  it('stays within the window of the other side, and PUSH stands where it ends', () => {
    const { tcp, accepted, comes, taken } = loneTcp()
    const connection = accepted()
    connection.congestionWindow = 10
    comes({ window: 4380 })
    tcp.write(connection, 20_000)
    expect(taken()).toEqual(['ack 0+1460 of 0', 'ack 1460+1460 of 0', 'ack push 2920+1460 of 0'])
    comes({ acknowledged: 1460, window: 4380 })
    expect(taken()).toEqual(['ack push 4380+1460 of 0'])
    // A window that only opens, without anything acknowledged.
    comes({ acknowledged: 1460, window: 7300 })
    expect(taken()).toEqual(['ack 5840+1460 of 0', 'ack push 7300+1460 of 0'])
    comes({ acknowledged: 8760, window: 0 })
    expect(taken()).toEqual([])
  })

  it('is not cut smaller to fill the rest of a window, but at its end', () => {
    const { tcp, accepted, comes, taken } = loneTcp()
    const connection = accepted()
    comes({ window: 2000 })
    tcp.write(connection, 1800)
    expect(taken()).toEqual(['ack 0+1460 of 0', 'ack push 1460+340 of 0'])
    tcp.write(connection, 1000)
    expect(taken()).toEqual([])
    comes({ acknowledged: 1460, window: 2000 })
    expect(taken()).toEqual(['ack push 1800+1000 of 0'])
  })

  it('has room for 65,535 bytes that are not acknowledged', () => {
    const { tcp, accepted, comes } = loneTcp()
    const connection = accepted()
    expect(connection.room).toBe(65_535)
    tcp.write(connection, 65_535)
    expect(connection.room).toBe(0)
    comes({ acknowledged: 2920 })
    expect(connection.room).toBe(2920)
  })

  it('wakes its writer when some room has come free, and not before', () => {
    const lone = loneTcp()
    const { tcp, accepted, comes, callBack, until } = lone
    const connection = accepted()
    tcp.write(connection, connection.room)
    const isAwake = asleepOn(lone, connection)
    until(0.01)
    comes()
    expect([callBack(), isAwake()]).toEqual([0, false])
    comes({ acknowledged: 1460 })
    expect(callBack()).toBe(1)
    until(0.02)
    expect(isAwake()).toBe(true)
  })

  it('an acknowledgement of what was never sent counts for nothing', () => {
    const { tcp, accepted, comes, taken } = loneTcp()
    const connection = accepted()
    comes({ acknowledged: 5000 })
    expect(connection.unacknowledged).toBe(0)
    tcp.write(connection, 100)
    expect(taken()).toEqual(['ack push 0+100 of 0'])
    comes({ acknowledged: 101 })
    expect([connection.unacknowledged, connection.room]).toEqual([0, 65_435])
    comes({ acknowledged: 100 })
    expect([connection.unacknowledged, connection.room]).toEqual([100, 65_535])
  })

  it('grows by half the congestion window that failed, then by a segment each round trip', () => {
    const lone = loneTcp()
    const { tcp, accepted, sent, until } = lone
    const connection = accepted()
    const fill = (): void => void tcp.write(connection, connection.room)
    fill()
    for (let trip = 0; trip < 3; trip++) {
      roundTrip(lone)
      fill()
    }
    expect(sent).toHaveLength(16)
    sent.length = 0
    // All sixteen are lost: the least timer is 200 ms.
    until(0.21)
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ sequence: connection.unacknowledged, bytes: 1460 })
    const bursts: number[] = []
    for (let trip = 0; trip < 7; trip++) {
      bursts.push(roundTrip(lone))
      fill()
    }
    expect(bursts.slice(0, 3)).toEqual([2, 4, 8])
    const growth = bursts.slice(3).map((burst, index) => burst - bursts[index + 2]!)
    for (const by of growth) expect([0, 1]).toContain(by)
    expect(bursts.at(-1)).toBeGreaterThanOrEqual(11)
  })
})

describe('the end', () => {
  it('that begins here passes through TIME_WAIT, 60 s to the nanosecond', () => {
    const { tcp, accepted, comes, taken, until, machine } = loneTcp()
    const connection = accepted()
    tcp.finish(connection)
    expect(taken()).toEqual(['ack fin push 0+0 of 0'])
    comes({ acknowledged: 1 })
    expect([tcp.open, tcp.timeWait, connection.state]).toEqual([1, 0, TcpState.finWait])
    until(5)
    comes({ flags: ackFin, acknowledged: 1 })
    expect(taken()).toEqual(['ack 1+0 of 1'])
    expect([tcp.open, tcp.closed, tcp.timeWait]).toEqual([0, 1, 1])
    until(64.999_999_999)
    expect(tcp.timeWait).toBe(1)
    until(65)
    expect(tcp.timeWait).toBe(0)
    expect(machine.engine.now).toBe(65e9)
  })

  it('that begins at the other side leaves no TIME_WAIT here', () => {
    const { tcp, accepted, comes, taken } = loneTcp()
    const connection = accepted()
    comes({ flags: ackFin })
    expect(taken()).toEqual(['ack 0+0 of 1'])
    expect(connection.state).toBe(TcpState.closeWait)
    // Half a connection still carries data.
    tcp.write(connection, 100)
    tcp.finish(connection)
    expect(taken()).toEqual(['ack push 0+100 of 1', 'ack fin push 100+0 of 1'])
    expect(connection.state).toBe(TcpState.lastAck)
    comes({ sequence: 1, acknowledged: 100 })
    expect(tcp.open).toBe(1)
    comes({ sequence: 1, acknowledged: 101 })
    expect([tcp.open, tcp.closed, tcp.timeWait]).toEqual([0, 1, 0])
  })

  it('that begins on both sides at once: the FINs cross', () => {
    const { tcp, accepted, comes, taken } = loneTcp()
    tcp.finish(accepted())
    taken()
    comes({ flags: ackFin, acknowledged: 0 })
    expect(taken()).toEqual(['ack 1+0 of 1'])
    expect([tcp.open, tcp.timeWait]).toEqual([1, 0])
    comes({ sequence: 1, acknowledged: 1 })
    expect([tcp.open, tcp.timeWait]).toEqual([0, 1])
  })

  it('may ride on data, both ways', () => {
    const { tcp, accepted, comes, taken, callBack } = loneTcp()
    const connection = accepted()
    tcp.write(connection, 4000)
    tcp.finish(connection)
    expect(taken()).toEqual(['ack 0+1460 of 0', 'ack push 1460+1460 of 0'])
    comes({ bytes: 200, flags: ackFin, acknowledged: 2920 })
    expect(taken()[0]).toBe('ack fin push 2920+1080 of 201')
    expect([connection.readable, connection.finReceived, callBack()]).toEqual([200, true, 2])
    comes({ sequence: 201, acknowledged: 4001 })
    expect([tcp.open, tcp.timeWait]).toEqual([0, 1])
  })

  it('is said again to whom it has not reached', () => {
    const { tcp, accepted, comes, taken, sent, until } = loneTcp()
    tcp.finish(accepted())
    taken()
    until(2.9)
    expect(sent).toEqual([])
    until(3.1)
    expect(taken()).toEqual(['ack fin push 0+0 of 0'])
    comes({ flags: ackFin, acknowledged: 1 })
    taken()
    // The other side's FIN once more: its acknowledgement was lost.
    comes({ flags: ackFin, acknowledged: 1 })
    expect(taken()).toEqual(['ack 1+0 of 1'])
    expect([tcp.open, tcp.timeWait]).toEqual([0, 1])
  })

  it('wakes the owner once for a FIN, and not for its repetition', () => {
    const { accepted, comes, taken, callBack } = loneTcp()
    accepted()
    comes({ flags: ackFin })
    comes({ flags: ackFin })
    expect([taken(), callBack()]).toEqual([['ack 0+0 of 1', 'ack 0+0 of 1'], 1])
  })

  it('of a socket with data that nobody has read is a reset, and no TIME_WAIT', () => {
    const { tcp, accepted, comes, taken } = loneTcp()
    const connection = accepted()
    comes({ bytes: 300 })
    tcp.write(connection, 50)
    taken()
    tcp.close(connection)
    expect(taken()).toEqual(['ack reset 50+0 of 300'])
    expect([tcp.open, tcp.closed, tcp.timeWait]).toEqual([0, 1, 0])
    tcp.close(connection)
    expect([taken(), tcp.closed]).toEqual([[], 1])
  })

  it('close after shutdown sends nothing more; close alone sends the FIN', () => {
    const { tcp, accepted, taken } = loneTcp()
    const shut = accepted(1)
    tcp.finish(shut)
    taken()
    tcp.close(shut)
    expect(taken()).toEqual([])
    const open = accepted(2)
    tcp.close(open)
    expect(taken()).toEqual(['ack fin push 0+0 of 0'])
    expect(tcp.open).toBe(2)
  })
})

describe('a reset', () => {
  it('of a handshake frees its place, and nobody hears of it', () => {
    const { tcp, listener, comes, taken, until, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    taken()
    comes({ flags: ackReset })
    expect([tcp.open, tcp.resets, listener.halfOpen.size]).toEqual([0, 1, 0])
    until(10)
    expect([taken(), callBack(), listener.sleepers.wakeUps]).toEqual([[], 0, 0])
  })

  it('of a connection that waits for accept frees its place, and those in accept look', () => {
    const { tcp, listener, comes, callBack } = loneTcp()
    for (const flow of [1, 2]) {
      comes({ flow, flags: Flag.syn })
      comes({ flow })
    }
    callBack()
    comes({ flags: ackReset })
    expect([tcp.open, listener.ready, callBack(), listener.sleepers.wakeUps]).toEqual([1, 1, 1, 7])
    expect([listener.take()?.flow, listener.take()]).toEqual([2, undefined])
  })

  it.each(['established', 'closeWait', 'finWait', 'lastAck'] as const)(
    'ends a connection in state %s, silently and without TIME_WAIT',
    (state) => {
      const lone = loneTcp()
      const { tcp, listener, accepted, comes, taken, until, callBack } = lone
      const connection = accepted()
      if (state === 'closeWait' || state === 'lastAck') comes({ flags: ackFin })
      if (state === 'finWait' || state === 'lastAck') tcp.finish(connection)
      expect(connection.state).toBe(TcpState[state])
      callBack()
      const { wakeUps } = listener.sleepers
      const isAwake = asleepOn(lone, connection)
      until(0.01)
      taken()
      comes({ flags: ackReset, sequence: 1 })
      expect([tcp.open, tcp.closed, tcp.resets, tcp.timeWait]).toEqual([0, 1, 1, 0])
      expect(connection).toMatchObject({ state: TcpState.closed, finReceived: true })
      // The owner hears of it, whoever sleeps in accept does not.
      expect([callBack(), listener.sleepers.wakeUps - wakeUps]).toEqual([1, 0])
      until(300)
      expect([taken(), isAwake()]).toEqual([[], true])
    },
  )
})

describe('a segment of no connection', () => {
  it('is answered by a reset when it carries data, by silence when it is a reset or says nothing', () => {
    const { tcp, comes, taken } = loneTcp()
    comes({ sequence: 100, bytes: 300, acknowledged: 7 })
    expect(taken()).toEqual(['ack reset 7+0 of 400'])
    comes({ flags: ackReset, sequence: 100, acknowledged: 7 })
    comes({ acknowledged: 7 })
    expect([taken(), tcp.open]).toEqual([[], 0])
  })
})

describe('a timer', () => {
  it('repeats after 3 s, then twice as long each time up to 120 s, and gives up after 15', () => {
    const lone = loneTcp()
    const { tcp, accepted, sent, until, callBack } = lone
    const connection = accepted()
    const isAwake = asleepOn(lone, connection)
    let told = 0
    tcp.onCallbacks = () => told++
    tcp.write(connection, 500)
    until(1388.9)
    const times = [0, 3, 9, 21, 45, 93, 189, ...Array.from({ length: 9 }, (_, k) => 309 + 120 * k)]
    expect(sent.map(({ at }) => at)).toEqual(times)
    expect(sent.every(({ sequence, bytes }) => sequence === 0 && bytes === 500)).toBe(true)
    expect([tcp.open, told]).toEqual([1, 0])
    until(1389.1)
    expect([tcp.open, tcp.resets, told, connection.state]).toEqual([0, 1, 1, TcpState.closed])
    expect([callBack(), sent.length, isAwake()]).toEqual([1, 16, false])
    until(1390)
    expect(isAwake()).toBe(true)
  })

  it.each([5, 50, 400, 2500])(
    "follows Jacobson's estimate: R + 2 R (3/4)^(k - 1) after k round trips of %i ms",
    (milliseconds) => {
      const trip = milliseconds / 1000
      const { tcp, accepted, comes, sent, until } = loneTcp()
      const connection = accepted()
      let at = 1
      for (let count = 1; count <= 6; count++) {
        until(at)
        tcp.write(connection, 100)
        at += trip
        until(at)
        comes({ acknowledged: 100 * count })
        const estimate = trip + 2 * trip * 0.75 ** (count - 1)
        const expected = Math.min(120, Math.max(0.2, estimate))
        expect(connection.timeout / 1e9).toBeCloseTo(expected, 6)
      }
      // And that is when it repeats.
      const timeout = connection.timeout / 1e9
      sent.length = 0
      tcp.write(connection, 100)
      until(at + timeout * 3.5)
      const waits = sent.map((segment) => segment.at - at)
      const steps = [0, timeout, timeout + Math.min(120, 2 * timeout)]
      expect(waits).toHaveLength(steps.filter((wait) => wait <= timeout * 3.5).length)
      waits.forEach((wait, index) => expect(wait).toBeCloseTo(steps[index]!, 6))
    },
  )

  it('goes back to the first byte that is missing, with one segment', () => {
    const { tcp, accepted, comes, taken, until } = loneTcp()
    const connection = accepted()
    connection.congestionWindow = 4
    tcp.write(connection, 5840)
    expect(taken()).toHaveLength(4)
    comes({ acknowledged: 1460 })
    until(10)
    expect(taken()[0]).toBe('ack push 1460+1460 of 0')
    // The others had come: nothing is sent that has been acknowledged.
    comes({ acknowledged: 5840 })
    expect(taken()).toEqual([])
    expect(connection.next).toBe(5840)
    tcp.write(connection, 1000)
    expect(taken()).toEqual(['ack push 5840+1000 of 0'])
  })

  it('starts anew with each acknowledgement of something new, and ends with the last', () => {
    const { tcp, accepted, comes, sent, taken, until } = loneTcp()
    const connection = accepted()
    tcp.write(connection, 2920)
    taken()
    until(2)
    comes({ acknowledged: 1460 })
    const timeout = connection.timeout / 1e9
    expect(timeout).toBeCloseTo(6, 6)
    comes({ acknowledged: 1460 })
    until(2 + timeout - 0.001)
    expect(sent).toEqual([])
    until(2 + timeout)
    expect(taken()).toEqual(['ack push 1460+1460 of 0'])
    comes({ acknowledged: 2920 })
    until(500)
    expect([sent.length, tcp.retransmissions, tcp.open]).toEqual([0, 1, 1])
  })

  it('does nothing on a machine that is switched off', () => {
    const { tcp, accepted, taken, until } = loneTcp()
    tcp.write(accepted(), 100)
    taken()
    tcp.halt()
    until(100)
    expect([taken(), tcp.retransmissions]).toEqual([[], 0])
  })
})

describe('over a way that loses, repeats and reorders', () => {
  /** A conversation: a request, a response that the program writes when it has read the request, two FINs. */
  function converse(seed: number, loss: number) {
    const lone = loneTcp()
    const { machine, tcp, listener } = lone
    const { engine } = machine
    const random = new RandomStream(seed, 'conversation')
    const [request, response] = [random.between(1, 6000), random.between(0, 120_000)]
    let connection: Connection | undefined
    let [read, left] = [0, response]
    const program = (): void => {
      connection ??= listener.take()
      if (!connection) return
      connection.accepted = true
      read += connection.readable
      connection.readable = 0
      if (read < request || connection.state === TcpState.closed) return
      const part = Math.min(left, connection.room)
      left -= part
      if (part > 0) tcp.write(connection, part)
      if (left === 0) tcp.finish(connection)
    }
    const window = random.between(3 * 1460, 32_120)
    const outward = new RoughWay(engine, random, loss, 0.1, (segment) => peer.receive(segment))
    const inward = new RoughWay(engine, random, loss, 0.1, (segment) => {
      tcp.receive(segment)
      lone.callBack()
      program()
      for (const answer of lone.sent.splice(0)) outward.send(answer)
      if (!connection || connection.state === TcpState.closed) return
      const { unacknowledged, next, written } = connection
      expect(unacknowledged).toBeLessThanOrEqual(next)
      expect(next).toBeLessThanOrEqual(written + 1)
      expect(next - unacknowledged).toBeLessThanOrEqual(window)
      expect(connection.received).toBeLessThanOrEqual(request + 1)
      expect(peer.received).toBeLessThanOrEqual(written + 1)
    })
    const peer = new Peer(engine, request, window, random.chance(0.3), inward.send)
    peer.repeat()
    const isOver = (): boolean => (peer.isDone || peer.wasReset) && tcp.open === 0
    /** Until both have ended, or for so many seconds. */
    const go = (most: number): void => {
      for (let at = engine.now / 1e9; at < most && !isOver(); at += 0.05) {
        lone.until(at)
        for (const repeated of lone.sent.splice(0)) outward.send(repeated)
      }
    }
    return { ...lone, peer, go, outcome: () => ({ read, request, response }), inward, outward }
  }

  const seeds = Array.from({ length: 12 }, (_, index) => index + 1)

  it.each(seeds)('every byte arrives exactly once, both ways (seed %i)', (seed) => {
    const { go, peer, tcp, outcome } = converse(seed, (seed % 4) / 10)
    go(1600)
    const { read, request, response } = outcome()
    expect([read, peer.received, peer.acknowledged]).toEqual([request, response + 1, request + 1])
    expect([peer.isDone, peer.wasReset]).toEqual([true, false])
    expect([tcp.open, tcp.opened, tcp.closed, tcp.resets]).toEqual([0, 1, 1, 0])
  })

  it.each([1, 2, 3])(
    'a peer that falls silent is given up, and nothing is left of it (seed %i)',
    (seed) => {
      const { go, peer, tcp, inward, outcome, listener } = converse(seed, 0.05)
      go(0.3)
      inward.loss = 1
      go(1600)
      expect([tcp.open, listener.halfOpen.size, listener.ready]).toEqual([0, 0, 0])
      expect(peer.received).toBeLessThanOrEqual(outcome().response + 1)
    },
  )

  it('is the same conversation with the same seed', () => {
    const run = (seed: number): unknown => {
      const { go, machine, tcp, outcome } = converse(seed, 0.2)
      go(1600)
      return [machine.engine.digest(), tcp.retransmissions, outcome()]
    }
    expect(run(5)).toEqual(run(5))
    expect(run(6)).not.toEqual(run(5))
  })
})
