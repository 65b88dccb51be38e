import { expect, it } from 'vitest'
import type { SmallMachine } from '../../kernel/small-machine.test-support'
import { run, smallMachine } from '../../kernel/small-machine.test-support'
import type { Path, Task } from '../../kernel/sched/task'
import { CernCache } from './cern-cache'
import type { Document } from './proxy'

const bytes = 1000
/** Documents of one directory. */
const document = (index: number): Document => ({ id: 1 + 1024 * index, bytes })

/** Lines of the directory's .cache_info have so many bytes. */
const lineBytes = 70

function cacheOf(m: SmallMachine, stored: readonly Document[]) {
  const { fs, calls } = m.kernel
  const home = fs.installDirectory(fs.root, 'cern', 1)
  const cache = new CernCache(m.kernel, home, stored)
  function* keep(task: Task, kept: Document, most: number): Path {
    const file = yield* cache.lock(task, kept)
    yield* calls.write(task, file, kept.bytes)
    yield* calls.close(task, file)
    yield* cache.created(task, kept, most)
  }
  const info = (task: Task): Path<number | undefined> =>
    calls.stat(task, cache.directoryOf(document(0)), '.cache_info')
  return { cache, keep, info }
}

it('a CERN keeps a line for each document, and throws away what was used longest ago', () => {
  const m = smallMachine({ cpus: 1 })
  const { cache, keep, info } = cacheOf(m, [document(0)])
  run(m, function* (task) {
    expect(yield* cache.has(task, document(0))).toBe(true)
    expect(yield* cache.has(task, document(1))).toBe(false)
    yield* keep(task, document(1), 3 * bytes)
    yield* keep(task, document(2), 3 * bytes)
    expect(yield* info(task)).toBe(3 * lineBytes)
    // The first one is used again, so that the second goes.
    expect(yield* cache.has(task, document(0))).toBe(true)
    yield* keep(task, document(3), 3 * bytes)
    const kept: boolean[] = []
    for (const index of [0, 1, 2, 3]) kept.push(yield* cache.has(task, document(index)))
    expect(kept).toEqual([true, false, true, true])
    expect(yield* info(task)).toBe(3 * lineBytes)
  })
})

it("a document that is being fetched is nobody else's, and one that came in part is not kept", () => {
  const m = smallMachine({ cpus: 1 })
  const { cache } = cacheOf(m, [document(0)])
  run(m, function* (task) {
    const file = yield* cache.lock(task, document(0))
    expect(yield* cache.has(task, document(0))).toBe(false)
    yield* m.kernel.calls.close(task, file)
    yield* cache.abandoned(task, document(0))
    expect(yield* cache.has(task, document(0))).toBe(true)
  })
})
