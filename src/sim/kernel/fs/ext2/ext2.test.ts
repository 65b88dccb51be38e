import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../../engine/random'
import { wrongWith } from '../../kernel-invariants.test-support'
import type { Path, Task } from '../../sched/task'
import { run, runAll, smallMachine } from '../../small-machine.test-support'
import { DescriptorError } from '../descriptor-table'
import { lostIn, wrongWithFiles } from '../file-system-invariants.test-support'
import { get, inodeOf, kilobyte, put } from './ext2-files.test-support'

/**
 * Indirect blocks of a file of so many blocks: a single one, a double one, and what that leads to.
 */
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
      const before = fs.blocks.inUse
      const [size, read] = run(m, function* (task): Path<[number | undefined, number | undefined]> {
        yield* put(m, task, fs.root, 'file', bytes)
        return [yield* m.calls.stat(task, fs.root, 'file'), yield* get(m, task, fs.root, 'file')]
      })
      expect([size, read]).toEqual([bytes, bytes])
      const inode = inodeOf(fs.root, 'file')
      const blocks = Math.ceil(bytes / kilobyte)
      expect(inode?.blocks).toHaveLength(blocks)
      expect(inode?.indirect).toHaveLength(indirectBlocks(blocks))
      expect(fs.blocks.inUse - before).toBe(blocks + indirectBlocks(blocks))
      expect(wrongWith(m.kernel)).toEqual([])
      expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
      run(m, (task) => m.calls.unlink(task, fs.root, 'file'))
      expect(fs.blocks.inUse).toBe(before)
      expect(wrongWith(m.kernel)).toEqual([])
      expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
    },
  )

  it.each([11, 12, 13, 267, 268, 269, 524, 525, 65_803, 65_804])(
    'that was there at boot, of %i KB, is mapped like a written one and can be deleted',
    (blocks) => {
      const m = smallMachine()
      const { fs } = m.kernel
      const before = fs.blocks.inUse
      const inode = fs.install(fs.root, 'file', blocks * kilobyte)
      expect(inode.blocks).toHaveLength(blocks)
      expect(inode.indirect).toHaveLength(indirectBlocks(blocks))
      expect(wrongWithFiles(m.kernel)).toEqual([])
      expect(run(m, (task) => m.calls.unlink(task, fs.root, 'file'))).toBe(true)
      expect(fs.blocks.inUse).toBe(before)
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
    const before = fs.blocks.inUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 300 * kilobyte)
      yield* get(m, task, fs.root, 'file')
    })
    const inode = inodeOf(fs.root, 'file')
    expect(inode?.pages).toBe(75)
    run(m, (task) => put(m, task, fs.root, 'file', 0))
    expect(inodeOf(fs.root, 'file')).toBe(inode)
    expect(inode).toMatchObject({ size: 0, pages: 0, blocks: [], indirect: [] })
    expect(fs.blocks.inUse).toBe(before)
    run(m, (task) => put(m, task, fs.root, 'file', 20 * kilobyte))
    expect(fs.blocks.inUse).toBe(before + 21)
    expect(wrongWith(m.kernel)).toEqual([])
  })

  it('that is deleted while it is open lives until it is closed', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocks.inUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 50 * kilobyte)
      const file = yield* m.calls.open(task, fs.root, 'file')
      if (file < 0) throw new Error('not opened')
      expect(yield* m.calls.unlink(task, fs.root, 'file')).toBe(true)
      expect(yield* m.calls.stat(task, fs.root, 'file')).toBeUndefined()
      expect(yield* m.calls.open(task, fs.root, 'file')).toBe(DescriptorError.noSuchFile)
      expect(yield* m.calls.read(task, file, 60 * kilobyte)).toBe(50 * kilobyte)
      expect(fs.blocks.inUse).toBe(before + 51)
      yield* m.calls.close(task, file)
      expect(fs.blocks.inUse).toBe(before)
    })
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
  })

  it('that a process leaves open is closed when it ends', () => {
    const m = smallMachine()
    const { fs } = m.kernel
    const before = fs.blocks.inUse
    run(m, function* (task) {
      yield* put(m, task, fs.root, 'file', 50 * kilobyte)
      yield* m.calls.open(task, fs.root, 'file')
      yield* m.calls.unlink(task, fs.root, 'file')
    })
    expect(fs.blocks.inUse).toBe(before)
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

describe('many processes', () => {
  it.each([1, 2, 3])('files are what a model of names and sizes says (seed %i)', (seed) => {
    const m = smallMachine({ cpus: 4, memoryMB: 20, seed })
    const { fs } = m.kernel
    const before = fs.blocks.inUse
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
    expect(fs.blocks.inUse).toBe(before)
    expect(lostIn(m.kernel)).toEqual({ blocks: 0, inodes: 0 })
    expect(wrongWith(m.kernel)).toEqual([])
  })
})
