import { Profile } from 'pprof-format'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldByProcedure, inSeconds, seconds, startOfTime, after } from '../../sim/index'
import { SampleTiers } from '../runs/sample-tiers'
import { SyntheticServer } from '../runs/synthetic-server.test-support'
import { collapsedStacks } from './collapsed'
import { csvText } from './csv'
import { gathered } from './exports/exportable.test-support'
import { encodePprof } from './pprof'
import { reportRun } from './run-report'
import { RunStatistics } from './run-statistics'
import { vmstatText } from './vmstat-text'

function runFor(length: number, warmup = 0) {
  const server = new SyntheticServer(42)
  const log = new SampleTiers(server.counters.width)
  const statistics = new RunStatistics(server.counters.width)
  server.onSample = (at) => {
    log.append(inSeconds(at), server.counters.values.subarray(0, log.width))
    statistics.add(server.counters.values)
  }
  server.advance(after(startOfTime, seconds(warmup)))
  if (warmup > 0) statistics.restart(server)
  server.advance(after(startOfTime, seconds(length)))
  return { server, log, statistics, specs: server.counters.specs }
}
const origin = { version: '0.1.0', scenario: 'synthetic', seed: 42, digest: '0123456789abcdef' }

describe('vmstat text', () => {
  it('is what vmstat prints: header, averages since boot, then a row for every sample', async () => {
    const { log, specs } = runFor(3)
    expect((await gathered(vmstatText(specs, log.rows()))).split('\n')).toEqual([
      '   procs                      memory    swap          io     system         cpu',
      ' r  b  w   swpd   free   buff  cache  si  so    bi    bo   in    cs  us  sy  id',
      ' 5  0  0      0  99999   5001      0   0   0   500     0  250   750  75  15  10',
      ' 0  0  0      0  99998   5002      0   0   0  2000     0 1000  3000  75  15  10',
      ' 3  0  0      0  99997   5003      0   0   0  2000     0 1000  3000  75  15  10',
      '',
    ])
  })

  it('repeats the header every 22 rows', async () => {
    const { log, specs } = runFor(50)
    const lines = (await gathered(vmstatText(specs, log.rows()))).split('\n')
    const headers = lines.flatMap((line, index) => (line.startsWith('   procs') ? [index] : []))
    expect(headers).toEqual([0, 24, 48])
  })

  it('is read back by an independent parser that goes by header names', async () => {
    const { log, specs } = runFor(30)
    const [, names, ...rows] = (await gathered(vmstatText(specs, log.rows()))).trim().split('\n')
    const at = (names ?? '').trim().split(/\s+/).indexOf('free')
    const free = rows
      .map((row) => row.trim().split(/\s+/)[at])
      .filter((cell) => /^\d+$/.test(cell ?? ''))
      .map(Number)
    expect(free).toEqual(Array.from({ length: 30 }, (_, index) => 99_999 - index))
  })
})

describe('CSV', () => {
  it('has every counter with its unit, and every sample', async () => {
    const { log, specs } = runFor(600)
    const lines = (await gathered(csvText(specs, log.rows()))).split('\r\n')
    const header = lines[0]?.split(',') ?? []
    expect(header[0]).toBe('time [s]')
    expect(header).toContain('memory.free [kB]')
    expect(header.length).toBe(specs.length + 2)
    expect(lines.length).toBe(602)
    expect(lines.at(-1)).toBe('')
    const free = header.indexOf('memory.free [kB]')
    expect(lines[10]?.split(',')[0]).toBe('10')
    expect(lines[10]?.split(',')[free]).toBe('99990')
    expect(lines.slice(1, -1).every((line) => line.split(',').length === header.length)).toBe(true)
  })

  it('quotes a name that has a comma or a quote in it', async () => {
    const spec = { id: 'function.a,b."c"', unit: 'cycles', kind: 'monotonic', help: '' } as const
    expect(await gathered(csvText([spec], []))).toBe(
      'time [s],"function.a,b.""c"" [cycles]",samples [1]\r\n',
    )
  })

  it('says how many samples a row stands for once only tiers have it', async () => {
    const { specs } = runFor(1)
    const log = new SampleTiers(specs.length, 1)
    const values = new Float64Array(specs.length)
    for (let time = 1; time <= 1100; time++) log.append(time, values)
    const lines = (await gathered(csvText(specs, log.rows()))).split('\r\n')
    expect(lines[1]?.split(',').at(-1)).toBe('10')
  })
})

