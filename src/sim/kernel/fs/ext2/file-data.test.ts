import { describe, expect, it } from 'vitest'
import { wrongWith } from '../../kernel-invariants.test-support'
import { FrameUse, noFrame } from '../../mm/page-frames'
import type { Path, Task } from '../../sched/task'
import type { SmallMachine } from '../../small-machine.test-support'
import { pass, run, runAll, smallMachine } from '../../small-machine.test-support'
import { BufferBit, BufferList } from '../buffer-heads'
import { get, inodeOf, kilobyte, put } from './ext2-files.test-support'

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
    const { fs, disk, filePages } = m.kernel
    const inode = fs.install(fs.root, 'file', 12 * kilobyte)
    run(m, (task) => filePages.readPages(task, inode, 0, 1))
    pass(m, 1)
    run(m, (task) => filePages.readPages(task, inode, 0, 3))
    pass(m, 1)
    expect(inode.pages).toBe(3)
    expect(disk.sectorsRead / 2).toBe(12)
    expect(wrongWith(m.kernel)).toEqual([])
  })
})

describe('reading when memory is short', () => {
  /** A file of 64 KB in the buffer cache, and no pages to be had but 240 of another file. */
  function* shortOfMemory(m: SmallMachine, task: Task): Path {
    const { fs, frames, pages } = m.kernel
    yield* put(m, task, fs.root, 'file', 64 * kilobyte)
    const mapped = { slot: 300, firstPage: noFrame, pages: 0 }
    for (let index = 0; index < 400; index++) {
      const frame = frames.take(FrameUse.pageCache)
      pages.add(frame, mapped, index, task)
      if (index < 160) frames.share(frame)
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

describe('a file that is deleted while it is being written back', () => {
  it('keeps the buffers that are under way, and its end waits for them', () => {
    const m = smallMachine({ bforget: 'orphan' })
    const { fs, buffers, disk, timer } = m.kernel
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 20 * kilobyte)
      const block = inodeOf(fs.root, 'file')!.blocks[3]!
      const buffer = buffers.find(block, task)
      buffers.hold(buffer)
      buffers.beginWrite(buffer, task)
      yield* m.kernel.io.submit(task, buffer, true)
      buffers.release(buffer, task, timer.jiffies, 3000)
      yield* m.calls.unlink(task, fs.root, 'file')
      // 20 blocks of data and one indirect block: one was written first, none was lost.
      expect(disk.sectorsWritten / 2).toBeGreaterThanOrEqual(1)
      expect(buffers.orphaned).toBe(21)
      expect(buffers.has(buffer, BufferBit.locked)).toBe(false)
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

  it('a new block is due after 5 s, one that is written over after 30 s', () => {
    const m = calm()
    const { fs, buffers } = m.kernel
    const dirty = (): number => buffers.length[BufferList.dirty]!
    run(m, (task) => put(m, task, fs.root, 'file', 200 * kilobyte))
    expect(dirty()).toBeGreaterThanOrEqual(200)
    pass(m, 12)
    expect(dirty()).toBe(0)
    run(m, function* (task) {
      const file = yield* m.calls.open(task, fs.root, 'file', 'write')
      if (file < 0) throw new Error('not opened')
      yield* m.calls.write(task, file, 200 * kilobyte)
    })
    pass(m, 24)
    expect(dirty()).toBeGreaterThanOrEqual(200)
    pass(m, 14)
    expect(dirty()).toBe(0)
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
