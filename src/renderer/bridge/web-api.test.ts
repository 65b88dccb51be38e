import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Away } from '../../shared/api'
import { connectWeb } from './web-api'

/** A socket whose other end is the test. */
class Line extends EventTarget {
  binaryType = 'blob'
  readyState = 0
  readonly sent: unknown[] = []
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  opens(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }
  closes(): void {
    this.readyState = 3
    this.dispatchEvent(new Event('close'))
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('WebSocket', { OPEN: 1 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function page() {
  const lines: Line[] = []
  let why: Away = 'gone'
  const api = connectWeb(
    () => {
      const line = new Line()
      lines.push(line)
      return line as unknown as WebSocket
    },
    () => Promise.resolve(why),
  )
  const states: unknown[] = []
  api.onConnection((connected, away) => states.push(connected ? 'open' : (away ?? 'lost')))
  return { api, lines, states, setWhy: (now: Away) => (why = now), line: () => lines.at(-1)! }
}

it('finds a host that comes back at the same address, asking less and less often', async () => {
  const { lines, states, line } = page()
  line().opens()
  line().closes()
  const waits: number[] = []
  for (let attempt = 0; attempt < 8; attempt++) {
    const before = lines.length
    let waited = 0
    for (; lines.length === before; waited += 50) await vi.advanceTimersByTimeAsync(50)
    waits.push(waited)
    if (attempt < 7) line().closes()
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000])
  line().opens()
  await vi.advanceTimersByTimeAsync(0)
  expect(states).toEqual(['open', 'lost', ...Array<string>(7).fill('gone'), 'open'])
})

it('says when the host was started anew and does not know the page', async () => {
  const { states, setWhy, line } = page()
  line().opens()
  line().closes()
  await vi.advanceTimersByTimeAsync(250)
  line().closes()
  await vi.advanceTimersByTimeAsync(500)
  setWhy('started-anew')
  line().closes()
  await vi.advanceTimersByTimeAsync(0)
  expect(states).toEqual(['open', 'lost', 'gone', 'started-anew'])
})

it('says that it is hidden, also to a host that it finds again, and asks at once when it is seen', async () => {
  const { api, lines, line } = page()
  api.onFrame(() => undefined)
  line().opens()
  api.setHidden(true)
  expect(line().sent).toEqual([{ kind: 'watch' }, { kind: 'hidden', hidden: true }])
  line().closes()
  await vi.advanceTimersByTimeAsync(250)
  line().opens()
  expect(line().sent).toEqual([{ kind: 'watch' }, { kind: 'hidden', hidden: true }])
  line().closes()
  const before = lines.length
  api.setHidden(false)
  expect(lines.length).toBe(before + 1)
  line().opens()
  expect(line().sent).toEqual([{ kind: 'watch' }])
})
