import { describe, expect, it } from 'vitest'
import { createServer, instant, type Trace } from '../../../sim/index'
import { pictureOf } from './trace-picture'
import { readoutAt } from './trace-readout'

function traced(scenario: string, parameters: Record<string, number>, fromNs: number): Trace {
  const server = createServer({ scenario, seed: 3, parameters })
  if (typeof server === 'string') throw new Error(server)
  server.tracer.ask({ reason: 'time', atMostNs: 100e6, from: instant(fromNs) })
  server.advance(instant(fromNs + 200e6))
  if (!server.tracer.trace) throw new Error('no trace')
  return server.tracer.trace
}
const web = pictureOf(traced('web', { 'httpd.processes': 30, 'load.connections': 20 }, 1.7e9))
const { columns } = web.trace
const us = (cycles: number): number => cycles / web.trace.clockMHz

describe('what is read of a trace', () => {
  it('says of a CPU who ran, in which mode, under which lock, in which stack', () => {
    const record = web.locks[1].record.find((place) => columns.cycles[place]! > 400)!
    const middle = columns.at[record]! + columns.cycles[record]! / 2
    const words = readoutAt(web, columns.cpu[record], middle)
    expect(words).toMatch(/^\+[\d,.]+ µs · CPU \d: .*, under .*queue lock, .+ · \d+ runnable$/)
    expect(words).toContain(`CPU ${columns.cpu[record]}: `)
    const other = (columns.cpu[record]! + 1) % web.trace.cpus
    expect(readoutAt(web, other, middle)).not.toContain('queue lock')
  })

  it('knows an idle CPU, and one that was not traced at that instant', () => {
    const idle = web.cpus[0]!.stays.find(({ pid, to, from }) => pid < 0 && to - from > 1000)!
    const { from, mode } = web.cpus[0]!
    const at = from.findIndex((begins, place) => mode[place]! >= 4 && begins >= idle.from)
    expect(readoutAt(web, 0, from[at]! + 1)).toMatch(/CPU 0: idle, idle/)
    expect(readoutAt(web, 0, web.trace.ends[0]! + 1)).toContain('not traced here')
  })

  it('says who holds a lock and how long, and that nobody does', () => {
    const record = web.locks[1].record.find((place) => columns.third[place]! > 0)!
    const words = readoutAt(web, 'queue lock', columns.at[record]!)
    expect(words).toContain(`on CPU ${columns.cpu[record]} for`)
    expect(words).toContain(`after ${us(columns.third[record]!).toFixed(1)} µs of waiting`)
    expect(readoutAt(web, 'queue lock', web.locks[1].from[0]! - 1)).toContain('nobody holds it')
  })

  it('says the flags and the size of a frame', () => {
    const syn = web.packetsIn.record.find((place) => columns.second[place] === 1)!
    expect(readoutAt(web, 'frames in', columns.at[syn]!)).toContain('frame in: SYN ·')
    const full = web.packetsOut.record.find((place) => columns.third[place] === 1460)!
    expect(readoutAt(web, 'frames out', columns.at[full]!)).toContain('1,460 bytes of data')
  })

  it('says what the drive does', () => {
    const sdet = pictureOf(traced('sdet', { 'sdet.scripts': 8 }, 0.5e9))
    const { record, from } = sdet.disk
    expect(record.length).toBeGreaterThan(0)
    expect(readoutAt(sdet, 'disk', from[0]!)).toMatch(
      /disk: (writes|reads) [\d,]+ sectors? at [\d,]+, [\d.]+ ms ·/,
    )
    expect(readoutAt(sdet, 'disk', from[0]! - 1)).toContain('at rest')
  })
})
