import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ApiCalls } from '../../shared/api'
import { apiCalls, channelOf, frameChannels } from '../../shared/ipc-contract'
import { failure } from '../../shared/result'
import { RunSupervisor } from '../runs/supervisor'
import { fileInFolder } from './app-scheme'
import { openBridge, type BridgeOptions } from './bridge'
import { TrustedSenders, type SenderEvent } from './senders'

describe('the app scheme', () => {
  const file = (address: string): string | undefined => fileInFolder('/app/out/renderer', address)

  it('serves files of the page', () => {
    expect(file('app://soakscope/index.html')).toBe('/app/out/renderer/index.html')
    expect(file('app://soakscope/assets/a%20b.js?x#y')).toBe('/app/out/renderer/assets/a b.js')
  })

  it('serves nothing outside the folder, whatever the address', () => {
    for (const address of [
      'app://soakscope/..%2f..%2fpackage.json',
      'app://soakscope/%00',
      'app://soakscope/%zz',
      'app://other/index.html',
      'file:///app/out/renderer/index.html',
      'http://soakscope/index.html',
      'app:index.html',
      '',
    ]) {
      expect([address, file(address)]).toEqual([address, undefined])
    }
    // Dots that the address itself may have are gone before its path is looked at.
    expect(file('app://soakscope/../renderer-other/x')).toBe('/app/out/renderer/renderer-other/x')
    expect(file('app://soakscope/%2e%2e/%2e%2e/package.json')).toBe(
      '/app/out/renderer/package.json',
    )
  })
})

const top = { origin: 'app://soakscope' }
const sender = { id: 3, mainFrame: top }
const right: SenderEvent = { sender, senderFrame: top }

describe('a sender', () => {
  const senders = new TrustedSenders()
  senders.add(3)

  it('is trusted when it is the top frame of our page in our window', () => {
    expect(senders.objection(right)).toBeUndefined()
  })
  it('is not trusted from another window, a frame within, another origin, or a frame that is gone', () => {
    expect(senders.objection({ ...right, sender: { ...sender, id: 4 } })).toContain('not a window')
    expect(senders.objection({ sender, senderFrame: { origin: 'app://soakscope' } })).toBe(
      'not the top frame',
    )
    expect(senders.objection({ sender, senderFrame: null })).toBe('not the top frame')
    for (const origin of ['https://evil.example', 'app://evil', 'null', 'app://soakscope.evil']) {
      const frame = { origin }
      expect(senders.objection({ sender: { id: 3, mainFrame: frame }, senderFrame: frame })).toBe(
        `not the page of Soakscope but ${origin}`,
      )
    }
  })
  it('is not trusted any more when its window is closed', () => {
    const closing = new TrustedSenders()
    closing.add(3)
    closing.remove(3)
    expect(closing.objection(right)).toContain('not a window')
  })
})

/** The part of ipcMain that the bridge uses. */
class Channels extends EventEmitter {
  readonly handlers = new Map<string, (event: SenderEvent, ...args: unknown[]) => unknown>()
  handle(channel: string, handler: (event: SenderEvent, ...args: unknown[]) => unknown): void {
    this.handlers.set(channel, handler)
  }
}

describe('the bridge', () => {
  function bridge() {
    const ipc = new Channels()
    const senders = new TrustedSenders()
    senders.add(3)
    const errors: string[] = []
    const asked: unknown[][] = []
    const api = Object.fromEntries(
      apiCalls.map((call) => [
        call,
        (...args: unknown[]) => {
          asked.push([call, ...args])
          return Promise.resolve(failure('no-run', 'there is no run'))
        },
      ]),
    ) as unknown as ApiCalls
    openBridge({
      ipc: ipc as unknown as BridgeOptions['ipc'],
      senders,
      supervisor: new RunSupervisor({ workerPath: 'unused' }),
      apiFor: () => api,
      reportError: (error) => errors.push(String(error)),
    })
    return { ipc, errors, asked }
  }

  it('has a handler for every call, and hands on what is right', async () => {
    const { ipc, asked } = bridge()
    expect([...ipc.handlers.keys()]).toEqual(apiCalls.map(channelOf))
    await ipc.handlers.get(channelOf('pace'))?.(right, 10)
    expect(asked).toEqual([['pace', 10]])
  })

  it('parses arguments before anything hears of them', async () => {
    const { ipc, asked } = bridge()
    const answer = await ipc.handlers.get(channelOf('pace'))?.(right, 'warp')
    expect(answer).toMatchObject({ ok: false, error: { code: 'bad-argument' } })
    expect(asked).toEqual([])
  })

  it('rejects a call from the wrong sender, and says so in the log', async () => {
    const { ipc, errors, asked } = bridge()
    const wrong = { ...right, senderFrame: null }
    for (const call of apiCalls) {
      await expect(ipc.handlers.get(channelOf(call))?.(wrong)).rejects.toThrow('refused')
    }
    expect(asked).toEqual([])
    expect(errors[0]).toBe('Error: refused soakscope:catalogue: not the top frame')
    // The log is not theirs to fill.
    for (let times = 0; times < 1000; times++) ipc.emit(frameChannels.watch, wrong)
    expect(errors.length).toBeLessThan(100)
  })

  it('gives no frames to the wrong sender', () => {
    const { ipc, errors } = bridge()
    ipc.emit(frameChannels.watch, { ...right, senderFrame: null })
    expect(errors).toEqual(['Error: refused soakscope:frames-watch: not the top frame'])
  })
})
