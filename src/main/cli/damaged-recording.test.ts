/** What the command line says of recordings that are damaged, empty, old, or somebody else's. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isRecording, readRunFile, writeRunFile, type RunFile } from '../recordings/run-file'
import { writerOf } from '../recordings/lock'
import { commandLine } from './program.test-support'

const { built, cli, complaint, inFolder, report } = commandLine({ 'main/cli': '../cli.ts' })
const run = ['run', 'sdet', '--set', 'sdet.scripts=1']

async function recorded(seconds: number, ...more: readonly string[]): Promise<string> {
  const folder = inFolder('r')
  const made = await cli(...run, '--for', `${seconds}s`, ...more, '--record', folder)
  expect(made.code).toBe(0)
  return folder
}
function change(folder: string, words: Partial<RunFile>): void {
  const file = readRunFile(folder)
  if (!file.ok) throw new Error(file.error.message)
  writeRunFile(folder, { ...file.value, ...words })
}
const damage = (folder: string, logs: RegExp): void => {
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.arrows') && logs.test(name)) writeFileSync(join(folder, name), 'rubbish')
  }
}

describe('a recording of which nothing can be read', () => {
  it('is told so by every command, with the reason', async () => {
    const folder = await recorded(3)
    damage(folder, /./)
    const exported = await cli('export', folder, '--out', inFolder('x.csv'))
    expect([exported.code, exported.err]).toEqual([
      1,
      expect.stringMatching(
        /nothing to export: no sample of it can be read; samples-.* does not begin as a log/,
      ),
    ])
    expect((await cli('recording', folder)).out).toMatch(/^missing +samples-000000000.arrows does/m)
    // Its end is in run.json, and is met.
    const verified = await cli('verify', folder)
    expect([verified.code, verified.out]).toEqual([
      0,
      'the same run: 1 of 1 digests are equal, up to 3 s\n',
    ])
    change(folder, { state: 'recording', digest: '' })
    expect((await cli('verify', folder)).err).toContain(
      'nothing to compare: no sample of it can be',
    )
  })

  it('is not made again when actions of it are lost', async () => {
    const folder = await recorded(3, '--at', '1s', 'reboot')
    damage(folder, /^events/)
    const lost = 'it cannot be made again: 1 of its 1 actions cannot be read (events'
    expect(await complaint('verify', folder)).toContain(lost)
    expect(await complaint('continue', folder, '--for', '1s')).toContain(lost)
  })

  it('says which rows are there when single samples are not', async () => {
    const folder = await recorded(25)
    for (const name of readdirSync(folder)) {
      if (name.startsWith('samples')) rmSync(join(folder, name))
    }
    expect((await cli('recording', folder)).out).toMatch(/^wholeAfter +no single sample is kept/m)
    const exported = await cli('export', folder, '--out', inFolder('x.csv'))
    expect(exported.code).toBe(0)
    expect(exported.err).toContain('its rows are of 10 s and more; no single sample is kept')
  })
})

describe('a recording', () => {
  it('is held to the digest it ended with, also when it is shorter than a minute', async () => {
    const folder = await recorded(3)
    expect((await cli('continue', folder, '--for', '1s')).err).toContain('against 1 digest\n')
    change(folder, { digest: '0badbad0badbad00' })
    const differs = await cli('continue', folder, '--for', '1s')
    expect(differs.code).toBe(1)
    expect(differs.err).toContain('another one than was recorded, from 00:00:04')
  })

  it('goes on with the warm-up that it was begun with', async () => {
    const folder = await recorded(6, '--warmup', '4s')
    await cli('continue', folder, '--for', '2s', '--json', inFolder('again.json'))
    expect(report('again.json').warmupSeconds).toBe(4)
    await cli(...run, '--for', '8s', '--warmup', '4s', '--json', inFolder('whole.json'))
    const { vmstat, digest } = report('whole.json')
    expect(report('again.json')).toMatchObject({ vmstat, digest })
  })

  it('of another version opens, and does not go on', async () => {
    const folder = await recorded(3)
    change(folder, { model: '0.0.1' })
    const before = readFileSync(join(folder, 'run.json'), 'utf8')
    expect(await complaint('continue', folder, '--for', '1s')).toContain(
      'it cannot go on: it was recorded by Soakscope 0.0.1, and this one is ',
    )
    const { out } = await cli('recording', folder)
    expect(out).toMatch(/^model +0\.0\.1$/m)
    expect(out).toMatch(/^readOnly +it was recorded by Soakscope 0\.0\.1, and this one is /m)
    expect((await cli('export', folder, '--out', inFolder('x.csv'))).code).toBe(0)
    expect(readFileSync(join(folder, 'run.json'), 'utf8')).toBe(before)
  })

  it('says in words what it came from', async () => {
    const folder = await recorded(3)
    await cli('branch', folder, '--at', '2s', '--record', inFolder('b'))
    expect((await cli('recording', inFolder('b'))).out).toMatch(
      /^origin +branches off .*r at 00:00:02$/m,
    )
    await cli('trim', folder, '--window', '1s..3s', '--record', inFolder('t'))
    expect((await cli('recording', inFolder('t'))).out).toMatch(
      /^part +of r, 00:00:01 to 00:00:03$/m,
    )
  })

  it('that another program writes is refused to the second, who is told by whom', async () => {
    const folder = inFolder('busy')
    const args = [...run, '--for', '100d', '--record', folder]
    const other = spawn(process.execPath, [join(built(), 'main/cli.js'), ...args], {
      stdio: 'ignore',
    })
    try {
      await expect.poll(() => isRecording(folder), { timeout: 120_000 }).toBe(true)
      expect(writerOf(folder)).toContain(`process ${other.pid} on `)
      const said = await complaint('continue', folder, '--for', '1s')
      expect(said).toContain(`is being recorded by process ${other.pid} on `)
    } finally {
      const ended = new Promise((resolve) => other.once('close', resolve))
      other.kill('SIGKILL')
      await ended
    }
    // Who is gone holds it no longer.
    expect(writerOf(folder)).toBeUndefined()
  })
})

it.each([
  ['csv:', 'name a file behind csv:'],
  ['csvx:/tmp/x', 'there is no format "csvx"; did you mean csv?'],
])('an export %s is answered by what would be right', async (word, words) => {
  expect(await complaint(...run, '--for', '1s', '--export', word)).toContain(words)
})
