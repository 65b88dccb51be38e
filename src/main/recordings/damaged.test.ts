import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ArrowStream } from './arrow/read-stream'
import { loadZstd } from '../formats/zstd'
import { recordingsIn } from './library'
import { bytesOf } from './recorder'
import { Recording } from './recording'
import { hasty, RecordedRun, someFolder } from './recording.test-support'

const files = new Map<string, Buffer>()
/** A short one, with its tails and what they have become. */
const few = new Map<string, Buffer>()
const fewSeconds = 300
const samples = 'samples-000000000.arrows'
/** Rows of its batches: two, and a tail of a hundred. */
const batch = 1200

beforeAll(async () => {
  const folder = someFolder()
  const run = await RecordedRun.begin(folder, {}, hasty())
  run.to(2500, 50)
  // As a killed program leaves it: with tails, and never closed.
  keep(folder, files)
  run.recorder.close()
  const shorter = await RecordedRun.begin(someFolder(), {}, hasty())
  shorter.to(fewSeconds, 50)
  keep(shorter.recorder.folder, few)
  shorter.recorder.close()
  for (const name of few.keys()) rmSync(join(shorter.recorder.folder, name))
  keep(shorter.recorder.folder, few)
})

function keep(folder: string, into: Map<string, Buffer>): void {
  for (const name of readdirSync(folder)) {
    if (name !== 'writer') into.set(name, readFileSync(join(folder, name)))
  }
}

/** The recording with something done to it. */
function broken(change: (folder: string) => void, of = files): string {
  const folder = someFolder()
  for (const [name, bytes] of of) writeFileSync(join(folder, name), bytes)
  change(folder)
  return folder
}
const flip = (folder: string, name: string, at: number, mask = 0x10): void => {
  const bytes = readFileSync(join(folder, name))
  bytes[at] = (bytes[at] ?? 0) ^ mask
  writeFileSync(join(folder, name), bytes)
}

/** Reads everything of a recording that can be asked for. */
async function readAll(folder: string) {
  const recording = await Recording.open(folder)
  if (!recording.ok) return recording.error.message
  const times = [...recording.value.rows()].map(({ time }) => time)
  const profile = await recording.value.profileBetween({ from: 0, to: 2500 })
  const range = recording.value.rangeNow({ from: 0, to: 2500, rows: 100 })
  return { recording: recording.value, times, profile, range, missing: recording.value.missing }
}
async function read(folder: string) {
  const all = await readAll(folder)
  if (typeof all === 'string') throw new Error(all)
  return all
}

