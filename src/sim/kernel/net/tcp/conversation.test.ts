import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../engine/random'
import type { Connection } from './connection'
import { TcpState } from './connection'
import { loneTcp } from './lone-tcp.test-support'
import { Peer, RoughWay } from './tcp-peer.test-support'

describe('over a way that loses, repeats and reorders', () => {
  /**
   * A conversation: a request, a response that the program writes when it has read the request, two
   * FINs.
   */
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
      tcp.receive(segment, machine.kernel.dispatcher.cpus[0]!)
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
      expect([tcp.open, listener.halfOpen, listener.ready]).toEqual([0, 0, 0])
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
