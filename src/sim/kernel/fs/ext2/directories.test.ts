import { describe, expect, it } from 'vitest'
import { wrongWith } from '../../kernel-invariants.test-support'
import { pass, run, smallMachine } from '../../small-machine.test-support'
import { DescriptorError } from '../descriptor-table'
import { lostIn } from '../file-system-invariants.test-support'
import { get, inodeOf, kilobyte, put } from './ext2-files.test-support'
import type { Ext2Inode } from './inode'

describe('names', () => {
  it('that are not there are told as such', () => {
    const m = smallMachine()
    const { root } = m.kernel.fs
    run(m, function* (task) {
      expect(yield* m.calls.open(task, root, 'none')).toBe(DescriptorError.noSuchFile)
      expect(yield* m.calls.open(task, root, 'none', 'write')).toBe(DescriptorError.noSuchFile)
      expect(yield* m.calls.stat(task, root, 'none')).toBeUndefined()
      expect(yield* m.calls.unlink(task, root, 'none')).toBe(false)
      expect(yield* m.calls.rmdir(task, root, 'none')).toBe(false)
      expect(yield* m.calls.rename(task, root, 'none', root, 'other')).toBe(false)
      expect(yield* m.calls.list(task, root)).toEqual([])
    })
  })

  it('a descriptor that is not open is a bug of the program', () => {
    const m = smallMachine()
    expect(() => run(m, (task) => m.calls.close(task, 3))).toThrow(/descriptor 3/)
  })

  it('a renamed file is the same file under the new name only', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const other = fs.installDirectory(fs.root, 'other', 3)
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'old', 5000)
      const inode = inodeOf(fs.root, 'old')
      expect(yield* m.calls.rename(task, fs.root, 'old', fs.root, 'new')).toBe(true)
      expect(yield* m.calls.stat(task, fs.root, 'old')).toBeUndefined()
      expect(yield* m.calls.stat(task, fs.root, 'new')).toBe(5000)
      expect(yield* m.calls.rename(task, fs.root, 'new', other, 'moved')).toBe(true)
      expect(yield* m.calls.stat(task, fs.root, 'new')).toBeUndefined()
      expect(yield* get(m, task, other, 'moved')).toBe(5000)
      expect(inodeOf(other, 'moved')).toBe(inode)
    })
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
  })

  it('a file that another is renamed to goes, with its blocks', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocks.inUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'one', 7000)
      yield* put(m, task, fs.root, 'two', 90_000)
      yield* m.calls.rename(task, fs.root, 'one', fs.root, 'two')
      expect(yield* m.calls.list(task, fs.root)).toEqual(['two'])
      expect(yield* m.calls.stat(task, fs.root, 'two')).toBe(7000)
    })
    expect(fs.blocks.inUse).toBe(before + 7)
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
  })

  it('a file that is renamed to itself stays', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 7000)
      expect(yield* m.calls.rename(task, fs.root, 'file', fs.root, 'file')).toBe(true)
      expect(yield* get(m, task, fs.root, 'file')).toBe(7000)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('a directory can be removed when it is empty, not before', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocks.inUse
    run(m, function* (task) {
      const one = yield* m.calls.mkdir(task, fs.root, 'one')
      const two = yield* m.calls.mkdir(task, one, 'two')
      expect(yield* m.calls.mkdir(task, fs.root, 'one')).toBe(one)
      yield* put(m, task, two, 'file', 3000)
      expect(fs.blocks.inUse).toBe(before + 5)
      expect(yield* m.calls.rmdir(task, fs.root, 'one')).toBe(false)
      expect(yield* m.calls.rmdir(task, one, 'two')).toBe(false)
      expect(yield* m.calls.unlink(task, two, 'file')).toBe(true)
      expect(yield* m.calls.rmdir(task, one, 'two')).toBe(true)
      expect(yield* m.calls.rmdir(task, fs.root, 'one')).toBe(true)
      expect(yield* m.calls.list(task, fs.root)).toEqual([])
    })
    expect(fs.blocks.inUse).toBe(before)
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
  })

  it('a directory grows by a block for every fifty names and uses their places again', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, function* (task) {
      const directory = (yield* m.calls.mkdir(task, fs.root, 'many')) as Ext2Inode
      // `.` and `..` are the first two.
      for (let index = 0; index < 98; index++) yield* put(m, task, directory, `f${index}`, 0)
      expect(directory.blocks).toHaveLength(2)
      for (let index = 0; index < 98; index += 2) {
        yield* m.calls.unlink(task, directory, `f${index}`)
      }
      for (let index = 0; index < 49; index++) yield* put(m, task, directory, `g${index}`, 0)
      expect(directory.blocks).toHaveLength(2)
      yield* put(m, task, directory, 'one more', 0)
      expect(directory.blocks).toHaveLength(3)
      expect(directory.size).toBe(3 * kilobyte)
      expect(new Set(yield* m.calls.list(task, directory)).size).toBe(99)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('directories are spread over groups, files lie with their directory', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, function* (task) {
      const groups = new Set<number>()
      for (let index = 0; index < 8; index++) {
        const directory = (yield* m.calls.mkdir(task, fs.root, `d${index}`)) as Ext2Inode
        groups.add(directory.group)
        yield* put(m, task, directory, 'file', 3000)
        expect(inodeOf(directory, 'file')?.group).toBe(directory.group)
      }
      expect(groups.size).toBe(8)
    })
  })

  it('names and inodes that were dropped from memory are found on disk again', () => {
    const m = smallMachine()
    const { fs, disk, dentries } = m.kernel
    run(m, function* (task) {
      for (let index = 0; index < 20; index++) yield* put(m, task, fs.root, `f${index}`, 10)
    })
    pass(m, 10)
    run(m, function* (task) {
      expect(dentries.cached).toBe(20)
      expect(dentries.find(task, fs.root, 'f7')).toBe(inodeOf(fs.root, 'f7'))
      dentries.prune(task, 1000)
      expect(dentries.cached).toBe(0)
      expect(dentries.find(task, fs.root, 'f7')).toBeUndefined()
      expect(inodeOf(fs.root, 'f7')?.cached).toBe(false)
      expect(yield* m.calls.stat(task, fs.root, 'f7')).toBe(10)
      expect(inodeOf(fs.root, 'f7')?.cached).toBe(true)
      expect(dentries.cached).toBe(1)
    })
    // Its directory's block and its own are still in the buffer cache.
    expect(disk.reads).toBeLessThan(10)
  })
})

