import { describe, expect, it } from 'vitest'
import { Engine } from '../engine/engine'
import type { Segment } from '../kernel/net/segment'
import { Flag } from '../kernel/net/segment'
import { RemoteHost, Way } from '../machine/remote-host'
import { clientNs } from './client-machine'

const segment = (flags: number, bytes = 0): Segment => ({
  remoteHost: 0,
  remotePort: 1,
  localPort: 80,
  flags,
  sequence: 0,
  bytes,
  acknowledged: 0,
  window: 32_767,
})

describe('a machine of clients', () => {
  it('takes half the time at twice the clock', () => {
    for (const one of [segment(Flag.ack, 1460), segment(Flag.syn), segment(Flag.fin, 20)]) {
      expect(Math.abs(clientNs(400, one) - 2 * clientNs(800, one))).toBeLessThanOrEqual(1)
    }
  })

  it('spends most on a connection, and more on data than on a bare acknowledgement', () => {
    const [bare, data, syn, fin] = [
      segment(Flag.ack),
      segment(Flag.ack, 1460),
      segment(Flag.ack | Flag.syn),
      segment(Flag.ack | Flag.fin, 1460),
    ].map((one) => clientNs(400, one))
    expect(bare).toBeLessThan(data!)
    expect(data).toBeLessThan(fin!)
    expect(fin).toBeLessThan(syn!)
  })

  it('deals with what comes one after another, and with what is lost not at all', () => {
    const engine = new Engine(1)
    const fromServer = new Way(engine.stream('from'), 100)
    const host = new RemoteHost<number>(
      new Way(engine.stream('to'), 100),
      fromServer,
      () => undefined,
      (ns) => ns,
    )
    // It comes at 150 and takes 1,000; the next waits for it, the one after finds the CPU free.
    expect([host.dealtWith(1000, 50), host.dealtWith(300, 200)]).toEqual([1150, 1450])
    expect(host.dealtWith(300, 5000)).toBe(5400)
    fromServer.loss = 1
    expect(host.dealtWith(300, 6000)).toBe(-1)
    fromServer.loss = 0
    expect(host.dealtWith(300, 6000)).toBe(6400)
  })
})
