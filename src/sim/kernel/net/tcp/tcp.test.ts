import { describe, expect, it } from 'vitest'
import { Flag } from '../segment'
import { TcpState } from './connection'
import { loneTcp } from './lone-tcp.test-support'

const ackFin = Flag.ack | Flag.fin

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
