import { describe, expect, it } from 'vitest'
import { Flag } from '../segment'
import { TcpState } from './connection'
import { loneTcp } from './lone-tcp.test-support'

describe('the handshake', () => {
  it('goes through the SYN queue into the accept queue', () => {
    const { tcp, listener, comes, taken } = loneTcp()
    comes({ flags: Flag.syn })
    expect(taken()).toEqual(['syn ack 0+0 of 0'])
    expect([tcp.open, tcp.opened, listener.halfOpen, listener.ready]).toEqual([1, 0, 1, 0])
    comes()
    expect(taken()).toEqual([])
    expect([tcp.open, tcp.opened, listener.halfOpen, listener.ready]).toEqual([1, 1, 0, 1])
    expect(listener.take()).toMatchObject({ key: 1, state: TcpState.established })
  })

  it('calls back three times: write_space when its SYN-ACK is freed, state_change and data_ready at its end', () => {
    const { tcp, listener, sent, comes, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    expect(callBack()).toBe(0)
    tcp.freed(sent[0]!)
    expect(callBack()).toBe(1)
    comes()
    expect(callBack()).toBe(2)
    // Nobody has accepted it: all three walk the queue of the listener.
    expect(listener.waiters.wakeUps).toBe(3)
  })

  it('may end with data: one callback more', () => {
    const { listener, comes, callBack, taken } = loneTcp()
    comes({ flags: Flag.syn })
    taken()
    comes({ bytes: 300 })
    expect(callBack()).toBe(3)
    expect(listener.waiters.wakeUps).toBe(3)
    expect(taken()).toEqual(['ack 0+0 of 300'])
    expect(listener.take()?.readable).toBe(300)
  })

  it('answers a SYN that is repeated, and keeps one state for it', () => {
    const { tcp, listener, comes, taken } = loneTcp()
    for (let times = 0; times < 3; times++) comes({ flags: Flag.syn })
    expect(taken()).toEqual(['syn ack 0+0 of 0', 'syn ack 0+0 of 0', 'syn ack 0+0 of 0'])
    expect([tcp.open, listener.halfOpen]).toEqual([1, 1])
    comes()
    comes({ flags: Flag.syn })
    expect(taken()).toEqual([])
    expect([tcp.open, tcp.opened, listener.ready]).toEqual([1, 1, 1])
  })

  it('is refused by a full SYN queue: counted, not answered, nothing kept', () => {
    const { tcp, listener, comes, taken } = loneTcp({ maxHalfOpen: 2 })
    for (const remotePort of [1, 2, 3, 4]) comes({ remotePort, flags: Flag.syn })
    expect(taken()).toHaveLength(2)
    expect([tcp.open, listener.halfOpen, listener.overflows]).toEqual([2, 2, 2])
    comes({ remotePort: 2 })
    comes({ remotePort: 4, flags: Flag.syn })
    expect(taken()).toEqual(['syn ack 0+0 of 0'])
    expect(Array.from(listener.opening(), ({ key }) => key)).toEqual([1, 4])
    expect([tcp.open, listener.overflows]).toEqual([3, 2])
  })

  it('is refused by a full accept queue, at its beginning and at its end', () => {
    const { tcp, listener, comes, taken, callBack } = loneTcp({ backlog: 1 })
    for (const remotePort of [1, 2, 3]) comes({ remotePort, flags: Flag.syn })
    comes({ remotePort: 1 })
    comes({ remotePort: 2 })
    callBack()
    taken()
    // Two wait where the backlog is one: full, as 2.2 counts.
    comes({ remotePort: 4, flags: Flag.syn })
    expect([tcp.open, listener.overflows]).toEqual([3, 1])
    comes({ remotePort: 3, bytes: 300 })
    expect([listener.ready, listener.halfOpen, listener.overflows]).toEqual([2, 1, 2])
    expect([taken(), callBack()]).toEqual([[], 0])
    // What is repeated when somebody has accepted finds room, and nothing was lost.
    listener.take()
    comes({ remotePort: 3, bytes: 300 })
    expect(taken()).toEqual(['ack 0+0 of 300'])
    expect([listener.ready, listener.halfOpen, listener.overflows]).toEqual([2, 0, 2])
  })

  it('repeats its answer after 3, 6, 12, 24, 48 s and gives up 96 s later; nobody hears of it', () => {
    const { tcp, listener, sent, comes, until, callBack } = loneTcp()
    comes({ flags: Flag.syn })
    until(188.9)
    expect(sent.map(({ at }) => at)).toEqual([0, 3, 9, 21, 45, 93])
    expect([tcp.open, listener.halfOpen]).toEqual([1, 1])
    until(189.1)
    expect([tcp.open, listener.halfOpen, tcp.opened, listener.ready]).toEqual([0, 0, 0, 0])
    until(400)
    expect(sent).toHaveLength(6)
    callBack()
    expect(listener.waiters.wakeUps).toBe(0)
  })

  it('repeats nothing when it is at its end', () => {
    const { tcp, sent, comes, until } = loneTcp()
    comes({ flags: Flag.syn })
    until(2)
    comes()
    until(300)
    expect([sent.length, tcp.retransmissions, tcp.open]).toEqual([1, 0, 1])
  })

  it('of a port where nobody listens is answered by a reset', () => {
    const { tcp, comes, taken } = loneTcp()
    comes({ flags: Flag.syn, localPort: 81 })
    expect([taken(), tcp.open]).toEqual([['ack reset 0+0 of 0'], 0])
    comes({ flags: Flag.syn })
    expect([taken(), tcp.open]).toEqual([['syn ack 0+0 of 0'], 1])
  })
})
