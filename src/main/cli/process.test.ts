/** The command line as a process of its own: signals, pipes that close, disks that are full. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunReport } from '../formats/run-report'
import { bundleInto } from '../runs/bundle.test-support'

let built = ''
let folder = ''
beforeAll(async () => {
  built = await bundleInto({
    'main/cli': '../cli.ts',
    'main/part-worker': '../cli/part-worker.ts',
  })
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-process-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})
const inFolder = (name: string): string => join(folder, name)
const files = (): string[] => readdirSync(folder).sort()
const report = (name: string): RunReport =>
  JSON.parse(readFileSync(inFolder(name), 'utf8')) as RunReport

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly err: string
}

const children: ChildProcess[] = []

function start(args: readonly string[], stdio: StdioOptions = ['ignore', 'pipe', 'pipe']) {
  const child = spawn(process.execPath, [join(built, 'main/cli.js'), ...args], { stdio })
  children.push(child)
  let err = ''
  child.stderr?.on('data', (chunk: Buffer) => void (err += chunk.toString()))
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, err })),
  )
  return { child, ended }
}

/** Waits until so many bytes have come. The rest is read too. */
const read = (child: ChildProcess, bytes: number): Promise<void> =>
  new Promise((resolve) => {
    let seen = 0
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.length
      if (seen >= bytes) resolve()
    })
  })

const smallRun = ['run', 'sdet', '--set', 'sdet.scripts=4']

describe('a reader that goes away', () => {
  it('does not keep the other outputs from being finished, and is no error', async () => {
    const { child, ended } = start([
      ...[...smallRun, '--for', '30s', '--every', '10ms', '--vmstat', '-'],
      ...['--json', inFolder('j.json'), '--samples', inFolder('s.csv')],
    ])
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await ended).toEqual({ code: 0, signal: null, err: '' })
    expect(files()).toEqual(['j.json', 's.csv'])
    expect(report('j.json').simulatedSeconds).toBe(30)
    expect(readFileSync(inFolder('s.csv'), 'utf8').split('\r\n').length).toBe(3_002)
  })

  it('ends a run that has nothing else to write', async () => {
    const { child, ended } = start([...smallRun, '--for', '100d', '--vmstat', '-'])
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await ended).toEqual({ code: 0, signal: null, err: '' })
  })
})

describe.runIf(existsSync('/dev/full'))('a standard output that is full', () => {
  it.each([
    [['list', 'counters']],
    [['describe', 'sdet', '--json']],
    [['--help']],
    [['list', 'experiments']],
    [['reproduce', 'fd-micro']],
    [[...smallRun, '--for', '1s']],
  ])('is told in one line: %j', async (args) => {
    const full = openSync('/dev/full', 'w')
    const { ended } = start(args, ['ignore', full, 'pipe'])
    closeSync(full)
    const err = 'soakscope: cannot write standard output: the disk is full\n'
    expect(await ended).toEqual({ code: 1, signal: null, err })
  })

  it('is told with its argument, and the other outputs are finished', async () => {
    const full = openSync('/dev/full', 'w')
    const { ended } = start(
      [...smallRun, '--for', '9s', '--vmstat', '-', '--json', inFolder('j.json')],
      ['ignore', full, 'pipe'],
    )
    closeSync(full)
    const err = 'soakscope: --vmstat: cannot write standard output: the disk is full\n'
    expect(await ended).toEqual({ code: 1, signal: null, err })
    expect(report('j.json').simulatedSeconds).toBe(9)
  })
})

