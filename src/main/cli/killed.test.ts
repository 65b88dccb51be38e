import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomOf } from '../formats/reading/mutate.test-support'
import { opened } from '../recordings/recording.test-support'
import { isRecording } from '../recordings/run-file'
import { commandLine } from './program.test-support'

const { built, cli, inFolder, report } = commandLine({
  'main/cli': '../cli.ts',
  'main/kill': '../cli/kill-at-write.test-support.ts',
})
const kills = Number(process.env['SOAKSCOPE_KILLS'] ?? 10)
/** It ends between two samples, amid an interval of its profile. */
const seconds = 32.5
const all = { from: 0, to: seconds }
const plan = ['sdet', '--set', 'sdet.scripts=1', '--at', '10s', 'reboot', '--for', `${seconds}s`]
const random = randomOf(20_261_128)
const record = (name: string): string[] => ['run', ...plan, '--record', inFolder(name)]

/** The program in a process of its own, which dies within one of its writes. */
async function program(args: readonly string[], env: Record<string, string> = {}) {
  const main = join(built(), 'main')
  const child = spawn(
    process.execPath,
    ['--import', join(main, 'kill.js'), join(main, 'cli.js'), ...args],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let err = ''
  child.stderr.on('data', (text: Buffer) => (err += text.toString()))
  return new Promise<{ signal: string | null; err: string }>((resolve) => {
    child.once('close', (_, signal) => resolve({ signal, err }))
  })
}

/** How often a run writes that nobody kills, its digest and its profile. */
let whole: ReturnType<typeof wholeRun> | undefined
async function wholeRun() {
  const { err } = await program([...record('whole'), '--json', inFolder('whole.json')])
  const profile = await (await opened(inFolder('whole'))).profileBetween(all)
  const writes = Number(/writes (\d+)/.exec(err)?.[1])
  return { writes, digest: report('whole.json').digest, profile }
}

async function killedAndContinued(name: string): Promise<void> {
  const { writes, digest, profile } = await (whole ??= wholeRun())
  expect(writes).toBeGreaterThan(30)
  const at = 1 + Math.floor(random() * writes)
  const part = random()
  const moment = `${name}: write ${at} of ${writes}, ${part} of it`
  const killed = await program(record(name), { KILL_AT: String(at), KILL_PART: String(part) })
  expect([moment, killed.signal]).toEqual([moment, 'SIGKILL'])
  if (!isRecording(inFolder(name))) {
    // It died before there was one.
    expect([moment, (await cli('continue', inFolder(name))).code]).toEqual([moment, 2])
    return
  }
  const cut = await opened(inFolder(name))
  const times = [...cut.rows()].map(({ time }) => time)
  // Nothing is missing but what was being written.
  const lost = cut.missing.filter((words) => !/is torn|does not begin/.test(words))
  expect([moment, lost, times]).toEqual([moment, [], times.map((_, row) => row + 1)])
  const again = await cli('continue', inFolder(name), '--json', inFolder(`${name}.json`))
  expect([moment, again.code, again.err]).toEqual([moment, 0, again.err])
  expect([moment, report(`${name}.json`).digest]).toEqual([moment, digest])
  const now = await opened(inFolder(name))
  const rows = [...now.rows()].length
  expect([moment, now.missing, rows]).toEqual([moment, [], Math.floor(seconds)])
  // Nothing of the profile is there twice or missing.
  expect([moment, await now.profileBetween(all)]).toEqual([moment, profile])
}

describe('a program that is killed while it records', () => {
  // One test for each, whose time is then its own where the machine is busy.
  for (let kill = 0; kill < kills; kill++) {
    it(`loses its last batch at most, and is continued to the same digest: ${kill}`, () =>
      killedAndContinued(`kill-${kill}`))
  }
})