describe('the report', () => {
  it('has statistics of every counter, means of vmstat, work, profile and what makes it repeatable', () => {
    const { server, statistics } = runFor(30)
    const report = reportRun(server, statistics, {
      version: '0.1.0',
      warmupSeconds: 0,
      wallSeconds: 1.5,
    })
    expect(report).toMatchObject({
      scenario: 'synthetic',
      seed: 42,
      simulatedSeconds: 30,
      events: 30_000,
      digest: server.digest(),
      counters: {
        'memory.free': { unit: 'kB', mean: 99_984.5, min: 99_970, max: 99_999, last: 99_970 },
        interrupts: { unit: '1', max: 30_000, last: 30_000 },
      },
      work: { unit: 'scripts', rounds: [{ startSeconds: 0 }, { startSeconds: 10 }, {}] },
    })
    expect(Object.keys(report.vmstat).join(' ')).toBe(
      'r b w swpd free buff cache si so bi bo in cs us sy id',
    )
    expect(report.vmstat).toMatchObject({ bi: 2000, in: 1000, us: 75, sy: 15, id: 10 })
    expect(report.profile.reduce((sum, row) => sum + row.share, 0)).toBeCloseTo(1, 12)
    expect(report.sampled?.reduce((sum, row) => sum + row.samples, 0)).toBe(6)
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  })

  it('leaves warm-up out', () => {
    const { server, statistics } = runFor(30, 20)
    const report = reportRun(server, statistics, {
      version: '0.1.0',
      warmupSeconds: 20,
      wallSeconds: 1,
    })
    expect(report.counters['memory.free']).toMatchObject({
      mean: 99_974.5,
      min: 99_970,
      max: 99_979,
    })
    expect(report.vmstat['in']).toBe(1000)
  })
})

describe('collapsed stacks', () => {
  it('are lines that speedscope takes, with the cycles of the profile', () => {
    const { server } = runFor(5)
    const profile = server.profile()
    const lines = [...collapsedStacks(profile)].join('').trimEnd().split('\n')
    const parsed = lines.map((line) => /^(.*) (\d+)$/.exec(line))
    expect(parsed.map((match) => match?.[1])).toEqual([
      'idle (idle)',
      'main (/bin/sh)',
      'main (/bin/sh);schedule (vmlinux)',
    ])
    const total = parsed.reduce((sum, match) => sum + Number(match?.[2]), 0)
    expect(total).toBe(foldByProcedure(profile).reduce((sum, row) => sum + row.cycles, 0))
  })

  it('merge equal stacks, replace separators in names and leave empty stacks out', () => {
    const profile = {
      clockMHz: 1,
      cpus: 1,
      fromSeconds: 0,
      toSeconds: 1,
      meanPeriod: 0,
      frames: [
        { procedure: 'a;b\n', image: 'x' },
        { procedure: 'never', image: 'x' },
      ],
      stacks: [
        { frames: [0], cycles: [3], samples: [0] },
        { frames: [0], cycles: [4], samples: [0] },
        { frames: [1], cycles: [0], samples: [0] },
      ],
    }
    expect([...collapsedStacks(profile)].join('')).toBe('a_b_ (x) 7\n')
    // The format knows no remarks: a window is the root of every stack.
    expect([...collapsedStacks(profile, true)].join('')).toBe('[simulated 0 s to 1 s];a_b_ (x) 7\n')
  })
})

