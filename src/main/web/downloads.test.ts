import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writerTag } from '../formats/part-files'
import { DownloadFolder } from './download-folder'
import { Downloads } from './downloads'

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'soakscope-downloads-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const errors: unknown[] = []
const open = (): Downloads =>
  new Downloads((error) => errors.push(error), new DownloadFolder(parent))
const file = (text: string) => ({ name: 'j.json', kind: 'json', pieces: [text] }) as const
const folders = (): string[] => readdirSync(parent)

it('saves again after its folder was cleaned away, and says why when it cannot', async () => {
  const downloads = open()
  expect(await downloads.offer(file('{}'))).toMatchObject({ ok: true, value: { bytes: 2 } })
  for (const name of folders()) rmSync(join(parent, name), { recursive: true })
  expect(await downloads.offer(file('[1]'))).toMatchObject({ ok: true, value: { bytes: 3 } })
  expect(folders().length).toBe(1)
  rmSync(parent, { recursive: true })
  const message = 'cannot make a folder for what is saved: its folder does not exist'
  expect(await downloads.offer(file('{}'))).toMatchObject({ ok: false, error: { message } })
  mkdirSync(parent)
  expect(await downloads.offer(file('{}'))).toMatchObject({ ok: true })
  await downloads.close()
  expect(folders()).toEqual([])
  expect(errors).toEqual([])
})

it('has one folder for files that are saved at once, of which the latest eight wait', async () => {
  const downloads = open()
  const saved = await Promise.all(Array.from({ length: 50 }, () => downloads.offer(file('{}'))))
  expect(saved.filter(({ ok }) => !ok)).toEqual([])
  const [folder = '', ...more] = folders()
  expect(more).toEqual([])
  expect(readdirSync(join(parent, folder)).length).toBe(8)
  await downloads.close()
  expect(folders()).toEqual([])
})

it.skipIf(process.platform === 'win32')(
  'removes what a killed server has left, and nothing of a living one or of others',
  async () => {
    const ended = spawnSync(process.execPath, ['-e', '']).pid
    const [host = ''] = writerTag().split('-')
    const kept = [
      `soakscope-${writerTag()}-aBc123`,
      `soakscope-00000000-${ended}-1-aBc123`,
      `soakscope-${host}-${ended}-1-aBc123-more`,
      'soakscope-e2e-aBc123',
    ]
    const left = `soakscope-${host}-${ended}-1-aBc123`
    for (const name of [...kept, left]) {
      mkdirSync(join(parent, name))
      writeFileSync(join(parent, name, 'file'), 'x')
    }
    const downloads = open()
    await downloads.offer(file('{}'))
    expect(existsSync(join(parent, left))).toBe(false)
    expect(folders()).toEqual(expect.arrayContaining(kept))
    await downloads.close()
    expect(folders().sort()).toEqual(kept.sort())
  },
)
