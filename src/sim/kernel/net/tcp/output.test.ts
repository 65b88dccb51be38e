import { describe, expect, it } from 'vitest'
import { Flag } from '../segment'
import type { LoneTcp } from './lone-tcp.test-support'
import { asleepOn, loneTcp } from './lone-tcp.test-support'

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

  /**
   * One round trip: everything in flight is acknowledged, segment by segment. Returns what left for
   * that.
   */
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
