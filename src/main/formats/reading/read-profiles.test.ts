import { describe, expect, it } from 'vitest'
import { comparableIn } from '../read-profile'
import type { Comparable } from './comparable'

function taken(given: string | object, type?: string): Comparable {
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  const found = comparableIn('f', Buffer.from(text), type)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}
function refused(given: string | object, type?: string): string {
  const text = typeof given === 'string' ? given : JSON.stringify(given)
  const found = comparableIn('f', Buffer.from(text), type)
  if (found.ok) throw new Error('taken')
  expect(found.error.message).toMatch(/^f [^\n]+$/)
  return found.error.message
}
const shown = ({ rows }: Comparable): unknown[] =>
  rows.map(({ image, procedure, own, withCallees }) => [image, procedure, own, withCallees])

const frames = [{ name: 'main', file: 'main.c' }, { name: 'work' }, { name: 'unused' }]
const speedscope = (...profiles: readonly object[]): object => ({
  $schema: 'https://www.speedscope.app/file-format-schema.json',
  shared: { frames },
  profiles: profiles.map((one) => ({
    name: 'a',
    unit: 'none',
    startValue: 0,
    endValue: 9,
    ...one,
  })),
})
const evented = (...events: readonly (readonly [string, number, number])[]): object => ({
  type: 'evented',
  events: events.map(([type, frame, at]) => ({ type, frame, at })),
})

describe('speedscope', () => {
  it('has samples, whose innermost frame spends; a frame that is there twice counts once', () => {
    const file = speedscope({
      type: 'sampled',
      samples: [[0, 1], [0, 1, 0], [], [1]],
      weights: [3, 2, 1, 0.5],
    })
    const found = taken(file)
    expect(shown(found)).toEqual([
      ['', 'main', 2, 5],
      ['', 'work', 3.5, 5.5],
      ['', '(no stack)', 1, 1],
    ])
    expect(found).toMatchObject({ total: 6.5, quantity: { type: 'samples', unit: 'count' } })
  })

  it('has events, of which a frame has the time from its outermost open to its close', () => {
    const file = speedscope({
      ...evented(
        ...([
          ['O', 0, 1],
          ['O', 1, 2],
          ['O', 0, 3],
          ['C', 0, 5],
          ['C', 1, 6],
          ['C', 0, 10],
        ] as const),
      ),
      unit: 'milliseconds',
    })
    const found = taken(file)
    expect(shown(found)).toEqual([
      ['', 'main', 7e6, 9e6],
      ['', 'work', 2e6, 4e6],
    ])
    expect(found).toMatchObject({ total: 9e6, quantity: { type: 'time', unit: 'nanoseconds' } })
  })

  it('is added up over its profiles of a unit, and others are asked for by type', () => {
    const one = { type: 'sampled', samples: [[0]] }
    const file = speedscope(
      ...[
        { ...one, unit: 'seconds', weights: [1] },
        { ...one, unit: 'microseconds', weights: [5] },
      ],
      { ...one, unit: 'bytes', weights: [70] },
    )
    expect(taken(file)).toMatchObject({
      total: 1_000_005_000,
      notes: ['2 profiles of it are added up'],
    })
    expect(taken(file, 'space').total).toBe(70)
    expect(refused(file, 'cycles')).toContain('it has time/nanoseconds, space/bytes')
  })

  it('may have no profile, or fifty thousand frames on one another', () => {
    expect(taken(speedscope()).notes).toEqual(['it has no profiles'])
    const deep = Array.from({ length: 50_000 }, (_, at) => ['O', at % 2, at] as const)
    const back = deep.map(([, frame], at) => ['C', frame, 50_000 + at] as const)
    const found = taken(
      speedscope(
        evented(...deep, ...back.map(([, , at], i) => ['C', deep[49_999 - i]![1], at] as const)),
      ),
    )
    expect(found.total).toBe(99_999)
    expect(found.rows.map(({ withCallees }) => withCallees)).toEqual([99_999, 99_997])
  })

  it('is refused where it does not hold together, by what is wrong', () => {
    const sampled = (samples: unknown, weights: unknown): object =>
      speedscope({ type: 'sampled', samples, weights })
    expect(refused(sampled([[0]], [1, 2]))).toContain('has 1 samples and 2 weights')
    expect(refused(sampled([[3]], [1]))).toContain('names a frame that it does not have')
    expect(refused(sampled([['0']], [1]))).toContain('names a frame that it does not have')
    expect(refused(sampled([0], [1]))).toContain('sample 0 of it is no list of frames')
    expect(refused(sampled([[0]], ['1']))).toContain('weight 0 of it is no number')
    expect(refused(sampled([[0]], [1e300]))).toContain('weight 0 of it is no number')
    expect(refused(sampled(7, [1]))).toContain('profiles.0.samples of it is missing or wrong')
    expect(refused(speedscope(evented(['O', 0, 5], ['C', 0, 4])))).toContain(
      'event 1 of it goes back',
    )
    expect(refused(speedscope(evented(['O', 0, 5], ['C', 1, 6])))).toContain('not the innermost')
    expect(refused(speedscope(evented(['C', 1, 6])))).toContain('not the innermost')
    expect(refused(speedscope(evented(['O', 0, 5])))).toContain('1 frames of it are never closed')
    expect(refused(speedscope(evented(['X', 0, 5])))).toContain('neither opens nor closes')
  })
})

