import { describe, expect, it } from 'vitest'
import { comparableIn } from '../formats/read-profile'
import type { Comparable } from '../formats/reading/comparable'
import { pprofBytes, type MadeProfile } from '../formats/reading/pprof-bytes.test-support'
import { compareRuns, type Comparison } from './comparison'
import { comparisonText } from './comparison-text'
import { printableJson } from './printable'

function read(bytes: Buffer | string, type?: string, path = 'f'): Comparable {
  const found = comparableIn(path, Buffer.from(bytes), type)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}
const pprof = (made: MadeProfile, type?: string): Comparable => read(pprofBytes(made), type)
function compared(a: Comparable, b: Comparable): Comparison {
  const found = compareRuns(a, b)
  if (!found.ok) throw new Error(found.error.message)
  // What stands on a terminal and in JSON is checked for every comparison of this file.
  expect(comparisonText(found.value)).not.toMatch(/NaN|Infinity|null|undefined/)
  expect(printableJson(found.value)).not.toMatch(/NaN|Infinity|null/)
  return found.value
}
const row = (comparison: Comparison, procedure: string) =>
  comparison.profile.find((each) => each.procedure === procedure)

const report = {
  scenario: 'sdet',
  version: '0.1.0',
  seed: 1,
  simulatedSeconds: 60,
  digest: 'd1',
  parameters: { machine: 'poweredge-6300', 'sdet.scripts': 16 },
  actions: [],
  warmupSeconds: 0,
  vmstat: { r: 1, us: 70 },
  work: { rounds: [{ perHour: 4000 }] },
  profile: [{ image: 'vmlinux', procedure: 'schedule', cycles: 30 }],
}
const reported = (changes: object): Comparable => read(JSON.stringify({ ...report, ...changes }))

