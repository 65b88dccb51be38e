import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Comparison } from './comparison'
import { commandLine } from './program.test-support'

const { cli, complaint, inFolder } = commandLine()

describe('compare', () => {
  it('puts two runs side by side, from reports and from pprof', async () => {
    for (const [name, scripts] of [
      ['a', '16'],
      ['b', '128'],
    ] as const) {
      await cli(
        ...['run', 'sdet', '--for', '15s', '--set', `sdet.scripts=${scripts}`],
        ...['--json', inFolder(`${name}.json`), '--profile', inFolder(`${name}.pb.gz`)],
      )
    }
    const text = await cli('compare', inFolder('a.json'), inFolder('b.json'))
    expect(text.code).toBe(0)
    expect(text.out).toContain('profile, largest change first')
    expect(text.out).toContain('means of vmstat')
    await cli('compare', inFolder('a.json'), inFolder('b.json'), '--json', inFolder('c.json'))
    await cli('compare', inFolder('a.pb.gz'), inFolder('b.pb.gz'), '--json', inFolder('d.json'))
    const [ofReports, ofPprof] = ['c.json', 'd.json'].map(
      (name) =>
        JSON.parse(readFileSync(inFolder(name), 'utf8')) as {
          profile: { procedure: string; difference: number }[]
        },
    )
    expect(ofPprof?.profile[0]?.procedure).toBe(ofReports?.profile[0]?.procedure)
    expect(ofPprof?.profile[0]?.difference).toBeCloseTo(ofReports?.profile[0]?.difference ?? 0, 6)
    const sum = ofReports?.profile.reduce((total, row) => total + row.difference, 0)
    expect(sum).toBeCloseTo(0, 9)
  })

  it('finds no difference between the files of one run, whatever they are', async () => {
    const run = ['run', 'web', '--for', '10s', '--set', 'profiler.sampling=on']
    const kinds = [
      'json',
      'pb.gz',
      'speedscope.json',
      'collapsedstack.txt',
      'report.html',
      'dcpiprof.txt',
    ]
    const files = kinds.map((kind) => inFolder(`a.${kind}`))
    const exports = files.slice(1).flatMap((file) => ['--export', file])
    await cli(...run, '--json', inFolder('a.json'), '--record', inFolder('r'), ...exports)
    const compared = async (b: string, type: string): Promise<Comparison> => {
      // pprof has every type that another one may have.
      const words = ['--type', type, '--json', inFolder('c.json')]
      const done = await cli('compare', inFolder('a.pb.gz'), b, ...words)
      expect([b, done.code, done.err]).toEqual([b, 0, ''])
      return JSON.parse(readFileSync(inFolder('c.json'), 'utf8')) as Comparison
    }
    const pairs = [
      [inFolder('a.json'), 'cycles'],
      [inFolder('a.json'), 'samples'],
      [inFolder('a.report.html'), 'cycles'],
      [inFolder('a.speedscope.json'), 'time'],
      [inFolder('a.speedscope.json'), 'samples'],
      [inFolder('a.dcpiprof.txt'), 'samples'],
      [inFolder('r'), 'cycles'],
      [inFolder('r'), 'samples'],
    ] as const
    for (const [file, type] of pairs) {
      const { profile, sides, differs } = await compared(file, type)
      expect([file, Object.keys(differs)]).toEqual([file, []])
      // Our pprof has time in whole nanoseconds.
      const within = type === 'time' ? 1e4 : 0
      expect(Math.abs(sides.a.total - sides.b.total), file).toBeLessThanOrEqual(within)
      const changed = profile.filter(({ change }) => Math.abs(change) > within / 10)
      expect([file, changed]).toEqual([file, []])
    }
    const folded = await cli('compare', inFolder('a.pb.gz'), inFolder('a.collapsedstack.txt'))
    expect(folded.out).toMatch(/does not name what it counts; taken for cycles\/count/)
  })

  it('says what is wrong with a file that is neither', async () => {
    writeFileSync(inFolder('cut.json'), '{"scenario": "sd')
    writeFileSync(inFolder('other.json'), '{"profile": 3}')
    writeFileSync(
      inFolder('noise'),
      Buffer.from(Array.from({ length: 999 }, (_, i) => (i * 31) % 256)),
    )
    writeFileSync(inFolder('empty'), '')
    writeFileSync(inFolder('cut.gz'), Buffer.from([0x1f, 0x8b, 8, 0]))
    const wrong = (name: string) => complaint('compare', inFolder(name), inFolder(name))
    expect(await wrong('cut.json')).toContain('begins like JSON but is none; is it cut off?')
    expect(await wrong('other.json')).toContain('profile is missing or wrong')
    expect(await wrong('noise')).toContain('is neither JSON nor pprof nor text')
    expect(await wrong('empty')).toMatch(/is empty$/)
    expect(await wrong('cut.gz')).toContain('is cut off: its gzip data ends too early')
  })
})
