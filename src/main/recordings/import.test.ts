import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RecordingImport } from './import'
import { listRecordings } from './library'
import { Recording } from './recording'
import { RecordedRun, someFolder } from './recording.test-support'
import { zipOf, type ZipEntry } from './zip.test-support'

async function recorded(seconds = 100): Promise<string> {
  const folder = join(someFolder(), 'Friday')
  const run = await RecordedRun.begin(folder)
  run.to(seconds)
  run.recorder.stands({ state: 'ended', reason: '', seconds, events: 1, digest: 'd' })
  run.recorder.close()
  return folder
}
const filesOf = (folder: string): ZipEntry[] =>
  readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
/** In pieces, as a page sends it. */
function send(into: RecordingImport, name: string, bytes: Uint8Array, piece = 1000): void {
  for (let at = 0; at < Math.max(1, bytes.length); at += piece) {
    expect(into.add(name, bytes.subarray(at, at + piece))).toMatchObject({ ok: true })
  }
}
/** What becomes of a zip with these files. */
function unzipped(library: string, entries: readonly ZipEntry[], bytesMax = 1e9) {
  const into = new RecordingImport(library, bytesMax)
  send(into, 'archive.zip', zipOf(entries), 100_000)
  return into.end('Friday.zip')
}
const errorOf = (result: { ok: boolean; error?: { message: string } }): string =>
  result.error?.message ?? ''

it('takes the files of a folder, and the recording is the same and kept', async () => {
  const from = await recorded()
  const library = join(someFolder(), 'library')
  const into = new RecordingImport(library, 1e9)
  for (const { name, bytes } of filesOf(from)) send(into, name, bytes)
  expect(await into.end('Friday')).toEqual({ ok: true, value: 'Friday' })
  const [there, came] = [await Recording.open(from), await Recording.open(join(library, 'Friday'))]
  if (!there.ok || !came.ok) throw new Error('cannot be opened')
  expect([...came.value.rows()]).toEqual([...there.value.rows()])
  expect(came.value.run).toEqual({ ...there.value.run, kept: true })
  expect(readdirSync(library)).toEqual(['Friday'])
})

it('takes a zip of it, with whatever else is in the zip left out', async () => {
  const from = await recorded()
  const library = someFolder()
  const inFolder = filesOf(from).map(({ name, bytes }) => ({ name: `runs/Friday/${name}`, bytes }))
  const other = { name: '__MACOSX/runs/Friday/._run.json', bytes: Buffer.from('x') }
  const writer = { name: 'runs/Friday/writer', bytes: Buffer.from('somebody') }
  const entries = [{ name: 'runs/', bytes: Buffer.alloc(0) }, other, writer, ...inFolder]
  expect(await unzipped(library, entries)).toEqual({ ok: true, value: 'Friday' })
  expect(readdirSync(join(library, 'Friday'))).toEqual(readdirSync(from))
  const again = await unzipped(library, entries)
  expect(again, 'the very same is there already').toEqual({ ok: true, value: 'Friday' })
  expect(listRecordings(library)).toHaveLength(1)
})

it('another run of the same name gets a name of its own', async () => {
  const library = someFolder()
  await unzipped(library, filesOf(await recorded(100)))
  expect(await unzipped(library, filesOf(await recorded(200)))).toEqual({
    ok: true,
    value: 'Friday-2',
  })
})

it('refuses a zip that leads out of its folder, and writes nothing anywhere', async () => {
  const from = await recorded()
  for (const name of ['../../evil.arrows', '/tmp/evil-soakscope.arrows', 'a/../../run.json']) {
    const library = someFolder()
    const result = await unzipped(library, [...filesOf(from), { name, bytes: Buffer.from('evil') }])
    expect(errorOf(result), name).toMatch(/^Friday\.zip: it cannot be unpacked: .*path/)
    expect(readdirSync(library), name).toEqual([])
    expect(existsSync(join(library, '..', 'evil.arrows'))).toBe(false)
  }
})

it('refuses what is larger than it may be, says more than it has, or is no recording', async () => {
  const from = await recorded()
  const library = someFolder()
  const bomb = { name: 'samples-000000000.arrows', bytes: Buffer.alloc(3e6) }
  const entries = [...filesOf(from), bomb]
  expect(errorOf(await unzipped(library, entries, 1e6))).toMatch(/unpacked it is larger/)
  const liar = [{ ...bomb, claims: 10 }, ...filesOf(from)]
  expect(errorOf(await unzipped(library, liar))).toMatch(/cannot be unpacked: too many bytes/)
  expect(errorOf(await unzipped(library, [bomb]))).toMatch(/it has no run\.json in it/)
  const two = filesOf(from).map(({ name, bytes }) => ({ name: `other/${name}`, bytes }))
  expect(errorOf(await unzipped(library, [...two, ...filesOf(from)]))).toMatch(/several run\.json/)
  const into = new RecordingImport(library, 1000)
  expect(errorOf(into.add('run.json', Buffer.alloc(1001)))).toMatch(/larger than all/)
  expect(errorOf(into.add('../run.json', Buffer.alloc(1)))).toMatch(/no file of a recording/)
  expect(errorOf(into.add('writer', Buffer.alloc(1)))).toMatch(/no file of a recording/)
  into.forget()
  const damaged = new RecordingImport(library, 1000)
  send(damaged, 'run.json', Buffer.from('{"soakscope":'))
  expect(errorOf(await damaged.end('mine'))).toMatch(/^mine is no recording: .*not JSON/)
  const rubbish = new RecordingImport(library, 1000)
  send(rubbish, 'archive.zip', Buffer.alloc(100, 7))
  expect(errorOf(await rubbish.end('mine.zip'))).toMatch(/^mine\.zip: it cannot be unpacked/)
  expect(readdirSync(library)).toEqual([])
})