describe('pprof', () => {
  it('survives a round trip: totals, leaf first, labels, mappings and comments', () => {
    const profile = runFor(5).server.profile()
    const decoded = Profile.decode(gunzipSync(encodePprof(profile, origin)))
    const text = (index: number | bigint): string | undefined =>
      decoded.stringTable.strings[Number(index)]
    expect(text(0)).toBe('')
    expect(decoded.sampleType.map((type) => `${text(type.type)}/${text(type.unit)}`)).toEqual([
      'samples/count',
      'cycles/count',
      'time/nanoseconds',
    ])
    const sum = (type: number): number =>
      decoded.sample.reduce((total, sample) => total + Number(sample.value[type]), 0)
    const rows = foldByProcedure(profile)
    expect(sum(0)).toBe(rows.reduce((total, row) => total + row.samples, 0))
    expect(sum(1)).toBe(rows.reduce((total, row) => total + row.cycles, 0))
    expect(sum(2)).toBeCloseTo((sum(1) * 1000) / profile.clockMHz, -1)
    const nameOf = (location: number | bigint): string | undefined =>
      text(decoded.function[Number(location) - 1]?.name ?? 0)
    const deepest = decoded.sample.find((sample) => sample.locationId.length === 2)
    expect(deepest?.locationId.map(nameOf)).toEqual(['schedule', 'main'])
    expect(decoded.mapping.map((mapping) => text(mapping.filename))).toEqual([
      'vmlinux',
      '/bin/sh',
      'idle',
    ])
    expect(decoded.sample.map((sample) => text(sample.label[0]?.key ?? 0))).toContain('cpu')
    expect(text(decoded.periodType?.type ?? 0)).toBe('cycles')
    expect(Number(decoded.period)).toBe(63_488)
    expect(text(decoded.defaultSampleType)).toBe('cycles')
    expect(Number(decoded.durationNanos)).toBe(5e9)
    expect(decoded.comment.map(text)).toEqual(
      expect.arrayContaining([
        'soakscope 0.1.0',
        'scenario synthetic',
        'seed 42',
        `digest ${origin.digest}`,
      ]),
    )
  })

  it('says of which window of a run it is', () => {
    const commentsOf = (runSeconds?: number): (string | undefined)[] => {
      const profile = { ...runFor(5).server.profile(), fromSeconds: 2, toSeconds: 4 }
      const file = Profile.decode(gunzipSync(encodePprof(profile, { ...origin, runSeconds })))
      return file.comment.map((index) => file.stringTable.strings[Number(index)])
    }
    expect(commentsOf(5)).toContain('simulated 2 s to 4 s, a window of a run of 5 s')
    expect(commentsOf()).toContain('simulated 2 s to 4 s')
  })

  it('keeps cycles beyond 2^53', () => {
    const cycles = 2 ** 60
    const profile = {
      clockMHz: 450,
      cpus: 1,
      fromSeconds: 0,
      toSeconds: 1,
      meanPeriod: 0,
      frames: [{ procedure: 'main', image: 'x' }],
      stacks: [{ frames: [0], cycles: [cycles], samples: [0] }],
    }
    const decoded = Profile.decode(gunzipSync(encodePprof(profile, origin)))
    expect(BigInt(decoded.sample[0]?.value[1] ?? 0)).toBe(BigInt(cycles))
  })

  it('is the same bytes for the same run', () => {
    const bytes = (): Uint8Array => encodePprof(runFor(5).server.profile(), origin)
    expect(bytes()).toEqual(bytes())
  })

  const missing = spawnSync('go', ['version']).status === 0 ? '' : ' (skipped: there is no go)'
  describe.skipIf(missing !== '')(`as the go tool reads it${missing}`, () => {
    let folder = ''
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'soakscope-pprof-'))
    })
    afterAll(() => rmSync(folder, { recursive: true }))
    it('has the same totals', () => {
      const profile = runFor(5).server.profile()
      const path = join(folder, 'run.pb.gz')
      writeFileSync(path, encodePprof(profile, origin))
      expect(readFileSync(path).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
      const raw = execFileSync('go', ['tool', 'pprof', '-raw', path], {
        encoding: 'utf8',
        env: { ...process.env, PPROF_TMPDIR: folder, HOME: folder },
      })
      const cycles = [...raw.matchAll(/^\s*(\d+)\s+(\d+)\s+(\d+): /gm)].map((match) =>
        Number(match[2]),
      )
      expect(cycles.reduce((a, b) => a + b, 0)).toBe(
        foldByProcedure(profile).reduce((sum, row) => sum + row.cycles, 0),
      )
      expect(raw).toContain('cpu:[1]')
    })
  })
})
