import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkWritable, writeWhole } from './write-file'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soakscope-write-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('writing a file', () => {
  it('writes all pieces and leaves nothing else behind', async () => {
    const path = join(folder, 'a.csv')
    expect(await writeWhole(path, ['a,', 'b\n', Uint8Array.of(99, 10)])).toEqual({
      ok: true,
      value: 6,
    })
    expect(readFileSync(path, 'utf8')).toBe('a,b\nc\n')
    expect(readdirSync(folder)).toEqual(['a.csv'])
  })

  it('leaves the old file as it was when the pieces cannot be made', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, 'old')
    function* broken(): Generator<string> {
      yield 'new'
      throw new Error('no more')
    }
    const written = await writeWhole(path, broken())
    expect(written).toMatchObject({ ok: false, error: { code: 'cannot-write' } })
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['a.csv'])
  })

  it('says in one line why it cannot: no folder, a folder, a file in the way', async () => {
    writeFileSync(join(folder, 'file'), '')
    const why = async (path: string): Promise<string> => {
      const written = await writeWhole(path, ['x'])
      const checked = await checkWritable(path)
      expect(checked).toEqual(written)
      if (written.ok) throw new Error(`${path} was written`)
      return written.error.message.replace(folder, '')
    }
    expect(await why(join(folder, 'none', 'a.csv'))).toBe(
      'cannot write /none/a.csv: its folder does not exist',
    )
    expect(await why(folder)).toBe('cannot write : it is a folder; name a file')
    expect(await why(join(folder, 'file', 'a.csv'))).toBe(
      'cannot write /file/a.csv: a part of its path is a file',
    )
    expect(await why(join(folder, 'n'.repeat(300)))).toContain('its name is too long')
  })

  it('writes through a symbolic link and to a device without replacing it', async () => {
    const path = join(folder, 'real')
    writeFileSync(path, 'old')
    symlinkSync(path, join(folder, 'link'))
    await writeWhole(join(folder, 'link'), ['new'])
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(readdirSync(folder).sort()).toEqual(['link', 'real'])
    expect(await writeWhole('/dev/null', ['x'])).toEqual({ ok: true, value: 1 })
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  it('checks beforehand without leaving anything behind', async () => {
    expect(await checkWritable(join(folder, 'later.json'))).toEqual({ ok: true, value: undefined })
    expect(readdirSync(folder)).toEqual([])
  })
})
