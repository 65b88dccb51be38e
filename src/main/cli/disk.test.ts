/** A recording on a disk that is full or may not be written: one that counts, and a tmpfs. */
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { Recording } from '../recordings/recording'
import { commandLine } from './program.test-support'

const { built, cli, inFolder, report } = commandLine({
  'main/cli': '../cli.ts',
  'main/disk': '../cli/disk-of.test-support.ts',
})
const seconds = 30
const plan = ['run', 'sdet', '--set', 'sdet.scripts=1', '--for', `${seconds}s`]
const aloneDigest = async (): Promise<string> => {
  await cli(...plan, '--json', inFolder('alone.json'))
  return report('alone.json').digest
}

/** The program in a process of its own, on a disk that has room for so many bytes. */
function programOn(disk: string, bytes: number, args: readonly string[]) {
  const main = join(built(), 'main')
  const child = spawn(
    process.execPath,
    ['--import', join(main, 'disk.js'), join(main, 'cli.js'), ...args],
    {
      env: { ...process.env, DISK_OF: disk, DISK_BYTES: String(bytes) },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let err = ''
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  return new Promise<{ code: number | null; err: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, err }))
  })
}

describe('a recording on a full disk', () => {
  it('stops there, the run goes on to its digest, and what was flushed opens and goes on', async () => {
    const digest = await aloneDigest()
    const folder = inFolder('r')
    // Room for run.json and some of the samples, which come as they are at first.
    const args = [...plan, '--record', folder, '--json', inFolder('recorded.json')]
    const told = await programOn(folder, 120_000, args)
    expect(told.err).toBe('soakscope: recording stopped: the disk is full; the run goes on\n')
    expect(told.code).toBe(1)
    expect(report('recorded.json').digest).toBe(digest)

    const opened = await Recording.open(folder)
    if (!opened.ok) throw new Error(opened.error.message)
    const times = [...opened.value.rows()].map(({ time }) => time)
    expect(times.length).toBeGreaterThan(0)
    expect(times.length).toBeLessThan(seconds)
    expect(times).toEqual(times.map((_, row) => row + 1))
    expect(opened.value.missing.filter((words) => !words.includes('torn'))).toEqual([])

    // With room again it is brought to its end.
    const again = await cli('continue', folder, '--json', inFolder('again.json'))
    expect([again.code, report('again.json').digest]).toEqual([0, digest])
    const now = await Recording.open(folder)
    expect(now.ok && [now.value.missing, [...now.value.rows()].length]).toEqual([[], seconds])
  })
})

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

describe.runIf(process.platform === 'linux' && mountable())('a recording on a tmpfs', () => {
  afterEach(unmount)
  it('is refused by name where nothing may be written', async () => {
    const disk = mount('ro')
    const told = await cli('run', 'sdet', '--for', '1s', '--record', `${disk}/r`)
    expect([told.code, told.err]).toEqual([
      1,
      `soakscope: cannot record into ${disk}/r: the file system is read-only\n`,
    ])
  })

  it('is refused where there is no room to begin one, and leaves nothing there', async () => {
    const disk = mount('size=4k')
    const record = ['run', 'sdet', '--for', '1s', '--record', `${disk}/r`]
    const full = `soakscope: cannot record into ${disk}/r: the disk is full\n`
    // There is room for who writes it, and then not even for that.
    for (const filled of [false, true]) {
      if (filled) writeFileSync(`${disk}/filled`, new Uint8Array(4096))
      const told = await cli(...record)
      expect([filled, told.code, told.err]).toEqual([filled, 1, full])
      expect(existsSync(`${disk}/r`)).toBe(false)
    }
  })

  it('says that the disk is full, be it at the very end, and the run is the run', async () => {
    const digest = await aloneDigest()
    // What is written when a recording is closed alone is more than that, however quick the run is.
    const disk = mount('size=128k')
    const told = await cli(...plan, '--record', `${disk}/r`, '--json', inFolder('recorded.json'))
    expect(told.err).toContain('recording stopped: the disk is full')
    expect([told.code, report('recorded.json').digest]).toEqual([1, digest])
    const opened = await Recording.open(`${disk}/r`)
    expect(opened).toMatchObject({ ok: true, value: { run: { scenario: 'sdet' } } })
  })
})
