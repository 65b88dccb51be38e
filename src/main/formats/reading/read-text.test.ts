import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { comparableIn } from '../read-profile'
import type { Comparable } from './comparable'

const bytesOf = (given: string | Buffer): Buffer =>
  typeof given === 'string' ? Buffer.from(given) : given
function taken(given: string | Buffer, type?: string): Comparable {
  const found = comparableIn('f', bytesOf(given), type)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}
function refused(given: string | Buffer, type?: string): string {
  const found = comparableIn('f', bytesOf(given), type)
  if (found.ok) throw new Error('taken')
  expect(found.error.message).toMatch(/^f [^\n]+$/)
  return found.error.message
}
const own = ({ rows }: Comparable): Record<string, number> =>
  Object.fromEntries(rows.map((row) => [row.procedure, row.own]))
const utf16 = (text: string, order: 'le' | 'be', mark = true): Buffer => {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

const stacks = 'a;b;c 1\na;b;c 1\na;b;d 4\na;b 5\n'

describe('collapsed stacks', () => {
  it('are read with every end of line, encoding and packing', () => {
    const right = { a: 0, b: 5, c: 2, d: 4 }
    const crlf = stacks.replaceAll('\n', '\r\n')
    for (const given of [
      ...[stacks, stacks.trimEnd(), crlf, crlf.trimEnd(), stacks.replaceAll('\n', '\r')],
      ...[`\uFEFF${stacks}`, `\n\n${stacks}`, gzipSync(stacks)],
      ...[utf16(crlf, 'le'), utf16(stacks, 'be'), utf16(stacks, 'le', false)],
      ...[utf16(stacks, 'be', false), gzipSync(utf16(stacks, 'le'))],
    ]) {
      expect(own(taken(given))).toEqual(right)
    }
    // Texts that are packed one after the other are one text.
    const both = Buffer.concat([gzipSync(stacks), gzipSync(stacks)])
    expect(taken(both).total).toBe(22)
  })

  it('count after the last blank: names stay whole, and counts may be fractions or negative', () => {
    const profile = taken(
      'main;<Vec<T> as X<T, I>>::from;memcpy@GLIBC_2.2.5 3.5\nmain;[unknown] -1\n',
    )
    expect(own(profile)).toEqual({
      main: 0,
      '<Vec<T> as X<T, I>>::from': 0,
      'memcpy@GLIBC_2.2.5': 3.5,
      '[unknown]': -1,
    })
    expect(profile.total).toBe(2.5)
    expect(own(taken('{closure};b 2\nx 1\n'))).toEqual({ '{closure}': 0, b: 2, x: 1 })
    expect(taken('a 9007199254740993\nb 9223372036854775807\n').total).toBeCloseTo(9.23e18, -17)
  })

  it('count a frame that is on a stack twice once in what it spent with callees', () => {
    const { rows } = taken('a;b;a;b 2\nb;a 3\nc 1\n')
    expect(rows.map((row) => [row.procedure, row.own, row.withCallees])).toEqual([
      ['a', 3, 5],
      ['b', 2, 5],
      ['c', 1, 1],
    ])
  })

  it('have an image for each frame when every frame names one, as in what we write', () => {
    const { rows } = taken('main (/bin/sh) 5\nmain (/bin/sh);schedule (vmlinux) 7\n')
    expect(rows.map(({ image, procedure, own }) => [image, procedure, own])).toEqual([
      ['/bin/sh', 'main', 5],
      ['vmlinux', 'schedule', 7],
    ])
    expect(own(taken('main (/bin/sh) 5\nplain 7\n'))).toEqual({ 'main (/bin/sh)': 5, plain: 7 })
  })

  it('may have comments, blank lines and lines that are none, which are counted and named', () => {
    const given = `# 3 samples\n// total 14\n${stacks}\nno stack\nx 12V.43\n`
    expect(taken(given)).toMatchObject({
      total: 11,
      notes: [
        '4 of its 9 lines are no stacks and are left out: lines 1, 2, 8, 9 (comments: 2)',
        '1 of its lines is blank',
      ],
    })
    const many = 'a 1\n'.repeat(8) + 'bad\n'.repeat(8)
    expect(taken(many).notes[0]).toContain('lines 9, 10, 11, 12, 13 …')
  })

  it('keep names apart that are not UTF-8, and names that objects have', () => {
    const given = Buffer.concat([Buffer.from('a'), Buffer.from([0xe9]), Buffer.from(' 1\na')])
    const latin = Buffer.concat([given, Buffer.from([0xe8]), Buffer.from(' 2\n')])
    expect(own(taken(latin))).toEqual({ 'a\u00e9': 1, 'a\u00e8': 2 })
    const rows = taken('__proto__ 1\nconstructor 2\ntoString 3\n').rows
    expect(rows.map((row) => [row.procedure, row.own])).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 3],
    ])
  })

  it('may be a hundred thousand frames deep', () => {
    expect(own(taken(`${'f;g;'.repeat(50_000)}h 3\n`))).toEqual({ f: 0, g: 0, h: 3 })
  })

  it('are refused when most lines are none, or a type is asked for that they never name', () => {
    expect(refused('once upon a time\nthere were 3\nno stacks\n')).toContain('only 1 lines end in')
    expect(refused('once upon a time\n')).toContain('text of a kind that is not known here')
    expect(refused(`a ${'9'.repeat(399)}\n`)).toContain('text of a kind')
    expect(refused(stacks, 'cycles')).toContain('has no type "cycles"')
    expect(refused(' \n\r\n')).toContain('nothing but blanks')
  })
})

