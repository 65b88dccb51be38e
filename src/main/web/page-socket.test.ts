import { Unpackr } from 'msgpackr'
import { describe, expect, it } from 'vitest'
import type { HostMessage } from '../../shared/ipc-contract'
import { servedWeb } from '../web.test-support'

const decoder = new Unpackr({ useRecords: false, moreTypes: true })
const { port, own, connect } = servedWeb()

describe('the socket', () => {
  it('is opened to the page of this server', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    client.close()
  })

  it('is refused to another Origin, without Origin, without cookie, under another Host, elsewhere', async () => {
    const right = await own()
    expect(await connect({ ...right, origin: 'http://evil.example' })).toBe(403)
    expect(await connect({ ...right, origin: `http://localhost:${port()}` })).toBe(403)
    expect(await connect({ ...right, origin: 'null' })).toBe(403)
    expect(await connect({ cookie: right['cookie'] ?? '' })).toBe(403)
    expect(await connect({ origin: right['origin'] ?? '' })).toBe(401)
    expect(await connect({ ...right, host: 'evil.example', origin: 'http://evil.example' })).toBe(
      403,
    )
    expect(await connect(right, '/other')).toBe(404)
  })

  it('answers rubbish in one line and goes on; who sends nothing else is cut off', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    const said: HostMessage[] = []
    client.on('message', (bytes: Buffer) => said.push(decoder.unpack(bytes) as HostMessage))
    const closed = new Promise<number>((resolve) => client.on('close', resolve))
    for (const rubbish of ['{', '[]', '"x"', '{"kind":"call","id":1,"call":"eval","args":[]}']) {
      client.send(rubbish)
    }
    client.send(Buffer.from([1, 2, 3]))
    client.send('{"kind":"call","id":7,"call":"status","args":[]}')
    await expect.poll(() => said.length).toBe(6)
    expect(said.slice(0, 5).map((message) => message.kind)).toEqual(Array(5).fill('refused'))
    for (const message of said) {
      if (message.kind === 'refused') expect(message.error.message).not.toContain('\n')
    }
    expect(said[5]).toMatchObject({ kind: 'answer', id: 7, result: { error: { code: 'no-run' } } })
    for (let count = 0; count < 20; count++) client.send('rubbish')
    expect(await closed).toBe(1008)
  })

  it('is cut off by a message that is too large', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    const closed = new Promise<number>((resolve) => client.on('close', resolve))
    client.send(JSON.stringify({ kind: 'watch', padding: 'x'.repeat(1_000_000) }))
    expect(await closed).toBe(1009)
  })

  it('answers no more than so many calls a second', async () => {
    const client = await connect(await own())
    if (typeof client === 'number') throw new Error(`refused with ${client}`)
    const refusals = new Set<string>()
    let answers = 0
    client.on('message', (bytes: Buffer) => {
      const message = decoder.unpack(bytes) as HostMessage
      if (message.kind !== 'answer') return
      answers++
      if (!message.result.ok) refusals.add(message.result.error.message)
    })
    for (let id = 0; id < 1000; id++) {
      client.send(JSON.stringify({ kind: 'call', id, call: 'status', args: [] }))
    }
    await expect.poll(() => answers).toBe(1000)
    expect([...refusals]).toContain('a page may ask 100 times a second')
    client.close()
  })
})
