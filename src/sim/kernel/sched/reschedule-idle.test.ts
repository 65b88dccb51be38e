import { describe, expect, it } from 'vitest'
import { Cpu } from './cpu'
import { cacheFlushCycles, cpuFor } from './reschedule-idle'
import { Task } from './task'

const flush = 45_000
const counters = new Map<Task, number>()
const quanta = { counterOf: (task: Task): number => counters.get(task) ?? 0 }

function taskWith(counter: number, processor = 0): Task {
  const task = new Task(1, undefined, 'task', 0)
  task.processor = processor
  counters.set(task, counter)
  return task
}

/** CPUs that run tasks with so many ticks left; undefined: idle. */
function cpusWith(...ticks: (number | undefined)[]): Cpu[] {
  return ticks.map((counter, id) => {
    const cpu = new Cpu(id)
    if (counter !== undefined) cpu.current = taskWith(counter, id)
    return cpu
  })
}

/** The CPU that is told when the first one wakes a task. */
function told(cpus: Cpu[], task: Task, by: Cpu | undefined = cpus[0]): number | undefined {
  return cpuFor(task, by, cpus, quanta, flush)?.id
}

describe('of a task that has become runnable is told', () => {
  it('the CPU that wakes it, if what it runs has four ticks less left', () => {
    expect(told(cpusWith(5, undefined), taskWith(9))).toBe(0)
    expect(told(cpusWith(5, undefined), taskWith(8))).toBe(1)
  })

  it('the CPU that wakes it, if it is idle, whoever else is', () => {
    expect(told(cpusWith(undefined, undefined), taskWith(0, 1))).toBe(0)
  })

  it('an idle CPU otherwise: the one where it ran last, or else the last of all', () => {
    const cpus = (): Cpu[] => cpusWith(20, undefined, undefined, undefined)
    expect(told(cpus(), taskWith(20, 2))).toBe(2)
    expect(told(cpus(), taskWith(20, 0))).toBe(3)
  })

  it('no CPU that has been told already, and nobody who is busy', () => {
    const cpus = cpusWith(20, undefined, 1)
    expect(told(cpus, taskWith(20, 2))).toBe(1)
    cpus[1]!.needResched = true
    expect(told(cpus, taskWith(20, 2))).toBeUndefined()
  })

  it('nobody when both want the kernel lock and the waking CPU schedules often', () => {
    const cpus = cpusWith(20, undefined)
    const task = taskWith(20, 1)
    const current = cpus[0]!.current!
    task.lockDepth = 1
    expect(told(cpus, task)).toBe(1)
    current.lockDepth = 1
    current.averageSlice = flush - 1
    expect(told(cpus, task)).toBeUndefined()
    current.averageSlice = flush
    expect(told(cpus, task)).toBe(1)
  })

  it('any idle CPU at boot', () => {
    const cpus = cpusWith(undefined, undefined)
    expect(cpuFor(taskWith(20, 0), undefined, cpus, quanta, flush)?.id).toBe(0)
  })
})

it('a cache of 512 KB at 450 MHz is taken to be flushed in a tenth of a millisecond', () => {
  expect(cacheFlushCycles(450, 512 * 1024)).toBe(45_000)
})