const report = {
  scenario: 'sdet',
  version: '0.1.0',
  seed: 7,
  simulatedSeconds: 60,
  warmupSeconds: 10,
  parameters: { machine: 'poweredge-6300', 'machine.cpus': 4 },
  actions: [{ at: 5, action: 'reboot' }],
  vmstat: { r: 1.5, us: 70 },
  work: { rounds: [{ perHour: 4000 }, { perHour: 4200 }] },
  profile: [
    { image: 'vmlinux', procedure: 'schedule', cycles: 30 },
    { image: '/bin/sh', procedure: 'main', cycles: 70 },
  ],
  sampled: [{ image: 'vmlinux', procedure: 'schedule', samples: 3 }],
}

describe('a report', () => {
  it('is read with what it says of its run', () => {
    const read = taken(JSON.stringify(report))
    expect(own(read)).toEqual({ schedule: 30, main: 70 })
    expect(read).toMatchObject({ total: 100, seconds: 50, rounds: [4000, 4200] })
    expect([...(read.vmstat ?? [])]).toEqual([
      ['r', 1.5],
      ['us', 70],
    ])
    expect(Object.fromEntries(read.origin)).toEqual({
      scenario: 'sdet',
      version: '0.1.0',
      machine: 'poweredge-6300',
      seed: '7',
      length: '60 s',
      'warm-up': '10 s',
      'machine.cpus': '4',
      actions: '5 s reboot',
    })
    expect(own(taken(JSON.stringify(report), 'samples'))).toEqual({ schedule: 3 })
  })

  it('may begin with a byte-order mark or blanks, be UTF-16, or packed', () => {
    const words = JSON.stringify(report, undefined, 2)
    for (const given of [
      ...[`\uFEFF${words}`, `\r\n \t${words}`, words.replaceAll('\n', '\r\n')],
      ...[utf16(words, 'le'), utf16(words, 'be'), gzipSync(words)],
    ]) {
      expect(taken(given).total).toBe(100)
    }
  })

  it('is refused with what is missing, cut off, or no number', () => {
    const words = JSON.stringify(report)
    expect(refused(words.slice(0, -5))).toContain('begins like JSON but is none; is it cut off?')
    expect(refused(JSON.stringify({ ...report, vmstat: { r: null } }))).toBe(
      'f is not what run --json writes: vmstat.r is missing or wrong',
    )
    expect(refused(words.replace('"cycles":30', '"cycles":1e999'))).toContain('profile.0.cycles')
    expect(refused('{}')).toContain('profile is missing or wrong')
    expect(refused(`{"a":${'['.repeat(2_000_000)}`)).toContain('nested deeper than 1000')
  })
})

describe('a file of another tool is refused by its name', () => {
  const vmstat = (names: string): string => `procs memory cpu\n${names}\n 1 0 0 2 3 4\n`
  it.each([
    ['a legacy text profile', 'heap profile:  1: 2 [ 3: 4] @ heap/1048576\n1: 2 [3: 4] @ 0x42\n'],
    ['a legacy text profile', '--- contention:\ncycles/second=1\n'],
    ['what pprof prints', 'PeriodType: cpu nanoseconds\nPeriod: 10000000\n'],
    ['a vmstat log', vmstat(' r  b   swpd   free   buff  cache   si   so us sy id wa')],
    ['a vmstat log', vmstat(' r  b   swpd   free  inact active   si   so us sy id wa')],
    ['a vmstat log', vmstat('   r    b         swpd         free         buff        cache   si')],
    [
      'a vmstat log',
      vmstat(' r  b  w  avm  fre  flt  re  pi  po   fr   sr   in   sy   cs us sy id'),
    ],
    ['a vmstat log', vmstat('  r   w   u  act  free wire fault  cow zero react  pin pout')],
    ['what vm_stat of macOS', 'Mach Virtual Memory Statistics: (page size of 4096 bytes)\n'],
    [
      'what sar or mpstat',
      'Linux 3.10.0 (host) \t01/09/19\n\n23:59:39  CPU %usr\n00:01:39 all 0.3\n',
    ],
    ['what iostat', 'Linux 3.10.0 (host) \t01/09/19\n\navg-cpu:  %user %nice\n  0.1 0.0\n'],
    ['CSV of dstat', '"Dstat 0.7.0 CSV output"\n"Host:","h"\n'],
    [
      'what perf script prints',
      'node 31912 cpu-clock: \n            13a80b608e0a f (/tmp/a.map)\n',
    ],
    ['what perf report prints', '# Samples: 3\n#\n# Overhead  Command\n'],
    ['a flame graph (SVG)', '<?xml version="1.0"?>\n<svg>\n'],
    ['what run --samples writes', 'time [s],memory.free [kB]\r\n1,2\r\n'],
    ['a trace for Chrome', '{"traceEvents":[]}'],
    ['a trace for Chrome', '[{"ph":"X","ts":1}]'],
    ['a profile of Firefox', '{"meta":{},"threads":[]}'],
    ['a scenario file', '{"soakscope":"scenario","version":1,"scenario":"sdet"}'],
    ['what compare --json writes', '{"a":"x","b":"y","profile":[]}'],
    ['JSON of another kind', '[1, 2]'],
    ['perf.data', Buffer.from('PERFILE2\0\0\0')],
    ['compressed with zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 1])],
    ['a ZIP archive', Buffer.from('PK\x03\x04\0\0')],
    [
      'a legacy binary CPU profile',
      Buffer.from(new BigUint64Array([0n, 3n, 0n, 10_000n, 0n]).buffer),
    ],
  ])('%s: %j', (name, given) => {
    expect(refused(given)).toContain(`f is ${name}`)
    expect(refused(given)).toContain('compare takes recordings, reports')
    expect(refused(gzipSync(given))).toContain(`f is ${name}`)
  })
})
