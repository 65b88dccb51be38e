/**
 * Thousands of damaged files. Each is refused with one line, or read to a comparison that is whole:
 * sums that add up, and neither a number that is none nor a character that a terminal must not get.
 */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../cli/comparison'
import { comparisonText } from '../../cli/comparison-text'
import { printableJson } from '../../cli/printable'
import { catalogue } from '../../api/catalogue'
import { checkStart } from '../../api/checks'
import { success } from '../../../shared/result'
import { parseScenarioFile } from '../../../shared/scenario-file'
import { encodeTrace } from '../../../shared/trace-file'
import { gathered, syntheticExport } from '../exports/exportable.test-support'
import { formatOf } from '../exports/formats'
import { comparableIn } from '../read-profile'
import type { Comparable } from './comparable'
import { mutated, randomOf } from './mutate.test-support'
import { pprofBytes } from './pprof-bytes.test-support'
import { smallTrace } from './small-trace.test-support'

const files = 10_000
const raw = /[\p{Cf}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u

const collapsed = Buffer.from('main;f;g 5\nmain;f 7.5\n# c\nmain;[unknown];h x 3\nmain;f;f -2\n')
const report = Buffer.from(
  JSON.stringify({
    scenario: 'sdet',
    version: '0.1.0',
    seed: 7,
    simulatedSeconds: 60,
    warmupSeconds: 10,
    digest: 'd',
    parameters: { machine: 'poweredge-6300' },
    actions: [],
    vmstat: { r: 1.5, us: 70 },
    work: { rounds: [{ perHour: 4000 }] },
    profile: [
      { image: 'vmlinux', procedure: 'schedule', cycles: 30 },
      { image: '/bin/sh', procedure: 'main', cycles: 70 },
    ],
  }),
)
const pprof = pprofBytes({
  types: [
    ['samples', 'count'],
    ['cycles', 'count'],
  ],
  defaultType: 'cycles',
  mappings: [{ id: 1, start: 0x1000, file: '/vmlinux' }],
  frames: [
    { id: 1, names: ['main'], mapping: 1, address: 0x1004 },
    { id: 2 ** 60, names: ['inner', 'outer'], mapping: 1, address: 0x1008 },
    { id: 3, names: [], mapping: 1, address: 0x100c },
  ],
  samples: [
    [
      [2 ** 60, 1],
      [3, 900],
    ],
    [
      [3, 1],
      [1, -5],
    ],
    [[], [1, 2n ** 62n]],
  ],
  seconds: 2,
  period: 300,
  comments: ['scenario sdet', 'seed 7', 'simulated 0 s to 2 s'],
})

const speedscope = Buffer.from(
  JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: 'soakscope@0.1.0',
    name: 'web, seed 7, 0 s to 4 s, digest 0f',
    shared: {
      frames: [
        { name: 'main', file: '/bin/sh' },
        { name: 'schedule', file: 'vmlinux' },
      ],
    },
    profiles: [
      {
        type: 'sampled',
        name: 'all CPUs',
        unit: 'nanoseconds',
        startValue: 0,
        endValue: 9,
        samples: [[0], [0, 1], []],
        weights: [4, 4.5, 0.5],
      },
      {
        type: 'evented',
        name: 'a thread',
        unit: 'milliseconds',
        startValue: 1,
        endValue: 6,
        events: [
          { type: 'O', frame: 0, at: 1 },
          { type: 'O', frame: 1, at: 2 },
          { type: 'C', frame: 1, at: 4 },
          { type: 'C', frame: 0, at: 6 },
        ],
      },
    ],
  }),
)
const dcpiprof = Buffer.from(
  `Total samples for event type cycles = 170, imiss = 20

soakscope 0.1.0, scenario web, seed 7, digest 0f
simulated 0 s to 4 s, 1 CPU at 450 MHz, mean period 63488 cycles
The counts given below are the number of samples for each listed event type.
============================================================
cycles       %     cum%  imiss  procedure  image
   100  58.82%   58.82%     12  schedule   vmlinux
    60  35.29%   94.12%      8  main       /bin/sh
`,
)
const chromeTrace = (): Promise<string> =>
  gathered(
    formatOf('chrome-trace').write({
      ...syntheticExport(1),
      trace: () => Promise.resolve(success(smallTrace())),
    }),
  )

/** How many were read. @throws with the file that shows the fault */
function survive(seed: number, original: Buffer, other: Comparable, pack = false): number {
  const random = randomOf(seed)
  let read = 0
  for (let number = 0; number < files; number++) {
    const damaged = mutated(original, random)
    const given = pack && random() < 0.2 ? mutated(gzipSync(damaged), random) : damaged
    try {
      const found = comparableIn('f', given)
      if (found.ok) {
        read++
        holdsTogether(found.value)
        const both = compareRuns(other, found.value)
        // Printing is the slow part, and one in five is enough for it.
        if (both.ok && read % 5 === 0) {
          const [text, json] = [comparisonText(both.value), printableJson(both.value)]
          if (raw.test(text) || raw.test(json)) throw new Error('raw characters')
          if (/: (null|NaN|-?Infinity),?$/m.test(json)) throw new Error(`no number: ${json}`)
        }
      } else if (!/^f [^\n]{5,}$/.test(found.error.message)) throw new Error(found.error.message)
    } catch (error) {
      throw new Error(`seed ${seed}, file ${number}: ${given.toString('base64')}`, { cause: error })
    }
  }
  return read
}

