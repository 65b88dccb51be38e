import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partDone, partName, sweepParts } from './part-files'
import { placeOf, reasonOf } from './place'
import { checkPlace, writeWhole } from './write-file'

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
      if (written.ok) throw new Error(`${path} was written`)
      expect(written.error.message).toBe(`cannot write ${path}: ${whyNot(path)}`)
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
    expect(await why(join(folder, 'new/'))).toContain('it is a folder; name a file')
    expect(await why('')).toBe('cannot write : the name is empty; name a file')
    symlinkSync('b', join(folder, 'a'))
    symlinkSync('a', join(folder, 'b'))
    expect(await why(join(folder, 'a'))).toContain('its links lead round in a circle')
  })

  it.runIf(existsSync('/dev/full'))('says that the disk is full', async () => {
    expect(await writeWhole('/dev/full', ['x'])).toMatchObject({
      error: { message: 'cannot write /dev/full: the disk is full' },
    })
  })

  it('takes a name as long as the file system has, which is longer with the part', async () => {
    const path = join(folder, 'ä'.repeat(127))
    expect(await writeWhole(path, ['x'])).toEqual({ ok: true, value: 1 })
    expect(readdirSync(folder)).toEqual([basename(path)])
  })

  it.skipIf(process.platform === 'win32')('keeps the mode of the file that was there', async () => {
    const path = join(folder, 'private')
    for (const mode of [0o600, 0o640, 0o666]) {
      writeFileSync(path, 'old')
      chmodSync(path, mode)
      await writeWhole(path, ['new'])
      expect(statSync(path).mode & 0o7777).toBe(mode)
    }
  })

  it('writes to where a dangling link leads, over several links and from folder to folder', async () => {
    mkdirSync(join(folder, 'sub'))
    symlinkSync('sub/second', join(folder, 'first'))
    symlinkSync('../target', join(folder, 'sub/second'))
    expect(await writeWhole(join(folder, 'first'), ['new'])).toMatchObject({ ok: true })
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('new')
    expect(readlinkSync(join(folder, 'first'))).toBe('sub/second')
    expect(readdirSync(folder).sort()).toEqual(['first', 'sub', 'target'])
    symlinkSync('none/target', join(folder, 'lost'))
    expect(whyNot(join(folder, 'lost'))).toBe('its folder does not exist')
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

  it('checks beforehand without leaving anything behind', () => {
    checkPlace(placeOf(join(folder, 'later.json')))
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('part files', () => {
  const part = (writer: string): string => {
    const name = `.a.json.${writer}-01234567.part`
    writeFileSync(join(folder, name), '')
    return name
  }
  /** Host, process and start of a part file of this process. */
  const own = (): [string, string, string] => {
    const name = partName(placeOf(join(folder, 'x')))
    partDone(name)
    const [, host = '', pid = '', start = ''] = /\.(\w+)-(\d+)-(\d+)-\w+\.part$/.exec(name) ?? []
    return [host, pid, start]
  }

  it('are removed when their writer is gone, and no others', () => {
    const [host, pid, start] = own()
    const { pid: ended } = spawnSync(process.execPath, ['--version'])
    const kept = [
      part(`${host}-${pid}-${start}`),
      // Another machine that shares the folder has processes of its own.
      part(`00000000-${ended}-1`),
      '.part',
      '.notes.part',
      'a.json.part',
    ]
    for (const name of kept.slice(2)) writeFileSync(join(folder, name), '')
    const ofFolder = `.b.${host}-${ended}-1-01234567.part`
    mkdirSync(join(folder, ofFolder))
    part(`${host}-${ended}-1`)
    part(`${host}-${ended}-0`)
    // The number of a process is used again; when it began tells the two apart, where it can be
    // known.
    if (start !== '0') part(`${host}-${pid}-${Number(start) + 1}`)
    sweepParts(folder)
    expect(readdirSync(folder).sort()).toEqual([...kept, ofFolder].sort())
  })
})

/** What `checkPlace` says of a path. */
function whyNot(path: string): string {
  try {
    checkPlace(placeOf(path))
  } catch (error) {
    return reasonOf(error)
  }
  return 'nothing'
}
