import { describe, expect, it } from 'vitest'
import { inWords } from '../kernel/net/tcp/lone-tcp.test-support'
import { Flag } from '../kernel/net/segment'
import { clientsOf, respond, waiting } from './web-clients.test-support'

describe('a connection', () => {
  it('is SYN, request, response up to the FIN, FIN', () => {
    const { clients, taken, comes, until, ended, told } = clientsOf()
    clients.start()
    until(1)
    expect(taken()).toEqual(['syn 0+0 of 0'])
    comes({ flags: Flag.syn | Flag.ack })
    expect(taken()).toEqual(['ack 0+0 of 0', 'ack push 0+300 of 0'])
    until(1.5)
    respond({ comes })
    expect(taken()).toEqual([
      ...['ack 300+0 of 2920', 'ack 300+0 of 5840', 'ack fin 300+0 of 7301'],
      // The next one begins where this one ends.
      'syn 0+0 of 0',
    ])
    expect([clients.offered, told(), clients.completed, clients.failed]).toEqual([2, 2, 1, 0])
    expect(ended).toHaveLength(1)
    expect(ended[0]!.seconds).toBeGreaterThan(0.5)
  })

  it('acknowledges every second segment, and at once what carries PUSH', () => {
    const { comes, taken } = waiting()
    const heard: string[][] = []
    for (let index = 0; index < 5; index++) {
      const flags = index === 4 ? Flag.ack | Flag.push : Flag.ack
      comes({ flags, sequence: index * 1460, bytes: 1460 })
      heard.push(taken())
    }
    expect(heard).toEqual([
      ...[[], ['ack 300+0 of 2920'], [], ['ack 300+0 of 5840']],
      ['ack 300+0 of 7300'],
    ])
  })

  it('acknowledges at once what is out of order or repeated, and takes neither', () => {
    const { comes, taken, clients } = waiting()
    comes({ sequence: 1460, bytes: 1460 })
    expect(taken()).toEqual(['ack 300+0 of 0'])
    comes({ sequence: 7300, flags: Flag.ack | Flag.fin })
    expect(taken()).toEqual(['ack 300+0 of 0'])
    comes({ bytes: 1460 })
    comes({ sequence: 1460, bytes: 1460 })
    expect(taken()).toEqual(['ack 300+0 of 2920'])
    comes({ bytes: 1460 })
    expect(taken()).toEqual(['ack 300+0 of 2920'])
    expect(clients.inFlight).toBe(1)
  })

  it('answers the SYN-ACK once more when it is repeated, and asks once', () => {
    const { comes, taken } = waiting()
    comes({ flags: Flag.syn | Flag.ack })
    expect(taken()).toEqual(['ack 0+0 of 0'])
  })

  it('answers the end of the response again when it is over: its last answer was lost', () => {
    const { settings, comes, taken } = waiting()
    settings.connections = 0
    respond({ comes })
    taken()
    comes({ flags: Flag.ack | Flag.fin, sequence: 7300, acknowledged: 300 })
    expect(taken()).toEqual(['ack fin 300+0 of 7301'])
    // The server goes back to the first byte that is not acknowledged, with one segment that is not
    // the last.
    comes({ sequence: 2920, bytes: 1460, acknowledged: 300 })
    comes({ flags: Flag.ack | Flag.fin, sequence: 4380, bytes: 2920, acknowledged: 300 })
    expect(taken()).toEqual(['ack fin 300+0 of 4380', 'ack fin 300+0 of 7301'])
    comes({ acknowledged: 301 })
    expect(taken()).toEqual([])
  })

  it.each([
    [7299, true],
    [7300, false],
    [7301, true],
    [0, true],
  ])('with a response of %i bytes where 7,300 are right: failed is %s', (bytes, failed) => {
    const { clients, comes, ended } = waiting()
    respond({ comes }, 1, bytes)
    expect(ended.map((end) => end.failed)).toEqual([failed])
    expect([clients.completed, clients.failed]).toEqual(failed ? [0, 1] : [1, 0])
  })

  it('that is reset has failed, in each of its states', () => {
    const { clients, comes, until } = clientsOf()
    clients.start()
    until(1)
    comes({ remotePort: 1, flags: Flag.reset })
    comes({ remotePort: 2, flags: Flag.syn | Flag.ack })
    comes({ remotePort: 2, flags: Flag.reset })
    comes({ remotePort: 3, flags: Flag.syn | Flag.ack })
    comes({ remotePort: 3, bytes: 1460 })
    comes({ remotePort: 3, flags: Flag.reset })
    comes({ remotePort: 3, flags: Flag.reset })
    expect([clients.offered, clients.failed, clients.inFlight]).toEqual([4, 3, 1])
  })
})

