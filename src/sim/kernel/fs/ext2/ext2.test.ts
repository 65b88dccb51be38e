import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../engine/random'
import { BufferList } from '../buffer-cache'
import { DescriptorError } from '../descriptor-table'
import type { Inode } from './inode'
import { lostIn, wrongWithFiles } from '../file-system-invariants.test-support'
import { wrongWith } from '../../kernel-invariants.test-support'
import { FrameUse, noFrame } from '../../mm/page-frames'
import type { SmallMachine } from '../../small-machine.test-support'
import { pass, run, runAll, smallMachine } from '../../small-machine.test-support'
import type { Path, Task } from '../../sched/task'

const kilobyte = 1024

/** Makes a file, or empties it, and writes so many bytes in pieces of 8 KB. */
function* put(m: SmallMachine, task: Task, at: Inode, name: string, bytes: number): Path {
  const file = yield* m.calls.open(task, at, name, 'truncate')
  if (file < 0) throw new Error(`${name} was not made`)
  for (let done = 0; done < bytes; done += 8192) {
    yield* m.calls.write(task, file, Math.min(8192, bytes - done))
  }
  yield* m.calls.close(task, file)
}

/** Reads a file to its end. Returns the bytes that came, undefined when there is no such file. */
function* get(m: SmallMachine, task: Task, at: Inode, name: string): Path<number | undefined> {
  const file = yield* m.calls.open(task, at, name)
  if (file < 0) return undefined
  let bytes = 0
  for (let got = -1; got !== 0; bytes += got) got = yield* m.calls.read(task, file, 5000)
  yield* m.calls.close(task, file)
  return bytes
}

const inodeOf = (directory: Inode, name: string): Inode | undefined =>
  directory.entries?.get(name)?.inode

/** Indirect blocks of a file of so many blocks: a single one, a double one, and what that leads to. */
function indirectBlocks(blocks: number): number {
  if (blocks <= 12) return 0
  if (blocks <= 268) return 1
  return 2 + Math.ceil((blocks - 268) / 256)
}

