import { describe, expect, it } from 'vitest'
import { wrongWith } from '../../kernel-invariants.test-support'
import { FrameUse } from '../../mm/page-frames'
import { Flag } from '../segment'
import { loneTcp } from './lone-tcp.test-support'

describe('the memory of connections', () => {
  it('comes from the machine’s, grows with what waits in them, and all goes back', () => {
    const { machine, tcp, comes, listener } = loneTcp()
    const { frames } = machine.kernel
    const kernelPages = (): number => frames.total[FrameUse.kernel]!
    const before = kernelPages()
    const free = frames.free
    for (let remotePort = 1; remotePort <= 40; remotePort++) {
      comes({ remotePort, flags: Flag.syn })
      comes({ remotePort })
    }
    // Four sockets a page.
    expect(kernelPages() - before).toBe(10)
    const all = Array.from({ length: 40 }, () => listener.take()!)
    for (const connection of all) {
      connection.accepted = true
      tcp.write(connection, 14_600)
    }
    // Ten segments each: two a page, and 25 headers a page.
    expect(kernelPages() - before).toBe(10 + 200 + 16)
    expect(tcp.memory.bytes).toBe(226 * 4096)
    expect(free - frames.free).toBe(226)
    expect(wrongWith(machine.kernel)).toEqual([])
    comes({ remotePort: 7, acknowledged: 2920 })
    expect(kernelPages() - before).toBe(10 + 199 + 16)
    for (let remotePort = 1; remotePort <= 40; remotePort++) {
      comes({ remotePort, flags: Flag.ack | Flag.reset })
    }
    expect([kernelPages(), frames.free, tcp.memory.bytes]).toEqual([before, free, 0])
  })

  it('holds what has come until a program takes it', () => {
    const { tcp, comes, listener } = loneTcp()
    comes({ flags: Flag.syn })
    comes({})
    const connection = listener.take()!
    connection.accepted = true
    for (let at = 0; at < 4; at++) comes({ sequence: at * 1460, bytes: 1460 })
    expect(connection.segments).toBe(4)
    tcp.take(connection, connection.readable)
    expect(connection.segments).toBe(0)
  })
})