describe('the dentry cache', () => {
  it('holds the names that there are, however many have come and gone', () => {
    const m = smallMachine()
    const { fs, dentries, inodeCache } = m.kernel
    run(m, function* (task) {
      for (let times = 0; times < 50; times++) {
        yield* put(m, task, fs.root, 'temporary', 100)
        yield* put(m, task, fs.root, 'old', 100)
        yield* m.calls.rename(task, fs.root, 'old', fs.root, 'new')
        yield* m.calls.unlink(task, fs.root, 'temporary')
      }
    })
    expect(dentries.cached).toBe(1)
    expect(inodeCache.cached).toBe(2)
  })

  it('drops the oldest first, and none whose file is in use', () => {
    const m = smallMachine()
    const { fs, dentries } = m.kernel
    run(m, function* (task) {
      for (const name of ['a', 'b', 'c', 'd']) yield* put(m, task, fs.root, name, 100)
      yield* m.calls.open(task, fs.root, 'a')
      for (const inode of [...fs.inodes.dirty]) yield* fs.inodes.write(task, inode)
      dentries.prune(task, 2)
      const cached = ['a', 'b', 'c', 'd'].filter((name) => fs.root.dentries?.has(name))
      expect(cached).toEqual(['a', 'c', 'd'])
      dentries.prune(task, 100)
      expect(dentries.cached).toBe(1)
      expect(inodeOf(fs.root, 'a')?.cached).toBe(true)
    })
  })
})
