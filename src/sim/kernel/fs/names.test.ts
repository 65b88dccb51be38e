import { describe, expect, it } from 'vitest'
import { run, smallMachine } from '../small-machine.test-support'
import { dentryHash, nameHash } from './dentry-cache'
import { inodeHash } from './inode-cache'
import { InodeFile } from './inode-file'
import { Readiness } from './files'

const total = (lengths: Uint16Array): number => lengths.reduce((sum, length) => sum + length, 0)

describe('the tables of names and inodes', () => {
  it('hash as 2.2 does', () => {
    // By hand: ((0x61 << 4) ^ 0x62) << 4 ^ 0x63.
    expect(nameHash('abc')).toBe(0x6743)
    expect(nameHash('abcdefghij')).toBe(referenceHash('abcdefghij'))
    expect([dentryHash.buckets, inodeHash.buckets]).toEqual([1024, 256])
    expect(dentryHash.hash(7, 0x40_0401)).toBe(4)
    expect(inodeHash.hash(1, 0)).not.toBe(inodeHash.hash(2, 0))
  })

  it('hold what is cached, no more and no less', () => {
    const m = smallMachine()
    const { fs, dentries, inodeCache } = m.kernel
    run(m, function* (task) {
      const directory = yield* m.calls.mkdir(task, fs.root, 'many')
      for (let index = 0; index < 300; index++) {
        yield* m.calls.open(task, directory, `f${index}`, 'create')
      }
    })
    expect(total(dentries.chainLengths())).toBe(dentries.cached)
    expect(total(inodeCache.chainLengths())).toBe(inodeCache.cached)
    run(m, function* (task) {
      for (const inode of [...fs.inodes.dirty]) yield* fs.inodes.write(task, inode)
      dentries.prune(task, 1000)
    })
    expect([dentries.cached, total(dentries.chainLengths())]).toEqual([0, 0])
    expect(total(inodeCache.chainLengths())).toBe(inodeCache.cached)
  })

  it('are walked: a name far down its chain costs more than the one in front', () => {
    const m = smallMachine()
    const { fs, dentries } = m.kernel
    run(m, function* (task) {
      // What comes last is in front; these three differ in what folding cancels out.
      const names = namesOfOneBucket(3)
      for (const name of names) yield* m.calls.open(task, fs.root, name, 'create')
      const cost = (name: string): number => {
        dentries.find(task, fs.root, name)
        const before = task.pending
        dentries.find(task, fs.root, name)
        return task.pending - before
      }
      const { cost: costs } = m.kernel
      expect(cost(names[2]!)).toBe(costs.dentry)
      expect(cost(names[0]!)).toBeGreaterThanOrEqual(costs.dentry + 2 * costs.chainStep)
    })
  })
})

describe('a file that was opened by name', () => {
  it('can always be read and written without a wait for somebody', () => {
    const m = smallMachine()
    const file = new InodeFile('file', m.kernel.fs.install(m.kernel.fs.root, 'file', 1000))
    expect(file.poll()).toBe(Readiness.readable | Readiness.writable)
  })
})

/** Four bits a letter, around 32 bits. */
function referenceHash(name: string): number {
  let hash = 0n
  for (const letter of name) {
    const turned = (hash << 4n) | (hash >> 28n)
    hash = (turned & 0xffff_ffffn) ^ BigInt(letter.charCodeAt(0))
  }
  return Number(hash)
}

/** Names of the root directory that hang in one bucket. */
function namesOfOneBucket(count: number): string[] {
  const found = new Map<number, string[]>()
  for (let index = 0; ; index++) {
    const name = `n${index}`
    const sum = (nameHash(name) + 0xc7e0_0000 + 1 * 128) | 0
    const bucket = dentryHash.hash(0, sum)
    const names = found.get(bucket) ?? []
    names.push(name)
    found.set(bucket, names)
    if (names.length === count) return names
  }
}
