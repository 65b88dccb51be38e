import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { loneTcp } from '../kernel/net/tcp/lone-tcp.test-support'
import type { Connection } from '../kernel/net/tcp/connection'
import { TcpState } from '../kernel/net/tcp/connection'
import { RoughWay } from '../kernel/net/tcp/tcp-peer.test-support'
import { clientsOf, usual } from './web-clients.test-support'

describe('clients and TCP', () => {
  /** Clients and a server whose program answers each request, over ways that lose and reorder. */
  function together(seed: number, loss: number) {
    const lone = loneTcp({ backlog: 2, maxHalfOpen: 2 })
    const { tcp, listener, machine } = lone
    const { engine } = machine
    const random = new RandomStream(seed, 'ways')
    const accepted = new Map<number, { connection: Connection; left: number }>()
    const program = (remotePort: number): void => {
      const next = listener.take()
      if (next) {
        next.accepted = true
        accepted.set(next.ends.remotePort, { connection: next, left: usual.responseBytes })
      }
      for (const of of new Set([remotePort, next?.ends.remotePort ?? remotePort])) {
        const known = accepted.get(of)
        if (!known) continue
        const { connection } = known
        if (connection.state === TcpState.closed) accepted.delete(of)
        else if (connection.received > 0) {
          connection.readable = 0
          const part = Math.min(known.left, connection.room)
          known.left -= part
          if (part > 0) tcp.write(connection, part)
          if (known.left === 0) tcp.finish(connection)
        }
      }
    }
    const outward = new RoughWay(engine, random, loss, 0.05, (segment) => clients.receive(segment))
    const flush = (): void => {
      for (const segment of lone.sent.splice(0)) outward.send(segment)
    }
    const inward = new RoughWay(engine, random, loss, 0.05, (segment) => {
      tcp.receive(segment, machine.kernel.dispatcher.cpus[0]!)
      lone.callBack()
      program(segment.remotePort)
      flush()
    })
    const all = clientsOf({ connections: 12 }, engine, inward.send)
    const { clients } = all
    return { ...all, tcp, listener, flush }
  }

  it.each([
    [1, 0],
    [2, 0.05],
    [3, 0.2],
  ])(
    'lose no connection: offered is completed, failed or under way (seed %i, loss %d)',
    (seed, loss) => {
      const { clients, settings, until, flush, told, ended, tcp, listener } = together(seed, loss)
      clients.start()
      for (let at = 0.01; at < 60; at += 0.01) {
        until(at)
        flush()
        expect(clients.completed + clients.failed + clients.inFlight).toBe(clients.offered)
      }
      expect([told(), ended.length]).toEqual([clients.offered, clients.completed + clients.failed])
      expect(clients.completed).toBeGreaterThan(30)
      expect(listener.overflows).toBeGreaterThan(0)
      expect(listener.halfOpen).toBeLessThanOrEqual(2)
      expect(tcp.opened).toBeGreaterThanOrEqual(clients.completed)
      settings.connections = 0
      for (let at = 60; at < 400; at += 0.05) {
        until(at)
        flush()
      }
      expect(clients.inFlight).toBe(0)
      expect(clients.completed + clients.failed).toBe(clients.offered)
      // Nobody gives up but who has asked in vain after 3, 6, 12, 24 and 48 s.
      const failed = ended.filter((end) => end.failed).map((end) => end.seconds)
      expect(failed.length).toBeLessThanOrEqual(loss < 0.1 ? 0 : 1)
      expect(failed.every((seconds) => seconds >= 93)).toBe(true)
      expect([tcp.open, listener.ready]).toEqual([0, 0])
    },
  )
})
