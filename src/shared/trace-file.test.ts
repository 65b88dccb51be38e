import { describe, expect, it } from 'vitest'
import { createServer, type Trace } from '../sim/index'
import { instant } from '../sim/units/time'
import { decodeTrace, encodeTrace } from './trace-file'

function traced(): Trace {
  const parameters = { 'sdet.scripts': 3, 'sdet.demand': 0.1, 'machine.memoryMB': 64 }
  const server = createServer({ scenario: 'sdet', seed: 5, parameters })
  if (typeof server === 'string') throw new Error(server)
  server.tracer.ask({ reason: 'time', atMostNs: 20e6, from: instant(30e6) })
  server.advance(instant(60e6))
  if (!server.tracer.trace) throw new Error('no trace')
  return server.tracer.trace
}
const origin = { version: '1', scenario: 'sdet — “x”', seed: 5 }

describe('a trace file', () => {
  it('is read as what was written', () => {
    const trace = traced()
    expect(trace.columns.count).toBeGreaterThan(80)
    const read = decodeTrace(encodeTrace({ origin, trace }))
    expect(read).toEqual({ ok: true, value: { origin, trace } })
  })

  it('is refused where it is cut off, and where it points nowhere', () => {
    const trace = traced()
    const file = encodeTrace({ origin, trace })
    const refused = (bytes: Uint8Array): string => {
      const read = decodeTrace(bytes)
      return read.ok ? 'read' : read.error.message
    }
    expect(refused(file.subarray(0, file.length - 1))).toMatch(/bytes of records where \d+ belong/)
    expect(refused(file.subarray(0, 100))).toMatch(/first line does not end/)
    expect(refused(Uint8Array.of(123, 10))).toMatch(/not JSON/)
    expect(refused(new TextEncoder().encode('{}\n'))).toMatch(/soakscope/)
    const cpu = trace.columns.cpu.slice()
    cpu[7] = 9
    const astray = { ...trace, columns: { ...trace.columns, cpu } }
    expect(refused(encodeTrace({ origin, trace: astray }))).toMatch(/record 7 is none/)
    const parents = trace.parents.slice()
    parents[3] = 3
    const circle = { ...trace, parents }
    expect(refused(encodeTrace({ origin, trace: circle }))).toMatch(/node 3 .* points nowhere/)
  })
})