describe('a recording', () => {
  it('that is torn gives every whole batch, and says that its last one is lost', async () => {
    const size = files.get(samples)?.length ?? 0
    const torn = await read(broken((folder) => truncateSync(join(folder, samples), size - 10)))
    expect(torn.missing).toEqual([`${samples} is torn; its last batch is lost`])
    expect(torn.times.filter((time) => time <= batch)).toEqual(
      Array.from({ length: batch }, (_, index) => index + 1),
    )
    // The tail goes on after it.
    expect(torn.times.at(-1)).toBe(2500)
  })

  it('with a flipped bit loses that batch, says so, and has those behind it', async () => {
    const body = await read(broken((folder) => flip(folder, samples, 9000)))
    expect(body.missing.join()).toMatch(/\d+ rows of samples up to 1200 are damaged/)
    expect(body.times[0]).toBe(batch + 1)
    const stream = ArrowStream.open(
      join(
        broken(() => undefined),
        samples,
      ),
    )
    const start = stream?.batches[0]?.start ?? 0
    for (const at of [start, start + 5, start + 40, start + 200]) {
      const head = await read(broken((folder) => flip(folder, samples, at)))
      expect(head.missing.join()).toMatch(/damaged bytes of samples/)
      // Tiers had not been written when it was killed; the batch behind is whole.
      expect(head.times[0]).toBe(batch + 1)
      expect(head.times.at(-1)).toBe(2500)
    }
  })

  it('that lacks a file, or has an empty or a foreign one, has the rest', async () => {
    const without = await read(broken((folder) => rmSync(join(folder, samples))))
    expect(without.times.at(-1)).toBe(2500)
    expect(without.range.samples.rows).toBeGreaterThan(0)
    for (const [bytes, words] of [
      [Buffer.alloc(0), 'does not begin as a log'],
      [Buffer.from('PAR1 something else'), 'does not begin as a log'],
      [files.get('events.tail.arrows') ?? Buffer.alloc(0), 'does not begin as a log'],
    ] as const) {
      const odd = await read(broken((folder) => writeFileSync(join(folder, samples), bytes)))
      expect(odd.missing.join()).toContain(words)
      expect(odd.times.at(-1)).toBe(2500)
    }
    const folderThere = await read(
      broken((folder) => {
        rmSync(join(folder, samples))
        mkdirSync(join(folder, samples))
      }),
    )
    expect(folderThere.missing.join()).toContain(`${samples} cannot be read`)
  })

  it('that is none, is newer, or has a run.json that is not right is refused by name', async () => {
    const run = JSON.parse(files.get('run.json')?.toString() ?? '') as object
    const refused = async (contents: string): Promise<unknown> =>
      readAll(broken((folder) => writeFileSync(join(folder, 'run.json'), contents)))
    expect(await readAll(someFolder())).toContain('is no recording: cannot read')
    expect(await readAll('/nowhere/at/all')).toContain('is no recording')
    expect(await refused('{')).toContain('its run.json is not JSON')
    expect(await refused('[]')).toContain('is no recording')
    expect(await refused(JSON.stringify({ ...run, soakscope: 'scenario' }))).toContain(
      'run.json of a recording has "soakscope": "recording"',
    )
    expect(await refused(JSON.stringify({ ...run, version: 4 }))).toContain(
      'it has version 4, and this Soakscope reads up to 3; take a newer one',
    )
    expect(await refused(JSON.stringify({ ...run, counters: [] }))).toContain('counters')
    expect(
      await refused(JSON.stringify({ ...run, machine: { cpus: 1e9, clockMHz: 1 } })),
    ).toContain('machine')
    expect(await refused(JSON.stringify({ ...run, note: 'of a later one' }))).toMatchObject({
      missing: [],
    })
  })

  it('is read, or refused in words, whatever was done to its bytes', async () => {
    // A linear congruential generator: the same changes with every run.
    let state = 20_261_127
    const below = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * bound)
    }
    const names = [...few.keys()].sort()
    const zstd = await loadZstd()
    for (let round = 0; round < 400; round++) {
      const before = state
      const name = names[below(names.length)] ?? samples
      let bytes = Buffer.from(few.get(name) ?? [])
      for (let change = 0; change <= below(4); change++) {
        const at = below(bytes.length)
        switch (below(6)) {
          case 0:
            bytes = bytes.subarray(0, at)
            break
          case 1:
            bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + below(64))])
            break
          case 2:
            bytes = Buffer.concat([
              bytes.subarray(0, at),
              bytes.subarray(below(at), at),
              bytes.subarray(at),
            ])
            break
          case 3:
            bytes.fill(below(2) * 255, at, Math.min(bytes.length, at + below(64)))
            break
          default:
            if (bytes.length > 0) bytes[at] = below(256)
        }
      }
      const folder = broken((at) => writeFileSync(join(at, name), bytes), few)
      const all = await readAll(folder).catch((error: unknown) => {
        throw new Error(`state ${before}, ${name}: ${String(error)}`)
      })
      // No sample is made up: what is given was written.
      if (typeof all === 'object') {
        expect([
          before,
          name,
          all.times.every((time) => Number.isInteger(time) && time > 0 && time <= fewSeconds),
        ]).toEqual([before, name, true])
      }
      if (!name.endsWith('.arrows')) continue
      // Without checksums' help: heads and bodies are looked at whatever they are.
      const stream = ArrowStream.open(join(folder, name))
      for (const batch of stream?.batches ?? []) {
        stream?.read(
          batch,
          stream.columns.map((_, c) => c),
          zstd,
        )
      }
    }
  })
})

describe.skipIf(process.platform === 'win32')('what is no file in a recording', () => {
  const kinds: [string, (path: string) => void][] = [
    ['a pipe that nobody writes to', (path) => spawnSync('mkfifo', [path])],
    ['a device without an end', (path) => symlinkSync('/dev/zero', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
    ['a folder', (path) => mkdirSync(path)],
  ]
  const instead = (folder: string, name: string, make: (path: string) => void): void => {
    rmSync(join(folder, name), { force: true })
    make(join(folder, name))
  }

  it.each(kinds)('%s in place of a log is said, and not waited for', async (_, make) => {
    const folder = broken((at) => instead(at, 'samples.tail.arrows', make))
    const { missing, times } = await read(folder)
    expect(missing.join()).toContain('samples.tail.arrows cannot be read')
    expect(times.at(-1)).toBe(2 * batch)
    expect(bytesOf(folder)).toBeGreaterThan(0)
  })

  it.each(kinds)('%s beside others or in one leaves the library whole', (_, make) => {
    const library = someFolder()
    cpSync(
      broken(() => undefined),
      join(library, 'whole'),
      { recursive: true },
    )
    instead(join(library, 'whole'), 'writer', make)
    make(join(library, 'other'))
    mkdirSync(join(library, 'none'))
    make(join(library, 'none', 'run.json'))
    expect(recordingsIn(library).map(({ folder }) => folder)).toEqual([join(library, 'whole')])
  })
})

describe('continuing a damaged recording', () => {
  it('makes it whole again', async () => {
    const whole = await read(broken(() => undefined))
    for (const change of [
      (folder: string) => flip(folder, samples, 9000),
      (folder: string) => truncateSync(join(folder, samples), 20_000),
      (folder: string) => rmSync(join(folder, 'samples.tail.arrows')),
      (folder: string) => flip(folder, 'profile.tail.arrows', 3000),
      (folder: string) => cpSync(join(folder, 'events.tail.arrows'), join(folder, samples)),
    ]) {
      const folder = broken(change)
      const { recording } = await read(folder)
      const { run, digests } = recording
      const again = await RecordedRun.begin(folder, {}, hasty(), { run, digests })
      again.to(2500, 50)
      again.recorder.close()
      expect(again.recorder.stopped).toBe('closed')
      const mended = await read(folder)
      expect(mended.missing).toEqual([])
      expect(mended.times).toEqual(whole.times)
      expect(mended.profile).toEqual(whole.profile)
    }
  })
})
