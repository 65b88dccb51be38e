import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import type { RunReport } from '../src/main/formats/run-report'
import { expect, test } from './fixtures'

const root = path.resolve(import.meta.dirname, '..')

/** The run's own lines of `vmstat 1`: two of header, then one per sample. */
const header = [
  '   procs                      memory    swap          io     system         cpu',
  ' r  b  w   swpd   free   buff  cache  si  so    bi    bo   in    cs  us  sy  id',
]

test('saves all five kinds of one instant, and they agree with each other', async ({
  atRest: app,
}) => {
  await app.runTo('00:00:40')

  const json = await app.save('json')
  expect(json.name).toMatch(/\.json$/)
  const report = JSON.parse(json.bytes.toString()) as RunReport
  expect(report.scenario).toBe('sdet')
  expect(report.simulatedSeconds).toBe(40)
  const cycles = report.profile.reduce((sum, row) => sum + row.cycles, 0)

  const vmstat = await app.save('vmstat')
  expect(vmstat.name).toMatch(/\.txt$/)
  const lines = vmstat.bytes.toString().trimEnd().split('\n')
  expect(lines.slice(0, 2)).toEqual(header)
  const rows = lines.filter((line) => /^[ \d]+$/.test(line))
  expect(rows).toHaveLength(40)
  const onScreen = await app.vmstatLines.last().innerText()
  expect(onScreen.split(/\s+/).filter((cell) => /^\d+$/.test(cell))).toEqual(
    rows.at(-1)?.trim().split(/\s+/),
  )

  const csv = await app.save('csv')
  expect(csv.name).toMatch(/\.csv$/)
  const [head = '', ...samples] = csv.bytes.toString().trimEnd().split('\r\n')
  const columns = head.split(',')
  expect(columns[0]).toBe('time [s]')
  expect(columns).toContain('memory.buffers [kB]')
  expect(samples).toHaveLength(40)
  const last = samples.at(-1)?.split(',').map(Number) ?? []
  expect(last[0]).toBe(40)
  expect(last[columns.indexOf('memory.buffers [kB]')]).toBe(report.counters['memory.buffers']?.last)

  const pprof = await app.save('pprof')
  expect(pprof.name).toMatch(/\.pb\.gz$/)
  const profile = Profile.decode(gunzipSync(pprof.bytes))
  const types = profile.sampleType.map(({ type }) => profile.stringTable.strings[Number(type)])
  const cyclesAt = types.indexOf('cycles')
  const inPprof = profile.sample.reduce((sum, one) => sum + Number(one.value[cyclesAt]), 0)
  expect(inPprof / cycles).toBeCloseTo(1, 6)

  const collapsed = await app.save('collapsed')
  const stacks = collapsed.bytes.toString().trimEnd().split('\n')
  expect(stacks.filter((line) => !/^[^;]+(;[^;]+)* \d+$/.test(line))).toEqual([])
  const inStacks = stacks.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  expect(inStacks / cycles).toBeCloseTo(1, 6)

  // Of a brushed window only what was executed in it.
  const strip = app.page.getByRole('slider', { name: 'Instant on the timeline' })
  await strip.focus()
  await strip.press('Home')
  for (let pages = 0; pages < 5; pages++) await strip.press('Shift+PageDown')
  await expect(app.page.getByTitle('Clear the brushed window (X)')).toHaveText(/00:00:00.*00:00:15/)
  const part = await app.save('collapsed')
  const inPart = part.bytes
    .toString()
    .trimEnd()
    .split('\n')
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
  // Every cycle of every CPU is charged once, idle ones too.
  expect(inPart / cycles).toBeCloseTo(15 / 40, 4)
  expect(part.name).not.toBe(collapsed.name)
})

test('the window and the command line compute the same run', async ({ open }) => {
  const app = await open({
    env: { SOAKSCOPE_SEED: '7', SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' },
  })
  await app.isPaused()
  await app.runTo('00:00:20')
  const shown = await app.report()
  expect(shown).toMatchObject({ seed: 7, simulatedSeconds: 20 })

  const args = ['out/main/cli.js', 'run', 'sdet', '--seed', '7', '--for', '20s', '--json', '-']
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    maxBuffer: 64 * 2 ** 20,
  })
  const printed = JSON.parse(stdout) as RunReport
  expect(printed.digest).toBe(shown.digest)
  expect(printed.events).toBe(shown.events)
  expect(printed.profile).toEqual(shown.profile)
})