describe('a client that hears nothing', () => {
  const steps = [0, 3, 9, 21, 45, 93, 189]

  it('repeats its SYN after 3, 6, 12, 24, 48 s and has failed 96 s later, with a reset', () => {
    const { clients, sent, settings, until, ended } = clientsOf()
    clients.start()
    until(1)
    settings.connections = 0
    until(300)
    const first = sent[0]!.at
    expect(sent.map(({ at }) => Math.round((at - first) * 1e6) / 1e6)).toEqual(steps)
    expect(sent.slice(0, 6).every(({ flags }) => flags === Flag.syn)).toBe(true)
    expect(sent[6]?.flags).toBe(Flag.reset | Flag.ack)
    expect([clients.failed, clients.inFlight]).toEqual([1, 0])
    expect(ended[0]?.seconds).toBeCloseTo(189, 6)
  })

  it('repeats its request in the same way, counted from the SYN-ACK', () => {
    const { clients, sent, settings, until } = waiting()
    settings.connections = 0
    until(300)
    expect(sent.map(({ at }) => at - 1)).toEqual(steps.slice(1))
    expect(sent.slice(0, 5).map(inWords)).toEqual(Array(5).fill('ack push 0+300 of 0'))
    expect(inWords(sent[5]!)).toBe('ack reset 300+0 of 0')
    expect(clients.failed).toBe(1)
  })

  it('says again what it has when the response breaks off', () => {
    const { sent, settings, comes, until, clients } = waiting()
    settings.connections = 0
    comes({ bytes: 1460 })
    until(50)
    expect(inWords(sent[0]!)).toBe('ack 300+0 of 1460')
    // Something new: the tries begin anew.
    comes({ sequence: 1460, bytes: 1460 })
    until(250)
    expect(clients.inFlight).toBe(1)
    until(500)
    expect([clients.inFlight, clients.failed]).toEqual([0, 1])
    expect(inWords(sent.at(-1)!)).toBe('ack reset 300+0 of 2920')
  })
})

describe('a slow reader', () => {
  it('acknowledges so much later, with what it has by then', () => {
    const { comes, sent, until } = waiting({ slowReaderNs: 40e6 })
    comes({ bytes: 1460 })
    comes({ sequence: 1460, bytes: 1460 })
    until(1.03)
    comes({ sequence: 2920, bytes: 1460 })
    until(1.0399)
    expect(sent).toEqual([])
    until(2)
    expect(sent.map(({ at }) => at)).toEqual([1.04])
    expect(inWords(sent[0]!)).toBe('ack 300+0 of 4380')
  })
})

describe('a server that is switched off', () => {
  it('fails what was under way, once, and nothing is sent any more', () => {
    const { clients, sent, until, ended, comes } = clientsOf({ connections: 7, rate: 50 })
    clients.start()
    until(2)
    const under = clients.inFlight
    clients.halt()
    expect([clients.inFlight, clients.failed, ended.length]).toEqual([0, under, under])
    sent.length = 0
    comes({ flags: Flag.syn | Flag.ack })
    comes({ flags: Flag.ack | Flag.fin, remotePort: 3 })
    clients.adjust()
    until(100)
    expect([sent.length, clients.failed]).toEqual([0, under])
  })
})