describe('a file', () => {
  // One block, the last direct one, single indirect, double indirect and its second block.
  it.each([0, 1, 1024, 1025, 12 * 1024, 12 * 1024 + 1, 268 * 1024, 268 * 1024 + 1, 525 * 1024])(
    'of %i bytes has a block for each KB, and gives all back',
    (bytes) => {
      const m = smallMachine()
      const { fs } = m.kernel
      const before = fs.blocksInUse
      const [size, read] = run(m, function* (task): Path<[number | undefined, number | undefined]> {
        yield* put(m, task, fs.root, 'file', bytes)
        return [yield* m.calls.stat(task, fs.root, 'file'), yield* get(m, task, fs.root, 'file')]
      })
      expect([size, read]).toEqual([bytes, bytes])
      const inode = inodeOf(fs.root, 'file')
      const blocks = Math.ceil(bytes / kilobyte)
      expect(inode?.blocks).toHaveLength(blocks)
      expect(inode?.indirect).toHaveLength(indirectBlocks(blocks))
      expect(fs.blocksInUse - before).toBe(blocks + indirectBlocks(blocks))
      expect(wrongWith(m.kernel)).toEqual([])
      expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
      run(m, (task) => m.calls.unlink(task, fs.root, 'file'))
      expect(fs.blocksInUse).toBe(before)
      expect(wrongWith(m.kernel)).toEqual([])
      expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
    },
  )

  it.each([11, 12, 13, 267, 268, 269, 524, 525, 65_803, 65_804])(
    'that was there at boot, of %i KB, is mapped like a written one and can be deleted',
    (blocks) => {
      const m = smallMachine()
      const { fs } = m.kernel
      const before = fs.blocksInUse
      const inode = fs.install(fs.root, 'file', blocks * kilobyte)
      expect(inode.blocks).toHaveLength(blocks)
      expect(inode.indirect).toHaveLength(indirectBlocks(blocks))
      expect(wrongWithFiles(m.kernel)).toEqual([])
      expect(run(m, (task) => m.calls.unlink(task, fs.root, 'file'))).toBe(true)
      expect(fs.blocksInUse).toBe(before)
      expect(wrongWithFiles(m.kernel)).toEqual([])
      expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
    },
  )

  it('is appended to and read on from where its descriptor stands', () => {
    const m = smallMachine()
    const { root } = m.kernel.fs
    run(m, function* (task) {
      const file = yield* m.calls.open(task, root, 'file', 'create')
      const again = yield* m.calls.open(task, root, 'file')
      if (file < 0 || again < 0) throw new Error('not opened')
      yield* m.calls.write(task, file, 1000)
      yield* m.calls.write(task, file, 500)
      expect(yield* m.calls.read(task, again, 1200)).toBe(1200)
      expect(yield* m.calls.read(task, again, 1200)).toBe(300)
      expect(yield* m.calls.read(task, again, 1200)).toBe(0)
      yield* m.calls.write(task, file, 9000)
      expect(yield* m.calls.read(task, again, 10_000)).toBe(9000)
    })
    expect(inodeOf(root, 'file')?.size).toBe(10_500)
  })

  it('that is written over keeps its blocks', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, (task) => put(m, task, fs.root, 'file', 400 * kilobyte))
    const inode = inodeOf(fs.root, 'file')
    const blocks = [...(inode?.blocks ?? [])]
    run(m, function* (task) {
      const file = yield* m.calls.open(task, fs.root, 'file', 'write')
      if (file < 0) throw new Error('not opened')
      for (let at = 0; at < 400; at += 8) yield* m.calls.write(task, file, 8192)
    })
    expect(inode?.blocks).toEqual(blocks)
    expect(inode?.size).toBe(400 * kilobyte)
  })

  it('that is emptied has neither blocks nor pages, and can be written again', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocksInUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 300 * kilobyte)
      yield* get(m, task, fs.root, 'file')
    })
    const inode = inodeOf(fs.root, 'file')
    expect(inode?.pages).toBe(75)
    run(m, (task) => put(m, task, fs.root, 'file', 0))
    expect(inodeOf(fs.root, 'file')).toBe(inode)
    expect(inode).toMatchObject({ size: 0, pages: 0, blocks: [], indirect: [] })
    expect(fs.blocksInUse).toBe(before)
    run(m, (task) => put(m, task, fs.root, 'file', 20 * kilobyte))
    expect(fs.blocksInUse).toBe(before + 21)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('that is deleted while it is open lives until it is closed', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocksInUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 50 * kilobyte)
      const file = yield* m.calls.open(task, fs.root, 'file')
      if (file < 0) throw new Error('not opened')
      expect(yield* m.calls.unlink(task, fs.root, 'file')).toBe(true)
      expect(yield* m.calls.stat(task, fs.root, 'file')).toBeUndefined()
      expect(yield* m.calls.open(task, fs.root, 'file')).toBe(DescriptorError.noSuchFile)
      expect(yield* m.calls.read(task, file, 60 * kilobyte)).toBe(50 * kilobyte)
      expect(fs.blocksInUse).toBe(before + 51)
      yield* m.calls.close(task, file)
      expect(fs.blocksInUse).toBe(before)
    })
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
  })

  it('that a process leaves open is closed when it ends', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocksInUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 50 * kilobyte)
      yield* m.calls.open(task, fs.root, 'file')
      yield* m.calls.unlink(task, fs.root, 'file')
    })
    expect(fs.blocksInUse).toBe(before)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('lies next to itself on the disk, and near its directory', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const directory = fs.installDirectory(fs.root, 'there', 9)
    run(m, (task) => put(m, task, directory, 'file', 200 * kilobyte))
    const inode = inodeOf(directory, 'file')
    const blocks = [...(inode?.blocks ?? []), ...(inode?.indirect ?? [])].sort((a, b) => a - b)
    expect(blocks[blocks.length - 1]! - blocks[0]!).toBe(200)
    expect(Math.floor(blocks[0]! / 8192)).toBe(9)
  })
})

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
    const before = fs.blocksInUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'one', 7000)
      yield* put(m, task, fs.root, 'two', 90_000)
      yield* m.calls.rename(task, fs.root, 'one', fs.root, 'two')
      expect(yield* m.calls.list(task, fs.root)).toEqual(['two'])
      expect(yield* m.calls.stat(task, fs.root, 'two')).toBe(7000)
    })
    expect(fs.blocksInUse).toBe(before + 7)
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
    const before = fs.blocksInUse
    run(m, function* (task) {
      const one = yield* m.calls.mkdir(task, fs.root, 'one')
      const two = yield* m.calls.mkdir(task, one, 'two')
      expect(yield* m.calls.mkdir(task, fs.root, 'one')).toBe(one)
      yield* put(m, task, two, 'file', 3000)
      expect(fs.blocksInUse).toBe(before + 5)
      expect(yield* m.calls.rmdir(task, fs.root, 'one')).toBe(false)
      expect(yield* m.calls.rmdir(task, one, 'two')).toBe(false)
      expect(yield* m.calls.unlink(task, two, 'file')).toBe(true)
      expect(yield* m.calls.rmdir(task, one, 'two')).toBe(true)
      expect(yield* m.calls.rmdir(task, fs.root, 'one')).toBe(true)
      expect(yield* m.calls.list(task, fs.root)).toEqual([])
    })
    expect(fs.blocksInUse).toBe(before)
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
  })

  it('a directory grows by a block for every fifty names and uses their places again', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, function* (task) {
      const directory = yield* m.calls.mkdir(task, fs.root, 'many')
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
        const directory = yield* m.calls.mkdir(task, fs.root, `d${index}`)
        groups.add(directory.group)
        yield* put(m, task, directory, 'file', 3000)
        expect(inodeOf(directory, 'file')?.group).toBe(directory.group)
      }
      expect(groups.size).toBe(8)
    })
  })

  it('names and inodes that were dropped from memory are found on disk again', () => {
    const m = smallMachine()
    const { fs, disk } = m.kernel
    run(m, function* (task) {
      for (let index = 0; index < 20; index++) yield* put(m, task, fs.root, `f${index}`, 10)
    })
    pass(m, 10)
    run(m, function* (task) {
      expect(fs.dentriesCached).toBe(20)
      expect(fs.lookupNow(task, fs.root, 'f7')).toBe(inodeOf(fs.root, 'f7'))
      fs.pruneDentries(task, 1000)
      expect(fs.dentriesCached).toBe(0)
      expect(fs.lookupNow(task, fs.root, 'f7')).toBeUndefined()
      expect(inodeOf(fs.root, 'f7')?.cached).toBe(false)
      expect(yield* m.calls.stat(task, fs.root, 'f7')).toBe(10)
      expect(inodeOf(fs.root, 'f7')?.cached).toBe(true)
      expect(fs.dentriesCached).toBe(1)
    })
    // Its directory's block and its own are still in the buffer cache.
    expect(disk.reads).toBeLessThan(10)
  })
})