/** Figure 1 of the paper on DCPI, SOSP '97, cut short. */
const published = `Total samples for event type cycles = 6095201, imiss = 1117002
The counts given below are the number of samples for each
listed event type.
=========================================================
cycles       %    cum%    imiss      % procedure                image
2064143 33.87%  33.87%    43443  3.89% ffb8ZeroPolyArc          /usr/shlib/X11/lib_dec_ffb_ev5.so
 517464  8.49%  42.35%    86621  7.75% ReadRequestFromClient    /usr/shlib/X11/libos.so
 305072  5.01%  47.36%    18108  1.62% miCreateETandAET         /usr/shlib/X11/libmi.so
`

describe('what dcpiprof prints', () => {
  it('is read as it was published, with what its rows leave out', () => {
    const found = taken(published)
    expect(found.rows[0]).toMatchObject({
      image: '/usr/shlib/X11/lib_dec_ffb_ev5.so',
      procedure: 'ffb8ZeroPolyArc',
      own: 2_064_143,
    })
    expect(found.rows.at(-1)).toMatchObject({ procedure: '(not listed)', own: 3_208_522 })
    expect(found.total).toBe(6_095_201)
    expect(found.quantity).toEqual({ type: 'samples', unit: 'count' })
    expect(found.notes).toEqual(['of its total 3208522 are in no row; they stand as (not listed)'])
    const misses = taken(published, 'imiss')
    expect(misses.rows[1]).toMatchObject({ procedure: 'ReadRequestFromClient', own: 86_621 })
    expect(misses.total).toBe(1_117_002)
    expect(refused(published, 'dmiss')).toContain('it has samples/count, imiss/count')
  })

  it('may have lines that are no rows, which are counted', () => {
    const odd = `${published}\nand so on\n`
    expect(taken(odd).notes[0]).toBe('1 of its lines are no rows of the table, and are left out')
    const less = published.replace('6095201', '10')
    expect(taken(less).notes).toEqual([
      'its rows add up to 2886669 more than the total that it names',
    ])
    expect(refused(published.slice(0, 150))).toContain('has no line of headings; is it cut off?')
  })
})

describe('a trace', () => {
  it('of another program is refused in one line', () => {
    const foreign = { traceEvents: [{ ph: 'X', name: 'a', pid: 1, tid: 1, ts: 0, dur: 3 }] }
    expect(refused(foreign)).toContain('a trace for Chrome of another program')
    expect(refused(foreign.traceEvents)).toContain('only one that Soakscope saved')
  })
})