function holdsTogether({ rows, total, seconds }: Comparable): void {
  const largest = Math.max(1, ...rows.map(({ own }) => Math.abs(own)))
  const sum = rows.reduce((all, { own }) => all + own, 0)
  if (!(Math.abs(sum - total) <= 1e-9 * largest * rows.length)) {
    throw new Error(`${sum} is not ${total}`)
  }
  if (seconds !== undefined && !(seconds > 0)) throw new Error(`${seconds} s`)
}

function taken(bytes: Buffer): Comparable {
  const found = comparableIn('a', bytes)
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}

describe(`of ${files} damaged files each is refused in words, or read to something whole`, () => {
  it('pprof', () => {
    const read = survive(1, pprof, taken(pprof), true)
    expect(read).toBeGreaterThan(100)
    expect(read).toBeLessThan(files)
  })

  it('collapsed stacks', () => {
    const read = survive(2, collapsed, taken(collapsed))
    expect(read).toBeGreaterThan(1000)
    expect(read).toBeLessThan(files)
  })

  it('reports', () => {
    const read = survive(3, report, taken(report))
    expect(read).toBeGreaterThan(100)
    expect(read).toBeLessThan(files)
  })

  it('speedscope', () => {
    const read = survive(6, speedscope, taken(speedscope))
    expect(read).toBeGreaterThan(100)
    expect(read).toBeLessThan(files)
  })

  it('what dcpiprof prints', () => {
    const read = survive(7, dcpiprof, taken(dcpiprof))
    expect(read).toBeGreaterThan(1000)
    expect(read).toBeLessThan(files)
  })

  it('Chrome traces and traces', async () => {
    const text = Buffer.from(await chromeTrace())
    const packed = Buffer.from(
      encodeTrace({ origin: { version: '1', scenario: 'web', seed: 7 }, trace: smallTrace() }),
    )
    for (const [seed, file] of [
      [8, text],
      [9, packed],
    ] as const) {
      const read = survive(seed, file, taken(file))
      expect(read).toBeGreaterThan(100)
      expect(read).toBeLessThan(files)
    }
  })

  it('scenario files', () => {
    const random = randomOf(4)
    const original = Buffer.from(
      '{"soakscope":"scenario","version":1,"title":"t","scenario":"sdet","seed":7,' +
        '"parameters":{"sdet.scripts":64},"timeline":[{"at":"60s","action":"reboot"}],"for":"5m"}',
    )
    let read = 0
    for (let number = 0; number < files; number++) {
      const text = mutated(original, random).toString()
      try {
        const file = parseScenarioFile(text)
        const start = file.ok ? checkStart(catalogue(), file.value) : file
        if (!start.ok) {
          if (!/^[^\n]{5,}$/.test(start.error.message)) throw new Error(start.error.message)
          continue
        }
        read++
        // What is taken says what the language itself reads in it.
        const { seed, scenario } = JSON.parse(text.replace(/^\uFEFF/, '')) as Record<
          string,
          unknown
        >
        expect([start.value.seed, start.value.scenario]).toEqual([seed ?? 1, scenario])
        expect(file.ok && file.value.forSeconds !== 0).toBe(true)
      } catch (error) {
        throw new Error(`seed 4, file ${number}: ${text}`, { cause: error })
      }
    }
    expect(read).toBeGreaterThan(10)
    expect(read).toBeLessThan(files)
  })
})

it('any profile is read as it was made, by another library', () => {
  const random = randomOf(5)
  const below = (most: number): number => Math.floor(random() * most)
  for (let number = 0; number < 300; number++) {
    const ids = Array.from({ length: 1 + below(6) }, (_, at) => 2n ** 64n - 1n - BigInt(at * 8))
    const samples = Array.from({ length: below(12) }, () => {
      const depth = 1 + below(5)
      const stack = Array.from({ length: depth }, () => below(ids.length))
      return { stack, value: BigInt(below(2 ** 31)) * 2n ** BigInt(below(30)) - 2n ** 59n }
    })
    const made = pprofBytes({
      frames: ids.map((id, at) => ({ id, names: [`f${at}`] })),
      samples: samples.map(
        ({ stack, value }) => [stack.map((at) => ids[at] ?? 0n), [value]] as const,
      ),
    })
    const rows = new Map(taken(gzipSync(made)).rows.map((row) => [row.procedure, row]))
    for (const at of ids.keys()) {
      const sum = (some: typeof samples): number =>
        Number(some.reduce((all, { value }) => all + value, 0n))
      const row = rows.get(`f${at}`)
      expect(row?.own).toBe(sum(samples.filter(({ stack }) => stack[0] === at)))
      const passing = sum(samples.filter(({ stack }) => stack.includes(at)))
      expect(Math.abs((row?.withCallees ?? 0) - passing)).toBeLessThanOrEqual(2 ** 12)
    }
  }
})
