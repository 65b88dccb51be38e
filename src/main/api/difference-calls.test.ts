import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Profile } from 'pprof-format'
import { expect, it, vi } from 'vitest'
import { success } from '../../shared/result'
import type { ProfileSnapshot } from '../../sim/observe/profile'
import { RecordedRun, someFolder } from '../recordings/recording.test-support'
import { bundledWorker } from '../runs/bundle.test-support'
import type { Saver } from './saving'
import { testedHost, valueOf } from './tested-host.test-support'

const host = testedHost(bundledWorker('synthetic-worker.test-support.ts'))

function cyclesOf({ stacks }: ProfileSnapshot): number {
  const all = stacks.flatMap(({ cycles }) => [...cycles])
  return all.reduce((sum, cycles) => sum + cycles, 0)
}

/** Cycles of the base, which are negative, and of the other. */
function sides(bytes: Uint8Array): [number, number] {
  const profile = Profile.decode(gunzipSync(bytes))
  const text = (at: number | bigint): string => profile.stringTable.strings[Number(at)] ?? ''
  const types = profile.sampleType.map(({ type }) => text(type))
  const cycles = types.indexOf('cycles')
  const sums: [number, number] = [0, 0]
  for (const { value, label } of profile.sample) {
    const isBase = label.some(({ key }) => text(key) === 'pprof::base')
    // pprof-format decodes them without their sign.
    sums[isBase ? 0 : 1] += Number(BigInt.asIntN(64, BigInt(value[cycles] ?? 0)))
  }
  return sums
}

it('saves the profile of a run, or of a recording, with that of another as its base', async () => {
  const folder = someFolder()
  for (const [name, seconds] of [
    ['a', 40],
    ['b', 60],
  ] as const) {
    const run = await RecordedRun.begin(join(folder, name), { seed: seconds })
    run.to(seconds)
    run.recorder.close()
  }
  const saved: { name: string; bytes: Uint8Array }[] = []
  const save: Saver = async ({ name, pieces }) => {
    const all: Buffer[] = []
    for await (const piece of pieces) all.push(Buffer.from(piece))
    saved.push({ name, bytes: Buffer.concat(all) })
    return success({ kind: 'cancelled' })
  }
  const api = host.open(folder, { save })
  valueOf(await api.start({ scenario: 'synthetic', seed: 5, parameters: {} }))
  valueOf(await api.runUntil({ kind: 'time', seconds: 20 }))
  valueOf(await api.pace('max'))
  await vi.waitFor(async () => expect(valueOf(await api.status()).phase).toBe('paused'), 20_000)

  const a = cyclesOf(valueOf(await api.recordingProfile('a', { from: 0, to: 40 })))
  const part = { from: 10, to: 30 }
  const b = cyclesOf(valueOf(await api.recordingProfile('b', part)))
  const run = cyclesOf(valueOf(await api.profile()))
  valueOf(await api.saveDifference({ base: 'a', of: 'b', window: part }))
  valueOf(await api.saveDifference({ base: 'a' }))
  expect(saved.map(({ bytes }) => sides(bytes))).toEqual([
    [-a, b],
    [-a, run],
  ])
  expect(saved[1]?.name).toBe('a-to-synthetic-seed5.pb.gz')
  expect(await api.saveDifference({ base: 'none' })).toMatchObject({
    error: { code: 'bad-argument' },
  })
})
