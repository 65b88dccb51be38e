/** What tests of the buffer cache do with buffers. */
import type { Path, Task } from '../sched/task'
import { run, smallMachine, type SmallMachine } from '../small-machine.test-support'
import type { BufferCache } from './buffer-cache'
import { BufferList } from './buffer-heads'

/** Age that a forgotten or released buffer is given, in jiffies; no test here waits for it. */
export const age = 3000

export const release = ({ kernel }: SmallMachine, task: Task, buffer: number): void =>
  kernel.buffers.release(buffer, task, kernel.timer.jiffies, age)
export const forget = ({ kernel }: SmallMachine, task: Task, buffer: number): void =>
  kernel.buffers.forget(buffer, task, kernel.timer.jiffies, age)

export const pageOf = ({ kernel }: SmallMachine, buffer: number): number =>
  kernel.buffers['pageOfFrame'].indexOf(Math.floor(buffer / kernel.buffers.perPage))

/** Frees a page as reclaim does, or says why not. Returns whether it did. */
export function tryToFree(buffers: BufferCache, frame: number, task: Task): boolean {
  const looks = buffers.looksAt(frame)
  if (looks > 0) buffers.cannotFree(1, looks, task)
  else buffers.free(frame, task)
  return looks === 0
}

/**
 * Gives every free buffer of the cache a block from 900,000 on, so that the next one needs a new
 * page.
 */
export function* useUpFree(m: SmallMachine, task: Task): Path<number[]> {
  const taken: number[] = []
  for (let block = 900_000; m.kernel.buffers.length[BufferList.free]! > 0; block++) {
    taken.push(yield* m.kernel.io.getblk(task, block))
  }
  return taken
}

/** Runs a program on a machine whose buffer cache has no free buffer. */
export function runWithNoneFree(
  options: Parameters<typeof smallMachine>[0],
  body: (m: SmallMachine, task: Task) => Path,
): void {
  const m = smallMachine(options)
  run(m, function* (task) {
    yield* useUpFree(m, task)
    yield* body(m, task)
  })
}
