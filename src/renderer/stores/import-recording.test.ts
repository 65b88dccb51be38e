import { expect, it } from 'vitest'
import { importPieceMax, type ImportStep } from '../../shared/recorded-parts'
import { broughtFolder, type Brought } from './brought-files'
import { sendRecording } from './import-recording'

/** A host that puts the files together again, and refuses from some step on. */
function someHost(refusesAt = Infinity) {
  const files = new Map<string, Buffer>()
  const steps: string[] = []
  const send = (step: ImportStep) => {
    if (steps.length >= refusesAt) return Promise.resolve(undefined)
    steps.push(step.step)
    if (step.step === 'piece') {
      expect(step.base64.length).toBeLessThanOrEqual(importPieceMax)
      const before = files.get(step.file) ?? Buffer.alloc(0)
      files.set(step.file, Buffer.concat([before, Buffer.from(step.base64, 'base64')]))
    }
    return Promise.resolve({ id: step.step === 'end' ? step.called : undefined })
  }
  return { files, steps, send }
}
const long = Buffer.from(Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * 7) % 251))
const brought: Brought = {
  called: 'Friday',
  isFolder: true,
  files: [
    new File([long], 'samples-000000000.arrows'),
    new File(['{}'], 'run.json'),
    new File([], 'events.tail.arrows'),
    new File(['x'], 'writer'),
  ],
}

it('sends every file of a recording in pieces, and nothing else that lies there', async () => {
  const host = someHost()
  const sent: number[] = []
  expect(await sendRecording(brought, host.send, (bytes) => sent.push(bytes))).toBe('Friday')
  expect([...host.files.keys()]).toEqual([
    'samples-000000000.arrows',
    'run.json',
    'events.tail.arrows',
  ])
  expect(host.files.get('samples-000000000.arrows')?.equals(long)).toBe(true)
  expect(host.files.get('run.json')?.toString()).toBe('{}')
  expect(sent.at(-1)).toBe(1_000_002)
  expect([host.steps[0], host.steps.at(-1)]).toEqual(['begin', 'end'])
})

it('sends a file by itself as the zip that it is', async () => {
  const host = someHost()
  const zip = { called: 'a.zip', isFolder: false, files: [new File(['PK'], 'a.zip')] }
  expect(await sendRecording(zip, host.send, () => undefined)).toBe('a.zip')
  expect([...host.files.keys()]).toEqual(['archive.zip'])
})

it('stops where the host refuses, and takes back what nobody wants any more', async () => {
  const refusing = someHost(2)
  expect(await sendRecording(brought, refusing.send, () => undefined)).toBeUndefined()
  expect(refusing.steps).toEqual(['begin', 'piece'])
  const host = someHost()
  let wanted = 1
  const id = await sendRecording(
    brought,
    host.send,
    () => undefined,
    () => wanted-- > 0,
  )
  expect(id).toBeUndefined()
  expect(host.steps).toEqual(['begin', 'piece', 'forget'])
})

it('of a chosen folder takes what lies in it, and not in its folders', () => {
  const file = (path: string): File =>
    Object.assign(new File(['x'], path.split('/').at(-1) ?? ''), { webkitRelativePath: path })
  const chosen = broughtFolder([file('Friday/run.json'), file('Friday/old/run.json')])
  expect(chosen).toMatchObject({ called: 'Friday', isFolder: true })
  expect(chosen?.files).toHaveLength(1)
  expect(broughtFolder([])).toBeUndefined()
})
