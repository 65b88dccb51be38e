import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Recording } from '../recordings/recording'
import { commandLine } from './program.test-support'

const { cli, complaint, inFolder, report } = commandLine()
const run = (...args: readonly string[]) => cli('run', 'sdet', '--set', 'sdet.scripts=1', ...args)

describe('a recorded run', () => {
  it('is continued to the digest of a run that was not interrupted, its actions included', async () => {
    const action = ['--at', '3s', 'reboot']
    const whole = await run('--for', '12s', ...action, '--json', inFolder('whole.json'))
    expect(whole.code).toBe(0)
    const part = await run('--for', '7s', ...action, '--record', inFolder('r'))
    expect(part.code).toBe(0)
    const again = await cli('continue', inFolder('r'), '--for', '5s', '--json', inFolder('b.json'))
    expect(again.code).toBe(0)
    expect(report('b.json').digest).toBe(report('whole.json').digest)
    const shown = JSON.parse((await cli('recording', inFolder('r'), '--json')).out) as object
    expect(shown).toMatchObject({ scenario: 'sdet', seconds: 12, state: 'ended', missing: [] })
    const verified = await cli('verify', inFolder('r'))
    expect([verified.code, verified.out]).toEqual([
      0,
      'the same run: 1 of 1 digests are equal, up to 12 s\n',
    ])
    const file = inFolder('r/run.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace(report('b.json').digest, '0badbad'))
    const differs = await cli('verify', inFolder('r'))
    expect([differs.code, differs.err]).toEqual([
      1,
      expect.stringContaining('or before: 0badbad, now '),
    ])
  })

  it('is ended by an alarm that pauses, keeps that it rang, and is continued past it', async () => {
    const alarm = ['--alarm', 'processes.total > 0 for 2s pause']
    const told = await run('--for', '20s', ...alarm, '--record', inFolder('r'))
    expect(told.err).toContain('ended by alarm processes.total > 0 for 2s pause at 3 s')
    const marks = async (): Promise<string[]> => {
      const opened = await Recording.open(inFolder('r'))
      if (!opened.ok) throw new Error(opened.error.message)
      return opened.value.marks.filter(({ kind }) => kind === 'rang').map(({ at }) => `${at}`)
    }
    expect(await marks()).toEqual(['3'])
    const again = await cli('continue', inFolder('r'), '--for', '3s', '--json', inFolder('b.json'))
    expect(again.code).toBe(0)
    expect(report('b.json')).toMatchObject({ simulatedSeconds: 6 })
    expect(await marks()).toEqual(['3'])
    expect(await complaint('run', 'sdet', '--alarm', 'memory.fre < 4')).toContain('memory.free')
    expect(await complaint('run', 'sdet', '--alarm', 'memory.free')).toContain('not understood')
  })

  it('has the whole profile of a run that ends amid its interval, gone on with or not', async () => {
    const profileOf = async (name: string, ...args: readonly string[]): Promise<string> => {
      const done = await cli(...args)
      expect([done.err, done.code]).toEqual([done.err, 0])
      return readFileSync(inFolder(name), 'utf8')
    }
    const recorded = ['run', 'sdet', '--set', 'sdet.scripts=2', '--record', inFolder('r')]
    const own = (name: string) => ['--export', `collapsed:${inFolder(name)}`]
    const exported = (name: string) => [
      'export',
      inFolder('r'),
      '--out',
      `collapsed:${inFolder(name)}`,
    ]
    const run = await profileOf('a', ...recorded, '--for', '2500ms', ...own('a'))
    expect(await profileOf('b', ...exported('b'))).toBe(run)
    const report = await cli('export', inFolder('r'), '--out', inFolder('r.report.html'))
    expect(report.code).toBe(0)
    const longer = ['run', 'sdet', '--set', 'sdet.scripts=2', '--for', '13300ms', ...own('c')]
    const whole = await profileOf('c', ...longer)
    const goesOn = await cli('continue', inFolder('r'), '--for', '11300ms')
    expect([goesOn.err, goesOn.code]).toEqual([goesOn.err, 0])
    expect(await profileOf('d', ...exported('d'))).toBe(whole)
  })

  it('branches to the same run when nothing is changed', async () => {
    await run('--for', '6s', '--record', inFolder('r'), '--json', inFolder('a.json'))
    const branch = await cli(
      ...['branch', inFolder('r'), '--at', '3s', '--record', inFolder('branch')],
      ...['--json', inFolder('b.json'), '--for', '3s'],
    )
    expect(branch.code).toBe(0)
    expect(report('b.json').digest).toBe(report('a.json').digest)
    const shown = await cli('recording', inFolder('branch'), '--json')
    expect(JSON.parse(shown.out)).toMatchObject({ origin: { at: 3 } })
  })

  it('is trimmed to a part that opens, is the same run, and goes on as it did', async () => {
    await run('--for', '9s', '--record', inFolder('r'), '--json', inFolder('a.json'))
    const into = ['--record', inFolder('part')]
    const told = await cli('trim', inFolder('r'), '--window', '2500ms..7s', ...into)
    expect(told.out).toMatch(/part: 00:00:02 to 00:00:07 of /)
    const shown = await cli('recording', inFolder('part'), '--json')
    const part = { recording: 'r', from: 2, to: 7 }
    expect(JSON.parse(shown.out)).toMatchObject({ seconds: 7, state: 'ended', missing: [], part })
    const csv = async (from: string) =>
      (await cli('export', from, '--window', '3s..7s', '--out', 'csv:-')).out
    expect(await csv(inFolder('part'))).toBe(await csv(inFolder('r')))
    expect((await cli('verify', inFolder('part'))).code).toBe(1)
    const on = await cli('continue', inFolder('part'), '--for', '2s', '--json', inFolder('b.json'))
    expect(on.code).toBe(0)
    expect(report('b.json').digest).toBe(report('a.json').digest)
    const trim = (window: string) => complaint('trim', inFolder('r'), '--window', window, ...into)
    expect(await trim('1s..2s')).toContain('is there already')
    rmSync(inFolder('part'), { recursive: true })
    expect(await trim('60s..70s')).toMatch(/^--window: there is no sample of that part/)
  })
})

it('what is no recording, or cannot become one, is refused by name', async () => {
  expect(await complaint('continue', inFolder('nowhere'))).toContain('is no recording')
  writeFileSync(inFolder('file'), 'x')
  expect(await complaint('verify', inFolder('file'))).toContain('is a file, not a folder')
  const there = ['run', 'yield', '--for', '1s', '--record']
  expect(await complaint(...there, '-')).toBe('--record: name a folder')
  expect((await cli(...there, inFolder('r'))).code).toBe(0)
  expect(await complaint(...there, inFolder('r'))).toContain('continue it, or name another folder')
  expect(await complaint('run', 'yield', '--record-limit', '1GB')).toContain('no --record')
  // Made by a version that had a scenario which this one has not.
  const path = inFolder('r/run.json')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"scenario": "yield"', '"scenario": "x"'))
  expect(await complaint('continue', inFolder('r'), '--for', '1s')).toContain('cannot run it')
  rmSync(inFolder('r'), { recursive: true })
})
