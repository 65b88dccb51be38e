import { writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { foldByProcedure, type ProfileSnapshot } from '../../sim/observe/profile'
import { gatheredBytes, scenarioExport } from '../formats/exports/exportable.test-support'
import type { Exportable } from '../formats/exports/exportable'
import { formatOf } from '../formats/exports/formats'
import { pprofBytes } from '../formats/reading/pprof-bytes.test-support'
import { recordImport } from './record-import'
import { opened, someFolder } from './recording.test-support'

const parameters = { 'profiler.sampling': 'on' }
const whole = scenarioExport('web', 5, { parameters })
const window = { from: 2, to: 4 }
const part = scenarioExport('web', 5, { parameters, window })

async function brought(name: string, bytes: Uint8Array | string) {
  const path = join(someFolder(), name)
  writeFileSync(path, bytes)
  const folder = join(someFolder(), 'r')
  const made = await recordImport({ path, called: basename(path), folder, known: () => [] })
  if (!made.ok) return made.error.message
  const recording = await opened(folder)
  const profile = await recording.profileBetween({ from: 0, to: recording.seconds })
  if (!profile.ok) throw new Error(profile.error.message)
  return { run: recording.run, profile: profile.value, recording }
}
async function again(kind: Parameters<typeof formatOf>[0], source: Exportable) {
  const name = `herd.${formatOf(kind).endings[0]}`
  const found = await brought(name, await gatheredBytes(formatOf(kind).write(source)))
  if (typeof found === 'string') throw new Error(found)
  return found
}
async function profileIn(source: Exportable): Promise<ProfileSnapshot> {
  const found = await source.profile()
  if (!found.ok) throw new Error(found.error.message)
  return found.value
}
const rowsOf = (profile: ProfileSnapshot) =>
  foldByProcedure(profile).map(({ image, procedure, cycles, samples }) => [
    ...[image, procedure, cycles, samples],
  ])
/** Each stack by the names of its frames, with its cycles by CPU. */
const stacksOf = ({ frames, stacks }: ProfileSnapshot) =>
  stacks
    .filter(({ cycles }) => cycles.some((spent) => spent > 0))
    .map(({ frames: of, cycles }) => [
      of.map((at) => `${frames[at]?.image} ${frames[at]?.procedure}`).join(';'),
      ...cycles,
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))

describe.each([
  ['a run', whole],
  ['a window', part],
] as const)('the profile of %s that was saved is opened again', (_, source) => {
  it('pprof: cycles and samples by stack and CPU', async () => {
    const [was, { profile, run }] = [await profileIn(source), await again('pprof', source)]
    expect(rowsOf(profile)).toEqual(rowsOf(was))
    expect(stacksOf(profile)).toEqual(stacksOf(was))
    expect([profile.clockMHz, profile.cpus]).toEqual([was.clockMHz, was.cpus])
    expect([profile.fromSeconds, profile.toSeconds]).toEqual([was.fromSeconds, was.toSeconds])
    expect(run.imported?.notes).toEqual([])
    expect(run).toMatchObject({ scenario: 'web', seed: 1, digest: source.about.digest })
  })

  it('speedscope: cycles by stack and CPU, out of nanoseconds', async () => {
    const [was, { profile }] = [await profileIn(source), await again('speedscope', source)]
    expect(rowsOf(profile)).toEqual(rowsOf(was))
    expect(stacksOf(profile)).toEqual(stacksOf(was))
    expect([profile.fromSeconds, profile.toSeconds]).toEqual([was.fromSeconds, was.toSeconds])
  })

  it('collapsed stacks: cycles by stack', async () => {
    const [was, { profile, run }] = [await profileIn(source), await again('collapsed', source)]
    const cycles = (all: ProfileSnapshot) => rowsOf(all).map((row) => row.slice(0, 3))
    expect(cycles(profile)).toEqual(cycles(was).filter(([, , spent]) => Number(spent) > 0))
    expect(run.imported?.notes.join()).toContain('what it does not name: shown as cycles')
  })

  it('report and dcpiprof: cycles, and samples, by procedure and image', async () => {
    const was = rowsOf(await profileIn(source))
    const report = rowsOf((await again('report', source)).profile)
    expect(report).toEqual(was)
    const table = rowsOf((await again('dcpiprof', source)).profile)
    const sampled = was.map(([image, procedure, , samples]) => [image, procedure, samples])
    const byName = (rows: readonly (readonly unknown[])[]) => rows.map(String).sort()
    expect(byName(table.map((row) => row.slice(0, 3)))).toEqual(
      byName(sampled.filter(([, , samples]) => Number(samples) > 0)),
    )
  })

  it('is written again from the recording as it was', async () => {
    const { recording } = await again('pprof', source)
    const { exportableRecording } = await import('../api/exportable-recording')
    const twice = await again('pprof', exportableRecording(recording, { scenarios: [] }, undefined))
    expect(stacksOf(twice.profile)).toEqual(stacksOf(await profileIn(source)))
  })
})

describe('a profile of another program', () => {
  const pprof = (values: readonly number[], unit = 'nanoseconds'): Buffer =>
    Buffer.from(
      pprofBytes({
        types: [['cpu', unit]],
        frames: [
          { id: 1, names: ['main'] },
          { id: 2, names: ['work'] },
        ],
        samples: values.map((value, at) => [at % 2 ? [2, 1] : [1], [value]] as const),
        seconds: 2,
      }),
    )

  it('is shown in cycles of a nanosecond, which is said', async () => {
    const found = await brought('cpu.pb.gz', pprof([3e6, 5e6]))
    if (typeof found === 'string') throw new Error(found)
    expect(rowsOf(found.profile)).toEqual([
      ['', 'work', 5e6, 0],
      ['', 'main', 3e6, 0],
    ])
    expect([found.profile.fromSeconds, found.profile.toSeconds]).toEqual([0, 2])
    expect(found.run.imported?.notes.join()).toContain('its cycles are shown one a nanosecond')
  })

  it('has fractions in thousandths, and the innermost of very deep stacks', async () => {
    const deep = `${Array.from({ length: 500 }, (_, at) => `f${at}`).join(';')} 1.5\nmain;g 0.25\n`
    const found = await brought('deep.txt', deep)
    if (typeof found === 'string') throw new Error(found)
    expect(rowsOf(found.profile)).toEqual([
      ['', 'f499', 1500, 0],
      ['', 'g', 250, 0],
    ])
    expect(Math.max(...found.profile.stacks.map(({ frames }) => frames.length))).toBe(200)
    expect(found.run.imported?.notes.join()).toContain('its counts are fractions')
  })

  it('is told whichever field its writer begins with', async () => {
    const fields = pprof([3, 5])
    // As Go writes it: time_nanos comes first.
    const began = Buffer.concat([Buffer.from([0x48, 0x01]), fields])
    expect(await brought('go.pprof', began)).not.toBeTypeOf('string')
    expect(await brought('go.pb.gz', gzipSync(began))).not.toBeTypeOf('string')
  })

  it('may have procedures that call no other', async () => {
    const found = await brought('alone.txt', 'base_only 50\nboth 25\n')
    if (typeof found === 'string') throw new Error(found)
    expect(rowsOf(found.profile).map(([, name, cycles]) => [name, cycles])).toEqual([
      ['base_only', 50],
      ['both', 25],
    ])
    expect(await brought('words.txt', 'the answer is 42\n')).toContain('none of what')
  })

  it('is refused where it is a difference, empty, damaged or too much', async () => {
    expect(await brought('d.pb.gz', pprof([3, -5]))).toContain('is a difference of profiles')
    expect(await brought('e.pb.gz', pprof([0, 0]))).toContain('with nothing in it')
    expect(await brought('c.txt', 'a;b 1\na;c 2\nand so on\n')).not.toBeTypeOf('string')
    const stacks = Array.from({ length: 200_000 }, (_, at) => `a;b${at} 1\n`).join('')
    expect(await brought('m.txt', stacks)).toContain('more than 190000 call stacks')
    const torn = (await gatheredBytes(formatOf('pprof').write(whole))).subarray(0, 5000)
    expect(await brought('t.pb.gz', torn)).toContain('is cut off: its gzip data ends too early')
    expect(await brought('h.pb.gz', torn.subarray(0, 12))).toContain('is cut off')
    const one = gzipSync(pprof([1, 2]))
    expect(await brought('2.pb.gz', Buffer.concat([one, one]))).toMatch(/concatenated.*profile$/)
    expect(await brought('x.txt', 'once upon a time\n')).toContain('none of what can be opened')
  })
})
