import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../sim/engine/random'
import { createServer, instant } from '../../../sim/index'
import type { ProfileSnapshot } from '../../../sim/observe/profile'
import { profileOfStretch } from './stretch-profile'
import { pictureOf } from './trace-picture'

const parameters = { 'httpd.processes': 30, 'load.connections': 20 }
const server = createServer({ scenario: 'web', seed: 3, parameters })
if (typeof server === 'string') throw new Error(server)
const [begin, end] = [1.7e9, 1.8e9]
server.tracer.ask({ reason: 'time', atMostNs: end - begin, from: instant(begin) })
server.advance(instant(begin))
const before = byProcedure(server.profile())
server.advance(instant(end))
const after = byProcedure(server.profile())
const { trace } = server.tracer
if (!trace) throw new Error('no trace')
const picture = pictureOf(trace)

function byProcedure({ frames, stacks }: ProfileSnapshot): Map<string, number> {
  const found = new Map<string, number>()
  for (const stack of stacks) {
    const { image = '', procedure = '' } = frames[stack.frames.at(-1) ?? -1] ?? {}
    const key = `${image} ${procedure}`
    found.set(key, (found.get(key) ?? 0) + stack.cycles.reduce((sum, cycles) => sum + cycles, 0))
  }
  return found
}
const asMap = ({ rows }: ReturnType<typeof profileOfStretch>): Map<string, number> =>
  new Map(rows.map(({ image, procedure, cycles }) => [`${image} ${procedure}`, cycles]))

describe('the profile of a stretch of a trace', () => {
  it('is, of all of the trace, that of the run in its window, to the cycle', () => {
    const whole = profileOfStretch(picture, picture)
    const of = asMap(whole)
    expect(of.size).toBeGreaterThan(20)
    for (const [name, cycles] of after) {
      expect(of.get(name) ?? 0, name).toBe(cycles - (before.get(name) ?? 0))
    }
    const ran = trace.begins.reduce((sum, from, cpu) => sum + trace.ends[cpu]! - from, 0)
    expect(whole.cycles).toBe(ran)
  })

  it('of parts adds up to that of the whole, wherever they are cut', () => {
    const random = new RandomStream(7, 'cuts')
    const length = picture.to - picture.from
    for (let times = 0; times < 20; times++) {
      const cut = Math.floor(picture.from + random.uniform() * length)
      const [first, second] = [
        profileOfStretch(picture, { from: picture.from, to: cut }),
        profileOfStretch(picture, { from: cut, to: picture.to }),
      ]
      const [a, b] = [asMap(first), asMap(second)]
      for (const [name, cycles] of asMap(profileOfStretch(picture, picture))) {
        expect((a.get(name) ?? 0) + (b.get(name) ?? 0), name).toBe(cycles)
      }
    }
  })

  it('of a microsecond has that of each CPU in it', () => {
    const at = Math.floor((picture.from + picture.to) / 2)
    const { cycles, rows } = profileOfStretch(picture, { from: at, to: at + trace.clockMHz })
    expect(cycles).toBe(trace.clockMHz * trace.cpus)
    expect(rows.reduce((sum, row) => sum + row.cycles, 0)).toBe(cycles)
  })
})
