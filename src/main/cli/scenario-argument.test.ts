import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/run-report'
import { commandLine } from './program.test-support'

const { cli, complaint, inFolder, report } = commandLine()

describe('a scenario file', () => {
  const write = (name: string, changes: object): string => {
    const file = { soakscope: 'scenario', version: 1, scenario: 'sdet', ...changes }
    writeFileSync(inFolder(name), JSON.stringify(file))
    return inFolder(name)
  }
  const timeline = [
    { at: 5, action: 'set:sdet.scripts=64' },
    { at: '2500ms', action: 'fault:orphaned-buffers=1' },
    { at: 5, action: 'fault:orphaned-buffers=0' },
  ]
  const ran = async (...args: string[]): Promise<RunReport> => {
    const { code, err } = await cli('run', ...args, '--json', inFolder('ran.json'))
    expect([code, err]).toEqual([0, ''])
    return report('ran.json')
  }

  it('is run with its seed, parameters and timeline for as long as it says', async () => {
    const file = write('a.json', {
      seed: 7,
      parameters: { 'sdet.scripts': 32 },
      timeline,
      for: '8s',
    })
    const fromFile = await ran(file)
    expect(fromFile).toMatchObject({
      seed: 7,
      simulatedSeconds: 8,
      actions: [
        { at: 2.5, action: 'fault:orphaned-buffers=1' },
        { at: 5, action: 'set:sdet.scripts=64' },
        { at: 5, action: 'fault:orphaned-buffers=0' },
      ],
    })
    const byHand = await ran(
      ...['sdet', '--seed', '7', '--for', '8s', '--set', 'sdet.scripts=32'],
      ...['--at', '2500ms', 'fault:orphaned-buffers=1', '--at', '5s', 'set:sdet.scripts=64'],
      ...['--at', '5s', 'fault:orphaned-buffers=0'],
    )
    expect(fromFile.digest).toBe(byHand.digest)
  })

  it('gives way to what the command line says, which adds to its timeline', async () => {
    const file = write('a.json', { seed: 7, parameters: { 'sdet.scripts': 32 }, timeline })
    const changed = await ran(
      ...[file, '--seed', '8', '--for', '6s', '--set', 'sdet.scripts=16'],
      ...['--at', '1s', 'reboot', '--at', '5s', 'reboot'],
    )
    expect(changed).toMatchObject({ seed: 8, simulatedSeconds: 6 })
    expect(changed.actions.map(({ at, action }) => `${at} ${action}`)).toEqual([
      ...['1 reboot', '2.5 fault:orphaned-buffers=1', '5 set:sdet.scripts=64'],
      ...['5 fault:orphaned-buffers=0', '5 reboot'],
    ])
    const { code, err } = await cli('run', file, '--for', '3s')
    expect(code).toBe(0)
    expect(err).toBe(
      "soakscope: 2 of the timeline's actions lie after the end of the run (3 s) and are not done\n",
    )
  })

  it('that --save-scenario writes makes the same run again', async () => {
    const saved = ['--save-scenario', inFolder('b.scenario.json')]
    const actions = ['--at', '4s', 'reboot', '--at', '1s', 'fault:slow-disk=0.5']
    const options = ['--seed', '9', '--set', 'sdet.scripts=16', '--set', 'machine.memoryMB=64']
    const first = await ran('sdet', '--for', '7s', ...options, ...actions, ...saved)
    const again = await ran(inFolder('b.scenario.json'), '--save-scenario', inFolder('c.json'))
    expect(again).toMatchObject({ digest: first.digest, actions: first.actions, seed: 9 })
    expect(again.parameters).toEqual(first.parameters)
    const texts = ['b.scenario.json', 'c.json'].map((name) => readFileSync(inFolder(name), 'utf8'))
    expect(texts[0]).toBe(texts[1])

    const until = ['--until', 'interrupts > 500', '--at', '9s', 'reboot']
    const stopped = await ran('sdet', ...until, ...saved)
    expect(stopped.simulatedSeconds).toBeLessThan(9)
    const repeated = await cli('run', inFolder('b.scenario.json'), '--json', inFolder('d.json'))
    expect(report('d.json').digest).toBe(stopped.digest)
    expect(repeated.err).toContain("1 of the timeline's actions lies after the end of the run")
  })

  it('that is wrong is told with its name and the fault', async () => {
    const wrong = (changes: object): Promise<string> => complaint('run', write('x.json', changes))
    const where = `<scenario>: ${inFolder('x.json')}: `
    expect(await wrong({ scenario: 'sdt' })).toBe(
      `${where}there is no scenario "sdt"; did you mean sdet?`,
    )
    expect(await wrong({ timeline: [{ at: 1, action: 'fix:wake-one=on' }] })).toBe(
      `${where}timeline[0].action: fix wake-one needs web or web2; this run has sdet`,
    )
    expect(await wrong({ parameters: { 'sdet.scripts': 0 } })).toContain('sdet.scripts is a whole')
    expect(
      await wrong({ scenario: 'web', parameters: { 'load.connections': 0, 'load.rate': 0 } }),
    ).toContain('<scenario>: load.connections and load.rate are both 0')
    writeFileSync(inFolder('x.json'), '{"soakscope": "scen')
    expect(await complaint('run', inFolder('x.json'))).toContain(`${where}a scenario file is JSON`)
  })

  it('comes along as a demonstration, by its id', async () => {
    expect((await cli('list', 'demonstrations')).out).toMatch(/^web-wake-one +web +The herd/m)
    const listed = JSON.parse((await cli('list', 'demonstrations', '--json')).out) as object[]
    expect(listed[0]).toMatchObject({ id: 'sdet-orphans', scenario: 'sdet', forSeconds: 2100 })
    await cli('run', 'sdet-orphans', '--for', '2s', '--json', inFolder('r.json'))
    expect(report('r.json')).toMatchObject({ scenario: 'sdet', seed: 7, simulatedSeconds: 2 })
  })
})