describe('two profiles', () => {
  it('are listed by what changed, with what only one of them has', () => {
    const found = compared(
      read('base_only 50\nboth1 25\nboth2 25\n'),
      read('both1 25\nboth2 50\nnew;changed_only 125\n'),
    )
    expect(found.profile.map((each) => [each.procedure, each.change, each.only])).toEqual([
      ['changed_only', 125, 'b'],
      ['base_only', -50, 'a'],
      ['both1', 0, undefined],
      ['both2', 25, undefined],
      ['new', 0, 'b'],
    ])
    expect(row(found, 'new')).toMatchObject({ withCalleesA: 0, withCalleesB: 0.625 })
    const text = comparisonText(found)
    expect(text).toMatch(/0\.00 +62\.50 +\+62\.50 .* changed_only +only in B$/m)
    expect(text).toContain('5 procedures, 1 only in A, 2 only in B')
    expect(comparisonText(compared(read('x 1\n'), read('x 1\n')))).toContain(
      'f\n  collapsed stacks: 1\n',
    )
  })

  it('are the same in whatever folder the program was built, and wherever it was loaded', () => {
    const build = (folder: string, start: bigint): Comparable =>
      pprof({
        mappings: [{ id: 1, start, file: `${folder}/exe/main` }],
        frames: [
          { id: 1, names: ['work'], mapping: 1 },
          { id: 2, names: [], address: start + 0x44n, mapping: 1 },
        ],
        samples: [
          [[1], [80]],
          [[2], [20]],
        ],
      })
    const found = compared(build('/tmp/a', 0x1000n), build('/tmp/b', 0x7f00_0000_0000n))
    expect(found.profile.map((each) => [each.procedure, each.image, each.change])).toEqual([
      ['work', 'main', 0],
      ['+0x44', 'main', 0],
    ])
    const same = compared(build('/tmp/a', 0x1000n), build('/tmp/a', 0x1000n))
    expect(same.profile.map(({ procedure }) => procedure)).toEqual(['work', '0x1044'])
  })

  it('go by names alone where one of them knows no images', () => {
    const found = compared(
      pprof({
        mappings: [{ id: 1, file: 'vmlinux' }],
        frames: [{ id: 1, names: ['schedule'], mapping: 1 }],
        samples: [[[1], [3]]],
      }),
      read('main;schedule 3\n'),
    )
    expect(row(found, 'schedule')).toMatchObject({ ownA: 3, ownB: 3 })
    expect(found.sides.b.notes).toEqual(['it does not name what it counts; taken for cycles/count'])
  })

  it('that were sampled at other periods have equal shares and rates, with their times beside', () => {
    const sampled = (samples: number, seconds: number, period: number): Comparable =>
      pprof({
        types: [
          ['samples', 'count'],
          ['cpu', 'nanoseconds'],
        ],
        frames: [{ id: 1, names: ['f'] }],
        seconds,
        period,
        samples: [[[1], [samples, samples * period]]],
      })
    const found = compared(sampled(100, 2, 10_000_000), sampled(2000, 4, 1_000_000))
    expect(row(found, 'f')).toMatchObject({ shareA: 1, shareB: 1, difference: 0 })
    expect(row(found, 'f')).toMatchObject({
      perSecondA: 5e8,
      perSecondB: 5e8,
      ownA: 1e9,
      ownB: 2e9,
    })
    const text = comparisonText(found)
    expect(text).toMatch(/^A and B differ: period 10000000 nanoseconds of cpu and 1000000 /)
    expect(text).toContain('1,000,000,000 nanoseconds of cpu in 2 s, 500,000,000 a second')
    expect(text).toContain('2,000,000,000 nanoseconds of cpu in 4 s, 500,000,000 a second')
  })

  it('that count other things are refused, and the types that both have are named', () => {
    const cpu = { frames: [{ id: 1, names: ['f'] }], samples: [[[1], [1, 2]] as const] }
    const time = pprof({
      ...cpu,
      types: [
        ['n', 'count'],
        ['cpu', 'nanoseconds'],
      ],
    })
    const heap = pprof({
      ...cpu,
      types: [
        ['n', 'count'],
        ['space', 'bytes'],
      ],
    })
    expect(compareRuns(time, heap)).toMatchObject({
      error: {
        message:
          'A counts cpu/nanoseconds and B space/bytes, which cannot be compared; choose with --type n/count',
      },
    })
    const other = pprof({
      ...cpu,
      types: [
        ['m', 'count'],
        ['space', 'bytes'],
      ],
    })
    expect(JSON.stringify(compareRuns(time, other))).toContain(
      'nothing is in both: A has n/count, cpu/nanoseconds; B has m/count, space/bytes',
    )
  })

  it('do not depend on the order of the sample types when the default one is named', () => {
    const made = (first: 'cpu' | 'space'): Comparable =>
      pprof({
        types:
          first === 'cpu'
            ? [
                ['cpu', 'ns'],
                ['space', 'b'],
              ]
            : [
                ['space', 'b'],
                ['cpu', 'ns'],
              ],
        defaultType: 'cpu',
        frames: [
          { id: 1, names: ['f'] },
          { id: 2, names: ['g'] },
        ],
        samples: [
          [[1], first === 'cpu' ? [90, 1] : [1, 90]],
          [[2], first === 'cpu' ? [10, 99] : [99, 10]],
        ],
      })
    expect(compared(made('cpu'), made('space')).profile.map((each) => each.difference)).toEqual([
      0, 0,
    ])
  })

  it('whose total is zero or negative have a dash and a word, and are sorted by amounts', () => {
    const of = (...values: number[]): Comparable =>
      pprof({
        frames: values.map((_, at) => ({ id: at + 1, names: [`f${at}`] })),
        samples: values.map((value, at) => [[at + 1], [value]] as const),
      })
    const negative = compared(of(-300, 100), of(-300, 150))
    expect(negative.profile[0]).toEqual({
      image: '',
      procedure: 'f1',
      ownA: 100,
      ownB: 150,
      change: 50,
    })
    const text = comparisonText(negative)
    expect(text).toContain('its total is negative: a difference of profiles, which has no shares')
    expect(text).toMatch(/^ +– +– +– +-300 +-300 +0 +f0$/m)
    const zero = comparisonText(compared(of(0, 0), of(1, 3)))
    expect(zero).toContain('everything in it adds up to 0, so it has no shares')
    expect(comparisonText(compared(of(), of()))).toContain('it has no samples')
  })

  it('put nothing from names or paths raw on the terminal, or on lines of their own', () => {
    const names = ['\u001b[2J', 'a\tb', 'a\nb', '\u202egnp.exe', 'x'.repeat(10_000), '名前']
    const made = pprof({
      types: [['ty\u001bpe', 'un\nit']],
      comments: ['seed \u001b[2J'],
      frames: names.map((name, at) => ({ id: at + 1, names: [name] })),
      samples: names.map((_, at) => [[at + 1], [at + 1]] as const),
    })
    const b = { ...made, path: 'b\n\u001b]0;x\u0007', origin: new Map([['seed', '\u202e2']]) }
    const text = comparisonText(compared(made, b))
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(text.split('\n').length).toBe(18)
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(300)
  })
})

