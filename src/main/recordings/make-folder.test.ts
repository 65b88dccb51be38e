import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeFolder } from './make-folder'

describe('a folder that is made', () => {
  let root = ''
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'make-folder-'))))
  afterEach(() => rmSync(root, { recursive: true }))

  it('comes with those above it, and may be there', () => {
    const folder = path.join(root, 'a', 'b', 'c')
    makeFolder(folder)
    makeFolder(folder)
    makeFolder(`${path.join(root, 'd', 'e')}/`)
    expect(statSync(folder).isDirectory()).toBe(true)
    expect(statSync(path.join(root, 'd', 'e')).isDirectory()).toBe(true)
  })

  it('is refused under a file', () => {
    writeFileSync(path.join(root, 'file'), '')
    expect(() => makeFolder(path.join(root, 'file'))).toThrow(/EEXIST/)
    expect(() => makeFolder(path.join(root, 'file', 'x'))).toThrow(/ENOTDIR/)
  })

  it.skipIf(!existsSync('/proc/self'))('is refused at once where none can be made', () => {
    expect(() => makeFolder('/proc/no-such-folder/x')).toThrow(/ENOENT/)
  })
})
