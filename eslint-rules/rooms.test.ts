import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { broken, messagesOf } from './lint-snippet.test-support'
import { rooms } from './rooms.js'

describe('rooms: which may import which', () => {
  it.each([
    ['src/sim/kernel/fs/a.ts', "import { a } from './b'"],
    ['src/sim/kernel/fs/ext2/a.ts', "import { a } from '../files'"],
    ['src/sim/kernel/fs/a.ts', "import { a } from '../mm/b'"],
    ['src/sim/kernel/mm/a.ts', "import { a } from '../../machine/cache'"],
    ['src/sim/kernel/linux.ts', "import { a } from './process/a'"],
    ['src/sim/loads/a.ts', "import type { Kernel } from '../kernel/kernel'"],
    ['src/sim/experiments/index.ts', "export { a } from '../server/a'"],
    ['src/sim/index.ts', "export { a } from './experiments'"],
    ['src/sim/kernel/mm/a.test.ts', "import { a } from '../fs/a'"],
    ['src/sim/kernel/mm/a.test-support.ts', "import { a } from '../../server/a'"],
    ['src/main/a.ts', "import { a } from '../sim'"],
  ])('%s may say: %s', async (file, code) => {
    expect(await broken(file, code)).toEqual([])
  })

  it.each([
    ['src/sim/kernel/mm/a.ts', "import { a } from '../fs/a'"],
    ['src/sim/kernel/mm/a.ts', "import type { A } from '../fs/ext2/a'"],
    ['src/sim/kernel/mm/a.ts', "type A = import('../fs/a').A"],
    ['src/sim/kernel/mm/a.ts', "const a = import('../fs/a')"],
    ['src/sim/kernel/mm/a.ts', "export { a } from '../fs/a'"],
    ['src/sim/kernel/mm/a.ts', "export * from '../fs/a'"],
    ['src/sim/kernel/process/a.ts', "import type { Kernel } from '../kernel'"],
    ['src/sim/engine/a.ts', "import { a } from '../observe/a'"],
    ['src/sim/programs/a.ts', "import { a } from '../scenarios'"],
    ['src/sim/server/a.ts', "import { a } from '../experiments'"],
    ['src/sim/experiments/a.ts', "import { a } from '..'"],
    ['src/sim/experiments/a.ts', "import { a } from '../index'"],
    ['src/sim/server/a.ts', "import { a } from '../attic/a'"],
    ['src/sim/attic/a.ts', 'export const a = 1'],
    ['src/sim/kernel/attic/a.ts', 'export const a = 1'],
  ])('%s may not say: %s', async (file, code) => {
    expect(await broken(file, code)).toContain('soakscope/rooms')
  })

  it('says which rooms, and what is to be done', async () => {
    const messages = await messagesOf('src/sim/kernel/mm/a.ts', "export * from '../fs/a'")
    expect(messages.map(({ message }) => message)).toEqual([
      'kernel/mm may not import kernel/fs, a room above it, not even a type: ' +
        'register with kernel/mm what it must call, or move what both need down to kernel/mm',
    ])
  })
})

it('the order has every room that there is', () => {
  const folders = (path: string): string[] =>
    readdirSync(new URL(`../src/sim/${path}`, import.meta.url), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => path + name)
  const found = [...folders(''), ...folders('kernel/')]
  expect(found).toContain('kernel/mm')
  expect(found.filter((room) => !rooms.includes(room))).toEqual([])
})
