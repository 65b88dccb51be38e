import { describe, expect, it } from 'vitest'
import { bundledWorker } from '../runs/bundle.test-support'
import { Course } from './experiment-parts'
import { inWorkers } from './pool'
import { RunError } from './terminal'

const workerPath = bundledWorker('../cli/pool-worker.test-support.ts')

const options = <Task extends number | string>(workers: number) => ({
  workerPath: workerPath(),
  workers,
  nameOf: (task: Task) => `task ${task}`,
})

describe('tasks in workers', () => {
  it('come back in their order, whatever the number of workers', async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => index)
    for (const workers of [1, 2, 40]) {
      const told: string[] = []
      const done: number[] = []
      const outcomes = await inWorkers(tasks, {
        ...options<number>(workers),
        onReport: (task, text) => void told.push(`${task}: ${text}`),
        onDone: (task) => void done.push(task),
      })
      expect(outcomes).toEqual(tasks.map((task) => task * task))
      expect(told.sort()).toEqual(tasks.map((task) => `${task}: ${task} comes`).sort())
      expect(done.sort((a, b) => a - b)).toEqual(tasks)
    }
  })

  it('of which one fails end them all, with its name and why', async () => {
    const tasks = ['for ever', 'throw']
    await expect(inWorkers(tasks, options(2))).rejects.toThrow(
      new RunError('task throw failed: as it was told'),
    )
    await expect(inWorkers([3, 'exit', 4], options(1))).rejects.toThrow(
      new RunError('task exit failed: its thread ended with code 7'),
    )
  })

  it('end when they are told to, in the middle of their work or before it', async () => {
    const interruption = new AbortController()
    const reason = new RunError('interrupted')
    const running = inWorkers(['for ever', 'for ever'], {
      ...options(2),
      signal: interruption.signal,
      onReport: () => interruption.abort(reason),
    })
    await expect(running).rejects.toBe(reason)
    await expect(inWorkers([1], { ...options(1), signal: interruption.signal })).rejects.toBe(
      reason,
    )
  })
})

describe('time left', () => {
  const part = (name: string, weight: number) => ({ experiment: 'x', part: 0, name, weight })
  const [long, short, other] = [part('long', 6), part('short', 2), part('other', 2)] as const

  it('is told from the first part on that is done, and is no shorter than the longest that runs', () => {
    let now = 0
    const course = new Course([long, short, other], 2, () => now)
    course.start(long)
    course.start(short)
    expect(course.line('')).toBe('0 of 3 parts done')
    now = 4
    course.end(short)
    // 2 s a weight: 12 s of the long part, of which 4 have passed, and 4 of the other.
    course.start(other)
    expect(course.secondsLeft()).toBe(8)
    expect(course.line('; x: so far')).toBe('1 of 3 parts done, 8 s left; x: so far')
    now = 8
    course.end(other)
    expect(course.secondsLeft()).toBe(4)
    now = 100
    expect(course.secondsLeft()).toBe(0)
    course.end(long)
    expect(course.line('')).toBe('3 of 3 parts done, 0 s left')
  })
})