describe('the dentry cache', () => {
  it('holds the names that there are, however many have come and gone', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, function* (task) {
      for (let times = 0; times < 50; times++) {
        yield* put(m, task, fs.root, 'temporary', 100)
        yield* put(m, task, fs.root, 'old', 100)
        yield* m.calls.rename(task, fs.root, 'old', fs.root, 'new')
        yield* m.calls.unlink(task, fs.root, 'temporary')
      }
    })
    expect(fs.dentriesCached).toBe(1)
    expect(fs.inodesCached).toBe(2)
  })

  it('drops the oldest first, and none whose file is in use', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    run(m, function* (task) {
      for (const name of ['a', 'b', 'c', 'd']) yield* put(m, task, fs.root, name, 100)
      yield* m.calls.open(task, fs.root, 'a')
      for (const inode of [...fs.dirtyInodes]) yield* fs.writeInode(task, inode)
      fs.pruneDentries(task, 2)
      const cached = ['a', 'b', 'c', 'd'].filter((name) => fs.root.entries?.get(name)?.cached)
      expect(cached).toEqual(['a', 'c', 'd'])
      fs.pruneDentries(task, 100)
      expect(fs.dentriesCached).toBe(1)
      expect(inodeOf(fs.root, 'a')?.cached).toBe(true)
    })
  })
})

