import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
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
