import { describe, expect, it } from 'vitest'
import { FrameQueue } from './frame-queue'

/** A queue on a clock that the test moves and frames that it releases. */
function queueOf(budgetMs: number) {
  let clock = 0
  const frames: (() => void)[] = []
  const queue = new FrameQueue(
    () => budgetMs,
    (run) => frames.push(run),
    () => clock,
  )
  const done: string[] = []
  const job = (name: string, ms: number) => () => {
    clock += ms
    done.push(name)
  }
  const frame = () => frames.shift()?.()
  return { queue, frames, done, job, frame }
}

describe('the queue of painting jobs', () => {
  it('runs jobs until the share of the frame is used up, the rest in the next one', () => {
    const { queue, done, job, frame, frames } = queueOf(8)
    for (const name of ['a', 'b', 'c', 'd']) queue.add(job(name, 4))
    frame()
    expect(done).toEqual(['a', 'b'])
    frame()
    expect(done).toEqual(['a', 'b', 'c', 'd'])
    expect(frames).toEqual([])
  })

  it('runs a job once however often it was asked for', () => {
    const { queue, done, job, frame } = queueOf(8)
    const a = job('a', 1)
    queue.add(a)
    queue.add(a)
    frame()
    expect(done).toEqual(['a'])
  })

  it('forgets a job that was removed', () => {
    const { queue, done, job, frame } = queueOf(8)
    const a = job('a', 1)
    queue.add(a)
    queue.add(job('b', 1))
    queue.remove(a)
    frame()
    expect(done).toEqual(['b'])
  })

  it('gets on with one job at a time when a single one is over the share', () => {
    const { queue, done, job, frame } = queueOf(8)
    queue.add(job('a', 50))
    queue.add(job('b', 50))
    frame()
    expect(done).toEqual(['a'])
    frame()
    expect(done).toEqual(['a', 'b'])
  })
})
