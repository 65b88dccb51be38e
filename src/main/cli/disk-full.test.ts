/** A recording on a disk that is full or may not be written: a tmpfs, where one can be mounted. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { Recording } from '../recordings/recording'
import { commandLine } from './program.test-support'

const { cli, inFolder, report } = commandLine()
const mounted: string[] = []

function mount(options: string): string {
  const folder = inFolder('disk')
  mkdirSync(folder, { recursive: true })
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' })
  mounted.push(folder)
  return folder
}
const unmount = (): void => {
  for (const folder of mounted.splice(0)) execFileSync('umount', [folder])
}

function mountable(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.runIf(process.platform === 'linux' && mountable())('a recording', () => {
  afterEach(unmount)
  const run = (...args: readonly string[]) =>
    cli('run', 'sdet', '--set', 'sdet.scripts=1', '--for', '2m', '--every', '200ms', ...args)

  it('stops when the disk is full, and the run goes on to the digest it has without', async () => {
    await run('--json', inFolder('alone.json'))
    const disk = mount('size=300k')
    const told = await run('--record', `${disk}/r`, '--json', inFolder('recorded.json'))
    expect(told.err).toContain('recording stopped: the disk is full; the run goes on')
    expect(told.code).toBe(1)
    expect(report('recorded.json').digest).toBe(report('alone.json').digest)

    const opened = await Recording.open(`${disk}/r`)
    if (!opened.ok) throw new Error(opened.error.message)
    expect(opened.value.seconds).toBeLessThan(120)
  })

  it('is refused by name where nothing may be written', async () => {
    const disk = mount('ro')
    const told = await run('--record', `${disk}/r`)
    expect([told.code, told.err]).toEqual([
      1,
      `soakscope: cannot record into ${disk}/r: the file system is read-only\n`,
    ])
  })
})
