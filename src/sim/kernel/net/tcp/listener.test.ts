import { describe, expect, it } from 'vitest'
import { Listener } from './listener'
import { smallMachine } from '../../small-machine.test-support'
import { AcceptWaitQueue } from '../accept-wait-queue'
import { Connection, TcpState } from './connection'
import { RequestList } from './request-list'

function listening(backlog: number) {
  const { kernel } = smallMachine()
  const waiters = new AcceptWaitQueue(kernel.base, { wakeup: 'all' })
  const listener = new Listener(80, waiters, new RequestList(kernel.base), backlog)
  const open = (remotePort: number): Connection => {
    const connection = new Connection(
      { remoteHost: 0, remotePort, localPort: 80 },
      remotePort,
      listener,
      0,
    )
    listener.begin(connection, 0)
    connection.state = TcpState.established
    listener.forgetHalfOpen(connection)
    listener.push(connection)
    return connection
  }
  return { listener, open }
}

describe('an accept queue', () => {
  it('gives out the connection that has waited longest', () => {
    const { listener, open } = listening(10)
    for (let remotePort = 1; remotePort <= 5; remotePort++) open(remotePort)
    expect([1, 2, 3].map(() => listener.take()?.key)).toEqual([1, 2, 3])
    open(6)
    expect(listener.ready).toBe(3)
    expect(listener.oldest(2).map(({ key }) => key)).toEqual([4, 5])
    expect([1, 2, 3, 4].map(() => listener.take()?.key)).toEqual([4, 5, 6, undefined])
    expect(listener.ready).toBe(0)
  })

  it('passes over those that ended while they waited', () => {
    const { listener, open } = listening(10)
    for (const connection of [1, 2, 3, 4].map(open)) {
      if (connection.key % 2 === 0) continue
      connection.state = TcpState.closed
      listener.abandon()
    }
    expect(listener.ready).toBe(2)
    expect(listener.oldest(9).map(({ key }) => key)).toEqual([2, 4])
    expect([1, 2, 3].map(() => listener.take()?.key)).toEqual([2, 4, undefined])
  })

  it('is full when one more waits than the backlog says, as in 2.2', () => {
    const { listener, open } = listening(2)
    open(1)
    open(2)
    expect(listener.isFull).toBe(false)
    open(3)
    expect(listener.isFull).toBe(true)
  })
})