describe('two runs', () => {
  it('say on top what differs between them, and that one run each is no proof', () => {
    const other = {
      scenario: 'web',
      seed: 2,
      simulatedSeconds: 30,
      version: '0.2.0',
      digest: 'd2',
      parameters: { machine: 'pentium-pro-2way', 'sdet.scripts': 16 },
    }
    const found = compared(reported({}), reported(other))
    expect(found.differs).toEqual({
      scenario: { a: 'sdet', b: 'web' },
      version: { a: '0.1.0', b: '0.2.0' },
      machine: { a: 'poweredge-6300', b: 'pentium-pro-2way' },
      seed: { a: '1', b: '2' },
      length: { a: '60 s', b: '30 s' },
    })
    expect(comparisonText(found).split('\n')[0]).toBe(
      'A and B differ: scenario sdet and web; version 0.1.0 and 0.2.0; machine poweredge-6300 and ' +
        'pentium-pro-2way; seed 1 and 2; length 60 s and 30 s. One run of each is no proof of a ' +
        'difference: repeat both with several seeds.',
    )
    const [first] = comparisonText(compared(reported({}), reported({ digest: 'd3' }))).split('\n')
    expect(first).toMatch(
      /^Nothing that both say of their runs differs. One run of each is no proof/,
    )
    const same = comparisonText(compared(reported({}), reported({})))
    expect(same).toMatch(/^A and B are of the same run.\n/)
    expect(comparisonText(compared(read('a 1\n'), reported({})))).toMatch(/^What run they are of/)
  })

  it('keep the columns that only one side has, with a dash for the other', () => {
    const found = compared(
      reported({ vmstat: { r: 1, us: 70 } }),
      reported({ vmstat: { us: 60, wa: 5 } }),
    )
    expect(found.vmstat).toEqual({ r: { a: 1 }, us: { a: 70, b: 60 }, wa: { b: 5 } })
    const text = comparisonText(found)
    expect(text).toMatch(/^A +1 +70 +–$/m)
    expect(text).toMatch(/^B +– +60 +5$/m)
    expect(text).toContain('– A has no wa\n– B has no r\n')
    const onlyA = comparisonText(compared(reported({}), read('schedule 3\n')))
    expect(onlyA).toContain('– B has no means of vmstat\n')
  })

  it('have a dash and a word where a ratio has no value', () => {
    const rounds = (...perHour: number[]) => ({
      work: { rounds: perHour.map((value) => ({ perHour: value })) },
    })
    const line = (a: object, b: object): string | undefined =>
      /per hour.*/.exec(comparisonText(compared(reported(a), reported(b))))?.[0]
    expect(line(rounds(4000), rounds(2000, 1000))).toMatch(/A 4,000, B 1,500 \(37\.5 % of A\)$/)
    expect(line(rounds(0), rounds(9))).toMatch(/A 0, B 9 \(– % of A: A did nothing\)$/)
    expect(line(rounds(), rounds(9))).toMatch(/A –, B 9 \(– % of A: A has no rounds\)$/)
    expect(line(rounds(9), rounds())).toMatch(/A 9, B – \(– % of A: B has no rounds\)$/)
    expect(line(rounds(), rounds())).toBeUndefined()
  })
})
