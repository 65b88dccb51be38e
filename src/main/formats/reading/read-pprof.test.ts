import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { comparableIn } from '../read-profile'
import type { Comparable } from './comparable'
import { unpack } from './unpack'
import { pprofBytes, type MadeProfile } from './pprof-bytes.test-support'

function taken(bytes: Buffer, type?: string): Comparable {
  const found = comparableIn('p', bytes, type)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}
function refused(bytes: Buffer, type?: string): string {
  const found = comparableIn('p', bytes, type)
  if (found.ok) throw new Error('taken')
  expect(found.error.message).toMatch(/^p [^\n]+$/)
  return found.error.message
}
const read = (made: MadeProfile, type?: string): Comparable =>
  taken(gzipSync(pprofBytes(made)), type)
const own = ({ rows }: Comparable): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [row.procedure, row.own]))
const all = ({ rows }: Comparable): Record<string, number | undefined> =>
  Object.fromEntries(rows.map((row) => [row.procedure, row.withCallees]))

const a = { id: 1, names: ['a'] }
const b = { id: 2, names: ['b'] }
const two = { frames: [a, b] }

describe('a pprof file', () => {
  it('counts what each procedure spent itself, and with what it called', () => {
    const profile = read({
      ...two,
      samples: [
        [[2, 1], [30]],
        [[1], [10]],
      ],
    })
    expect(own(profile)).toEqual({ a: 10, b: 30 })
    expect(all(profile)).toEqual({ a: 40, b: 30 })
    expect(profile.total).toBe(40)
  })

  it('counts a procedure that calls itself once in what it spent with callees', () => {
    const profile = read({ ...two, samples: [[[1, 2, 1, 2, 1], [7]]] })
    expect(own(profile)).toEqual({ a: 7, b: 0 })
    expect(all(profile)).toEqual({ a: 7, b: 7 })
  })

  it('has signed values, and sums that are exact although values are beyond 2^53', () => {
    const large = 2n ** 62n
    const profile = read({
      ...two,
      samples: [
        [[1], [large]],
        [[1], [-large + 3n]],
        [[2], [-5]],
      ],
    })
    expect(own(profile)).toEqual({ a: 3, b: -5 })
    expect(profile.total).toBe(-2)
    expect(profile.notes.join()).toContain('negative value: 2 of 3')
  })

  it('has ids of 64 bits: addresses that differ in their last bits are not one', () => {
    const ids = [2n ** 53n, 2n ** 53n + 1n, 0xffff_ffff_8104_b000n, 0xffff_ffff_8104_b001n]
    const profile = read({
      frames: ids.map((id, at) => ({ id, names: [`f${at}`] })),
      samples: ids.map((id, at) => [[id], [at + 1]] as const),
    })
    expect(own(profile)).toEqual({ f0: 1, f1: 2, f2: 3, f3: 4 })
  })

  it('is read by its default type, else by the last one, or by the one that was asked for', () => {
    const types = [
      ['cpu', 'nanoseconds'],
      ['space', 'bytes'],
    ] as const
    const made = { ...two, types, samples: [[[1], [3, 500]] as const] }
    expect(read(made).quantity).toEqual({ type: 'space', unit: 'bytes' })
    expect(own(read({ ...made, defaultType: 'cpu' }))).toMatchObject({ a: 3 })
    expect(own(read({ ...made, defaultType: 'none of them' }))).toMatchObject({ a: 500 })
    expect(own(read(made, 'cpu'))).toMatchObject({ a: 3 })
    expect(own(read(made, 'cpu/nanoseconds'))).toMatchObject({ a: 3 })
    expect(refused(pprofBytes(made), 'wall')).toBe(
      'p has no type "wall"; it has cpu/nanoseconds, space/bytes',
    )
  })

  it('has addresses where there are no symbols, which do not depend on where it was loaded', () => {
    const loaded = (start: bigint): Comparable =>
      read({
        mappings: [{ id: 1, start, offset: 0x1000, file: '/opt/prog' }],
        frames: [{ id: 1, names: [], address: start + 0x2a3n, mapping: 1 }],
        samples: [[[1], [1]]],
      })
    const [one, other] = [loaded(0x40_0000n), loaded(0x5555_5555_4000n)]
    expect(one.rows[0]).toMatchObject({ procedure: '0x4002a3', image: '/opt/prog' })
    expect(one.rows[0]?.identity).toBe('+0x12a3')
    expect(other.rows[0]?.identity).toBe('+0x12a3')
    const bare = read({ frames: [{ id: 1, names: [], address: 0xabc }], samples: [[[1], [1]]] })
    expect(bare.rows[0]).toMatchObject({ procedure: '0xabc', identity: '0xabc', image: '' })
  })

  it('counts inlined procedures as calls, and a sample without a stack as such', () => {
    const profile = read({
      frames: [{ id: 1, names: ['inner', 'outer'] }],
      samples: [
        [[1], [5]],
        [[], [9]],
      ],
    })
    expect(own(profile)).toEqual({ inner: 5, outer: 0, '(no stack)': 9 })
    expect(all(profile)).toEqual({ inner: 5, outer: 5, '(no stack)': 9 })
  })

  it('keeps names apart whatever they are', () => {
    const names = ['toString', 'constructor', '__proto__', '\u001b[31m', 'a\nb', '名前', '']
    const profile = read({
      frames: names.map((name, at) => ({ id: at + 1, names: [name], address: 0x10 + at })),
      samples: names.map((_, at) => [[at + 1], [at + 1]] as const),
    })
    expect(profile.rows.map((row) => row.procedure)).toEqual([...names.slice(0, -1), '0x16'])
    expect(profile.rows.map((row) => row.own)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('says how long it was, how it was sampled, and of what run it is', () => {
    const { seconds, origin } = read({
      seconds: 2.5,
      period: 10_000_000,
      comments: ['soakscope 0.1.0', 'seed 7', 'simulated 5 s to 60 s', '4 CPUs at 450 MHz', 'x'],
    })
    expect(seconds).toBe(2.5)
    expect(Object.fromEntries(origin)).toEqual({
      version: '0.1.0',
      seed: '7',
      'warm-up': '5 s',
      length: '60 s',
      CPUs: '4 CPUs at 450 MHz',
      period: '10000000 nanoseconds of cpu',
    })
  })

  it('may be raw, have no samples, or be a hundred thousand frames deep', () => {
    expect(own(taken(pprofBytes({ ...two, samples: [[[1], [1]]] })))).toEqual({ a: 1, b: 0 })
    const none = read(two)
    expect([none.total, none.notes]).toEqual([0, ['it has no samples']])
    const deep = Array.from({ length: 100_000 }, (_, at) => 1 + (at % 2))
    expect(all(read({ ...two, samples: [[deep, [3]]] }))).toEqual({ a: 3, b: 3 })
  })
})

describe('a pprof file that is wrong', () => {
  const good = { ...two, samples: [[[1], [1]] as const] }

  it('is refused with what does not hold together', () => {
    expect(refused(pprofBytes({ ...two, samples: [[[77], [1]]] }))).toContain(
      'it names location 77, which is not in it',
    )
    expect(refused(pprofBytes({ ...two, samples: [[[1], [1, 2]]] }))).toContain(
      'a sample of it has 2 values, and not 1',
    )
    expect(refused(pprofBytes({ frames: [{ ...a, mapping: 9 }] }))).toContain(
      'it names mapping 9, which is not in it',
    )
    expect(refused(pprofBytes({ frames: [a, a] }))).toContain('twice; are several')
    const nameless = Buffer.concat([pprofBytes(good), Buffer.from('2200', 'hex')])
    expect(refused(nameless)).toContain('a location of it has no id')
    // A location (field 4) with id 5 and a line of function 999.
    const dangling = Buffer.concat([pprofBytes(good), Buffer.from('22070805220308e707', 'hex')])
    expect(refused(dangling)).toContain('it names function 999, which is not in it')
  })

  it('is refused when several are concatenated, as gzip or raw', () => {
    const one = gzipSync(pprofBytes(good))
    expect(refused(Buffer.concat([one, one]))).toContain('several gzip files concatenated')
    expect(refused(Buffer.concat([pprofBytes(good), pprofBytes(good)]))).toContain('concatenated')
  })

  it('is refused when it is cut off or damaged', () => {
    const packed = gzipSync(pprofBytes(good))
    expect(refused(packed.subarray(0, -12))).toContain('is cut off: its gzip data ends too early')
    const flipped = Buffer.from(packed)
    flipped[12] = (flipped[12] ?? 0) ^ 0xff
    expect(refused(flipped)).toMatch(/is damaged: its gzip data|is cut off/)
    expect(refused(gunzipSync(packed).subarray(0, -3))).toContain('cut off or damaged')
  })

  it('is refused when it is made to fill memory', () => {
    const bomb = unpack('p', gzipSync(Buffer.alloc(3_000_000)), 2 * 1024 * 1024)
    expect(bomb).toMatchObject({ error: { message: 'p unpacks to more than 2 MB' } })
    // Two million and one empty texts.
    const many = Buffer.alloc(2 * 2_000_001)
    for (let at = 0; at < many.length; at += 2) many[at] = 0x32
    const head = pprofBytes({ types: [['x', 'y']] })
    expect(refused(Buffer.concat([head, many]))).toContain('more than 2,000,000 entries')
  })
})
