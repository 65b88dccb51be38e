import { describe, expect, it } from 'vitest'
import { TcpState } from './connection'
import { asleepOn, loneTcp } from './lone-tcp.test-support'

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

  it('takes no round trip from what it has sent twice', () => {
    const { tcp, accepted, comes, sent, until } = loneTcp()
    const connection = accepted()
    tcp.write(connection, 100)
    until(4)
    // Repeated at 3 s: whether this answers the first or the second is not known.
    comes({ acknowledged: 100 })
    expect([connection.timeout, connection.timedByte]).toEqual([3e9, -1])
    sent.length = 0
    tcp.write(connection, 100)
    until(4.5)
    comes({ acknowledged: 200 })
    // R + 4 R / 2 of the first round trip that counts, half a second.
    expect(connection.timeout / 1e9).toBeCloseTo(1.5, 6)
    sent.length = 0
    tcp.write(connection, 100)
    until(6.1)
    expect(sent.map(({ at }) => at)).toEqual([4.5, 6])
  })

  it('asks at a closed window after 3, 6, 12 … s up to 120 s, as long as it is answered', () => {
    const { tcp, accepted, comes, sent, until, taken } = loneTcp()
    const connection = accepted()
    comes({ window: 0 })
    tcp.write(connection, 500)
    until(1000)
    const times = [3, 9, 21, 45, 93, 189, ...Array.from({ length: 6 }, (_, k) => 309 + 120 * k)]
    expect(sent.map(({ at }) => at)).toEqual(times)
    expect(sent.every(({ sequence, bytes }) => sequence === -1 && bytes === 0)).toBe(true)
    expect(tcp.retransmissions).toBe(0)
    // An answer that keeps it closed keeps it waiting: 15 are not the end.
    for (let at = 1100; at <= 4000; at += 100) {
      until(at)
      comes({ window: 0 })
    }
    expect(tcp.open).toBe(1)
    taken()
    comes({ window: 1000 })
    expect(taken()).toEqual(['ack push 0+500 of 0'])
    comes({ acknowledged: 500 })
    until(5000)
    expect([taken(), tcp.open]).toEqual([[], 1])
  })

  it('gives up at a closed window that nobody answers for, after 15 questions', () => {
    const { tcp, accepted, comes, sent, until } = loneTcp()
    comes({ window: 0 })
    const connection = accepted()
    comes({ window: 0 })
    tcp.write(connection, 500)
    until(1388.9)
    expect([tcp.open, sent.length]).toEqual([1, 15])
    until(1389.1)
    expect(tcp.open).toBe(0)
  })

  it('ends FIN_WAIT_2 after three minutes when nobody has it open, without TIME_WAIT', () => {
    const { tcp, accepted, comes, until } = loneTcp()
    const connection = accepted()
    until(1)
    tcp.close(connection)
    comes({ acknowledged: 1 })
    until(180.9)
    expect([tcp.open, tcp.timeWait]).toEqual([1, 0])
    until(181.1)
    expect([tcp.open, tcp.timeWait]).toEqual([0, 0])
  })

  it('lets a program wait in FIN_WAIT_2 for as long as it has the descriptor', () => {
    const { tcp, accepted, comes, until } = loneTcp()
    const connection = accepted()
    tcp.finish(connection)
    comes({ acknowledged: 1 })
    until(1000)
    expect(tcp.open).toBe(1)
    tcp.close(connection)
    until(1179.9)
    expect(tcp.open).toBe(1)
    until(1180.1)
    expect(tcp.open).toBe(0)
  })
})
