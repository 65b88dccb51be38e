/** A recording on a disk that may not be written: a tmpfs, where one can be mounted. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { commandLine } from './program.test-support'

const { cli, inFolder } = commandLine()
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
  it('is refused by name where nothing may be written', async () => {
    const disk = mount('ro')
    const told = await cli('run', 'sdet', '--for', '1s', '--record', `${disk}/r`)
    expect([told.code, told.err]).toEqual([
      1,
      `soakscope: cannot record into ${disk}/r: the file system is read-only\n`,
    ])
  })
})
