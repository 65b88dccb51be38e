import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { describe, expect, it } from 'vitest'
import { commandLine } from './program.test-support'

const { cli, folder, inFolder, report } = commandLine({
  'main/part-worker': '../cli/part-worker.ts',
})

describe('run', () => {
  it('writes every file it was told to, complete, and a summary for people', async () => {
    const { code, out, err } = await cli(
      ...['run', 'sdet', '--for', '12s', '--warmup', '2s', '--seed', '7', '--profiler', 'on'],
      ...['--json', inFolder('r.json'), '--samples', inFolder('s.csv')],
      ...['--vmstat', inFolder('v.txt'), '--profile', inFolder('p.pb.gz')],
    )
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('sdet, seed 7: 12.0 s simulated')
    expect(readdirSync(folder()).sort()).toEqual(['p.pb.gz', 'r.json', 's.csv', 'v.txt'])
    expect(report('r.json')).toMatchObject({
      scenario: 'sdet',
      seed: 7,
      simulatedSeconds: 12,
      warmupSeconds: 2,
      parameters: { 'profiler.sampling': 'on' },
      sampled: expect.any(Array),
    })
    expect(readFileSync(inFolder('s.csv'), 'utf8').split('\r\n').length).toBe(14)
    expect(readFileSync(inFolder('v.txt'), 'utf8').split('\n').length).toBe(15)
    const { profile } = report('r.json')
    const pprof = Profile.decode(gunzipSync(readFileSync(inFolder('p.pb.gz'))))
    const cycles = pprof.sample.reduce((sum, sample) => sum + Number(sample.value[1]), 0)
    expect(cycles / profile.reduce((sum, row) => sum + row.cycles, 0)).toBeCloseTo(1, 6)
  })

  it('writes to standard output when told so, and nothing else there', async () => {
    const { out } = await cli('run', 'sdet', '--for', '3s', '--json', '-')
    expect(JSON.parse(out)).toMatchObject({ simulatedSeconds: 3 })
    const rows = (await cli('run', 'sdet', '--for', '3s', '--vmstat')).out.split('\n')
    expect(rows.length).toBe(6)
    const collapsed = inFolder('p.collapsedstack.txt')
    await cli('run', 'sdet', '--for', '3s', '--profile', collapsed)
    expect(readFileSync(collapsed, 'utf8')).toMatch(/^(.* \d+\n)+$/)
  })

  it('gives the same run for the same seed and another for another', async () => {
    const digest = async (...args: string[]): Promise<string> => {
      await cli('run', 'sdet', '--for', '10s', '--json', inFolder('d.json'), ...args)
      return report('d.json').digest
    }
    const first = await digest()
    expect(await digest()).toBe(first)
    expect(await digest('--every', '250ms', '--until', 'processes.total > 100000')).toBe(first)
    expect(await digest('--at', '4s', 'fault:orphaned-buffers=0')).toBe(first)
    expect(await digest('--seed', '2')).not.toBe(first)
  })

  it('does actions at their instants', async () => {
    await cli(
      ...['run', 'sdet', '--for', '9s', '--json', inFolder('r.json')],
      ...['--at', '6s', 'set:sdet.scripts=64', '--at', '2500ms fault:orphaned-buffers=1'],
    )
    expect(report('r.json').actions).toEqual([
      { at: 2.5, action: 'fault:orphaned-buffers=1' },
      { at: 6, action: 'set:sdet.scripts=64' },
    ])
    expect(report('r.json').parameters['sdet.scripts']).toBe(64)
  })

  it('says when no sample was due, instead of writing empty files without a word', async () => {
    const short = ['run', 'sdet', '--for', '2s', '--samples', inFolder('s.csv')]
    const none = await cli(...short, '--vmstat', inFolder('v.txt'), '--every', '3s')
    expect(none.code).toBe(0)
    expect(none.err).toBe(
      'soakscope: no sample was due: the run has 2 s, and --every is 3 s; ' +
        '--vmstat has no line, --samples has its header only\n',
    )
    expect(readFileSync(inFolder('s.csv'), 'utf8').trim().split('\r\n').length).toBe(1)
    expect((await cli(...short, '--every', '2s')).err).toBe('')
    expect(readFileSync(inFolder('s.csv'), 'utf8').trim().split('\r\n').length).toBe(2)
  })

  it.runIf(existsSync('/dev/full'))(
    'says that the disk is full, names the file, and finishes the others',
    async () => {
      const full = ['--every', '10ms', '--samples', '/dev/full']
      const said = 'soakscope: --samples: cannot write /dev/full: the disk is full\n'
      const some = await cli('run', 'sdet', '--for', '4s', ...full, '--json', inFolder('j.json'))
      expect([some.code, some.err]).toEqual([1, said])
      expect(report('j.json').simulatedSeconds).toBe(4)
      // With nothing else to write the run is of no use to anybody.
      expect(await cli('run', 'sdet', '--for', '30d', ...full)).toEqual({
        code: 1,
        out: '',
        err: said,
      })
      for (const args of [
        ['run', 'sdet', '--for', '1s', '--json', '/dev/full'],
        ['run', 'sdet', '--for', '1s', '--save-scenario', '/dev/full'],
        ['reproduce', 'fd-micro', '--json', '/dev/full'],
        ['compare', inFolder('j.json'), inFolder('j.json'), '--json', '/dev/full'],
      ]) {
        const { code, err } = await cli(...args)
        const [argument] = args.slice(-2)
        expect([code, err]).toEqual([
          1,
          `soakscope: ${argument}: cannot write /dev/full: the disk is full\n`,
        ])
      }
    },
  )

  it('ends when a condition holds, and fails when it never does', async () => {
    const until = async (...args: string[]) =>
      cli('run', 'sdet', '--json', inFolder('r.json'), '--until', ...args)
    expect((await until('interrupts > 500')).code).toBe(0)
    const { counters, simulatedSeconds } = report('r.json')
    expect(counters['interrupts']?.last).toBeGreaterThan(500)
    expect(Number.isInteger(simulatedSeconds)).toBe(true)
    const missed = await until('processes.total > 100000', '--for', '3s')
    expect(missed.code).toBe(1)
    expect(missed.err).toBe('soakscope: processes.total > 100000 did not come true in 3 s\n')
    expect(existsSync(inFolder('r.json'))).toBe(true)
  })
})