describe('reading', () => {
  it('a cold file is read from disk once, by the blocks that it has', () => {
    const m = smallMachine()
    const { fs, disk } = m.kernel
    fs.install(fs.root, 'file', 300 * kilobyte)
    expect(run(m, (task) => get(m, task, fs.root, 'file'))).toBe(300 * kilobyte)
    const blocks = disk.sectorsRead / 2
    // The file, its indirect blocks, the root directory's block, its inode and that of the file.
    expect(blocks).toBeGreaterThanOrEqual(300 + 3)
    expect(blocks).toBeLessThanOrEqual(300 + 3 + 3)
    expect(run(m, (task) => get(m, task, fs.root, 'file'))).toBe(300 * kilobyte)
    expect(disk.sectorsRead / 2).toBe(blocks)
    expect(wrongWith(m.kernel)).toEqual([])
    run(m, (task) => m.calls.unlink(task, fs.root, 'file'))
    expect(m.kernel.frames.total[FrameUse.pageCache]).toBe(0)
  })

  it('reads ahead in windows that double while the reads are sequential', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const inode = fs.install(fs.root, 'file', 1024 * kilobyte)
    const cached: number[] = []
    run(m, function* (task) {
      const file = yield* m.calls.open(task, fs.root, 'file')
      if (file < 0) throw new Error('not opened')
      for (let page = 0; page < 64; page++) {
        yield* m.calls.read(task, file, 4096)
        if (inode.pages !== cached[cached.length - 1]) cached.push(inode.pages)
      }
    })
    expect(cached).toEqual([4, 12, 28, 60, 92])
  })

  it('what has just been written is read from the buffer cache, not from disk', () => {
    const m = smallMachine()
    const { fs, disk } = m.kernel
    run(m, (task) => put(m, task, fs.root, 'file', 300 * kilobyte))
    const before = disk.sectorsRead
    expect(run(m, (task) => get(m, task, fs.root, 'file'))).toBe(300 * kilobyte)
    expect(disk.sectorsRead).toBe(before)
  })

  it('two processes that read the same cold file share its pages', () => {
    const m = smallMachine()
    const { fs, disk } = m.kernel
    const inode = fs.install(fs.root, 'file', 300 * kilobyte)
    const reading = (task: Task): Path<number | undefined> => get(m, task, fs.root, 'file')
    expect(runAll(m, [reading, reading])).toEqual([300 * kilobyte, 300 * kilobyte])
    expect(inode.pages).toBe(75)
    expect(disk.sectorsRead / 2).toBeLessThanOrEqual(306)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('pages that are cached are not read again with those that follow them', () => {
    const m = smallMachine()
    const { fs, disk } = m.kernel
    const inode = fs.install(fs.root, 'file', 12 * kilobyte)
    run(m, (task) => fs.readPages(task, inode, 0, 1))
    pass(m, 1)
    run(m, (task) => fs.readPages(task, inode, 0, 3))
    pass(m, 1)
    expect(inode.pages).toBe(3)
    expect(disk.sectorsRead / 2).toBe(12)
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

describe('reading when memory is short', () => {
  /** A file of 64 KB in the buffer cache, and no page to be had but those that it is read into. */
  function* shortOfMemory(m: SmallMachine, task: Task): Path {
    const { fs, frames, pages } = m.kernel
    yield* put(m, task, fs.root, 'file', 64 * kilobyte)
    const mapped = { slot: 300, firstPage: noFrame, pages: 0 }
    for (let index = 0; index < 400; index++) {
      const frame = frames.take(FrameUse.pageCache)
      pages.add(frame, mapped, index, task)
      frames.share(frame)
    }
    while (frames.free > frames.min) frames.take(FrameUse.kernel)
  }

  it('goes on though the pages read ahead are taken for those that follow', () => {
    const m = smallMachine({ swapMB: 1 })
    const { fs, reclaim } = m.kernel
    run(m, function* (task) {
      yield* shortOfMemory(m, task)
      expect(yield* get(m, task, fs.root, 'file')).toBe(64 * kilobyte)
      expect(reclaim.stolenCache).toBeGreaterThan(0)
    })
  })

  it('goes on in a file that was deleted while it is open', () => {
    const m = smallMachine({ swapMB: 1 })
    const { fs } = m.kernel
    run(m, function* (task) {
      yield* shortOfMemory(m, task)
      const file = yield* m.calls.open(task, fs.root, 'file')
      if (file < 0) throw new Error('not opened')
      yield* m.calls.unlink(task, fs.root, 'file')
      expect(yield* m.calls.read(task, file, 100 * kilobyte)).toBe(64 * kilobyte)
    })
  })
})

describe('reading a file that another empties', () => {
  it('ends where the file now ends', () => {
    const m = smallMachine({ cpus: 2 })
    const { fs } = m.kernel
    const inode = fs.install(fs.root, 'file', 400 * kilobyte)
    let emptied = -1
    const [got] = runAll(m, [
      (task: Task) => get(m, task, fs.root, 'file'),
      function* (task: Task): Path<undefined> {
        yield* m.kernel.processes.compute(task, 13_500_000)
        yield* put(m, task, fs.root, 'file', 0)
        emptied = m.engine.now
      },
    ])
    expect(emptied).toBeGreaterThan(0)
    expect(got).toBeGreaterThan(0)
    expect(got).toBeLessThan(400 * kilobyte)
    expect(inode).toMatchObject({ size: 0, pages: 0, blocks: [] })
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

describe('a file that is deleted while its pages are being read', () => {
  it('takes them along: another file in its place starts without pages', () => {
    const m = smallMachine()
    const { fs, pages } = m.kernel
    fs.install(fs.root, 'file', 400 * kilobyte)
    run(m, function* (task) {
      const file = yield* m.calls.open(task, fs.root, 'file')
      if (file < 0) throw new Error('not opened')
      // The first page has come; those that are read ahead have not.
      yield* m.calls.read(task, file, 100)
      yield* m.calls.close(task, file)
      yield* m.calls.unlink(task, fs.root, 'file')
      expect(pages.pages).toBe(0)
      yield* put(m, task, fs.root, 'another', 16 * kilobyte)
      expect(yield* get(m, task, fs.root, 'another')).toBe(16 * kilobyte)
      expect(pages.pages).toBe(4)
    })
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

describe('writing back', () => {
  /** A machine with so many clean buffers that a few dirty ones do not wake bdflush. */
  function calm(): SmallMachine {
    const m = smallMachine()
    run(m, (task) => put(m, task, m.kernel.fs.root, 'large', 2048 * kilobyte))
    pass(m, 60)
    expect(m.kernel.buffers.length[BufferList.dirty]).toBe(0)
    return m
  }

  it('a file that is deleted before it is due is never written', () => {
    const m = calm()
    const { fs, disk } = m.kernel
    const before = disk.sectorsWritten
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 200 * kilobyte)
      yield* m.calls.unlink(task, fs.root, 'file')
    })
    pass(m, 60)
    expect((disk.sectorsWritten - before) / 2).toBeLessThanOrEqual(4)
  })

  it('bdflush writes before that when more than 40 % of the buffers are dirty', () => {
    const m = smallMachine()
    const { fs, disk, buffers } = m.kernel
    run(m, (task) => put(m, task, fs.root, 'file', 400 * kilobyte))
    pass(m, 2)
    expect(disk.sectorsWritten / 2).toBeGreaterThan(100)
    expect(buffers.length[BufferList.dirty]).toBeLessThanOrEqual(0.4 * buffers.buffers)
  })
})

describe('many processes', () => {
  it.each([1, 2, 3])('files are what a model of names and sizes says (seed %i)', (seed) => {
    const m = smallMachine({ cpus: 4, memoryMB: 20, seed })
    const { fs } = m.kernel
    const before = fs.blocksInUse
    const life = (user: number) =>
      function* (task: Task): Path {
        const random = new RandomStream(seed, `user ${user}`)
        const home = yield* m.calls.mkdir(task, fs.root, `user${user}`)
        const model = new Map<string, number>()
        const name = (): string => `f${random.below(8)}`
        for (let step = 0; step < 60; step++) {
          const one = name()
          const other = name()
          const size = random.between(0, 60_000)
          switch (random.below(6)) {
            case 0:
            case 1:
              yield* put(m, task, home, one, size)
              model.set(one, size)
              break
            case 2:
              expect(yield* m.calls.unlink(task, home, one)).toBe(model.delete(one))
              break
            case 3: {
              const moved = yield* m.calls.rename(task, home, one, home, other)
              const known = model.get(one)
              expect(moved).toBe(known !== undefined)
              model.delete(one)
              if (known !== undefined) model.set(other, known)
              break
            }
            case 4:
              expect(yield* get(m, task, home, one)).toBe(model.get(one))
              break
            case 5:
              expect(yield* m.calls.stat(task, home, one)).toBe(model.get(one))
          }
        }
        expect((yield* m.calls.list(task, home)).sort()).toEqual([...model.keys()].sort())
        for (const file of model.keys()) yield* m.calls.unlink(task, home, file)
        expect(yield* m.calls.rmdir(task, fs.root, `user${user}`)).toBe(true)
      }
    runAll(m, [0, 1, 2, 3, 4, 5].map(life))
    expect(fs.blocksInUse).toBe(before)
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
    expect(wrongWith(m.kernel)).toEqual([])
  })
})