describe.skipIf(process.platform === 'win32')('a signal', () => {
  const everything = (): string[] => [
    ...[...smallRun, '--for', '100d', '--every', '10ms', '--vmstat', '-'],
    ...['--json', inFolder('j.json'), '--samples', inFolder('s.csv')],
    ...['--profile', inFolder('p.pb.gz'), '--save-scenario', inFolder('r.json')],
    ...['--at', '500ms', 'fault:orphaned-buffers=1', '--at', '90d', 'reboot'],
  ]
  const written = ['j.json', 'p.pb.gz', 'r.json', 's.csv']

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends the run at its instant, and all is written and says so',
    async (signal) => {
      const { child, ended } = start(everything())
      await read(child, 30_000)
      child.kill(signal)
      const { code, err } = await ended
      expect(code).toBe(130)
      expect(err).toMatch(/^soakscope: interrupted at [\d.]+ s of 8640000 s; what was asked .*\n$/)
      expect(files()).toEqual(written)
      const { interrupted, simulatedSeconds, digest } = report('j.json')
      expect(interrupted).toBe(true)
      const lines = readFileSync(inFolder('s.csv'), 'utf8').trim().split('\r\n')
      expect(lines.length).toBe(1 + Math.floor(simulatedSeconds * 100 + 1e-6))
      const profile = Profile.decode(gunzipSync(readFileSync(inFolder('p.pb.gz'))))
      const comments = profile.comment.map((at) => profile.stringTable.strings[Number(at)])
      expect(comments.at(-1)).toMatch(/^interrupted at [\d.]+ s of 8640000 s$/)
      expect(readFileSync(inFolder('r.json'), 'utf8')).toContain('This run was interrupted at')

      if (signal !== 'SIGINT') return
      // Run again for as long, it is the same run.
      const again = await start(['run', inFolder('r.json'), '--json', inFolder('k.json')]).ended
      expect(again.code).toBe(0)
      expect(report('k.json')).toMatchObject({ digest, simulatedSeconds })
      expect(report('k.json').interrupted).toBeUndefined()
    },
  )

  it('ends at once when it is the second, and leaves no half-written file', async () => {
    // Nobody reads: the run waits for its standard output, and would for ever.
    const { child, ended } = start([
      ...[...smallRun, '--for', '100d', '--every', '10ms', '--samples', '-'],
      ...['--vmstat', inFolder('v.txt'), '--json', inFolder('j.json')],
    ])
    await new Promise((resolve) => child.stdout?.once('readable', resolve))
    child.kill('SIGINT')
    child.kill('SIGTERM')
    child.on('exit', () => child.stdout?.destroy())
    // Which of two pending signals a process sees first is the system's choice.
    const { code, signal } = await ended
    expect(code).toBe(null)
    expect(['SIGINT', 'SIGTERM']).toContain(signal)
    expect(files()).toEqual([])
  })

  it('is the end of the script that started the process, too', async () => {
    const { child } = start(everything(), ['ignore', 'pipe', 'pipe', 'ipc'])
    await read(child, 1000)
    child.disconnect()
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(files()).toEqual(written)
  })

  it('that cannot be heard leaves part files, which the next run removes, but not a living one', async () => {
    // Of the two, vmstat's is written first: when this much of the other is there, it has a part
    // file.
    const outputs = (name: string): string[] => [
      ...[...smallRun, '--for', '100d', '--every', '10ms', '--samples', '-'],
      ...['--vmstat', inFolder(name)],
    ]
    const killed = start(outputs('killed.txt'))
    const living = start(outputs('living.txt'))
    await Promise.all([read(killed.child, 1_000_000), read(living.child, 1_000_000)])
    killed.child.kill('SIGKILL')
    await killed.ended
    const parts = (name: string): number =>
      files().filter((file) => file.startsWith(`.${name}.`) && file.endsWith('.part')).length
    expect([parts('killed.txt'), parts('living.txt')]).toEqual([1, 1])
    const next = start([...smallRun, '--for', '1s', '--json', inFolder('j.json')])
    next.child.stdout?.resume()
    expect((await next.ended).code).toBe(0)
    expect([parts('killed.txt'), parts('living.txt')]).toEqual([0, 1])
    living.child.kill('SIGTERM')
    await living.ended
    expect(files()).toEqual(['j.json', 'living.txt'])
  })
})
