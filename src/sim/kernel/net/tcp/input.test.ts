import { describe, expect, it } from 'vitest'
import { Flag } from '../segment'
import { TcpState } from './connection'
import { asleepOn, loneTcp } from './lone-tcp.test-support'

const ackFin = Flag.ack | Flag.fin
const ackReset = Flag.ack | Flag.reset

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
    expect([tcp.due, callBack(), listener.waiters.wakeUps]).toEqual([1, 1, 3])
    const connection = listener.take()!
    connection.accepted = true
    comes({ sequence: 100, bytes: 100 })
    expect([tcp.due, callBack(), listener.waiters.wakeUps]).toEqual([1, 1, 3])
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

describe('a reset', () => {
  it('of a handshake frees its place, and nobody hears of it', () => {
    const { tcp, listener, comes, taken, until, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    taken()
    comes({ flags: ackReset })
    expect([tcp.open, tcp.resets, listener.halfOpen]).toEqual([0, 1, 0])
    until(10)
    expect([taken(), callBack(), listener.waiters.wakeUps]).toEqual([[], 0, 0])
  })

  it('of a connection that waits for accept frees its place, and those in accept look', () => {
    const { tcp, listener, comes, callBack } = loneTcp()
    for (const remotePort of [1, 2]) {
      comes({ remotePort, flags: Flag.syn })
      comes({ remotePort })
    }
    callBack()
    comes({ flags: ackReset })
    expect([tcp.open, listener.ready, callBack(), listener.waiters.wakeUps]).toEqual([1, 1, 1, 5])
    expect([listener.take()?.key, listener.take()]).toEqual([2, undefined])
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
      const { wakeUps } = listener.waiters
      const isAwake = asleepOn(lone, connection)
      until(0.01)
      taken()
      comes({ flags: ackReset, sequence: 1 })
      expect([tcp.open, tcp.closed, tcp.resets, tcp.timeWait]).toEqual([0, 1, 1, 0])
      expect(connection).toMatchObject({ state: TcpState.closed, finReceived: true })
      // The owner hears of it, whoever sleeps in accept does not.
      expect([callBack(), listener.waiters.wakeUps - wakeUps]).toEqual([1, 0])
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
