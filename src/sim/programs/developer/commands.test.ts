import { describe, expect, it } from 'vitest'
import { wrongWith } from '../../kernel/kernel-invariants.test-support'
import type { SmallMachine } from '../../kernel/small-machine.test-support'
import { run, smallMachine } from '../../kernel/small-machine.test-support'
import type { Path, Task } from '../../kernel/sched/task'
import { Environment } from './environment'

// eslint-disable-next-line require-yield -- nothing in it waits
function* nothing(): Path {
  return undefined
}

/** Microseconds that the body takes at 466 MHz, on one CPU, when everything is in memory. */
function microseconds(m: SmallMachine, body: (task: Task) => Path): number {
  return run(m, function* (task) {
    for (let warm = 0; warm < 3; warm++) yield* body(task)
    const times = 20
    const before = m.engine.now
    for (let time = 0; time < times; time++) yield* body(task)
    return ((m.engine.now - before) * 450) / 466 / 1000 / times
  })
}

describe('a command', () => {
  it('takes fork, exec and exit as long as lmbench finds on a Celeron 466: 3 ms', () => {
    const m = smallMachine({ cpus: 1, memoryMB: 64 })
    const { kernel } = m
    const environment = new Environment(kernel, () => 0)
    const took = microseconds(m, function* (task) {
      yield* kernel.processes.fork(task, function* (child) {
        yield* environment.commands.runAs(child, 'rmdir', nothing)
      })
      yield* kernel.processes.wait(task)
    })
    expect(took).toBeGreaterThan(2500)
    expect(took).toBeLessThan(3500)
    expect(wrongWith(kernel)).toEqual([])
  })
})

describe('redirection and pipes', () => {
  const standardInput = 0
  const standardOutput = 1

  /** A shell on a machine that runs what it is given, and its status. */
  function shell(body: (task: Task, environment: Environment) => Path): [SmallMachine, number] {
    const m = smallMachine({ memoryMB: 64 })
    const environment = new Environment(m.kernel, () => 0.01)
    const status = run(m, function* (task) {
      yield* body(task, environment)
      return task.exitStatus
    })
    expect(wrongWith(m.kernel)).toEqual([])
    expect(m.kernel.pipes.open).toBe(0)
    return [m, status]
  }

  it('a pipeline hands everything on, from a file to a file', () => {
    const [, status] = shell(function* (task, { commands, files, tmp }) {
      yield* files.write(task, tmp, 'in', 30_000)
      const pass = function* (by: Task): Path {
        yield* files.pour(by, standardOutput, yield* files.drain(by, standardInput))
      }
      const input = { directory: tmp, name: 'in' }
      const output = { directory: tmp, name: 'out' }
      yield* commands.pipeline(task, [
        { tool: 'cat', work: pass, input },
        { tool: 'sort', work: pass },
        { tool: 'col', work: pass, output },
      ])
      expect(yield* files.read(task, tmp, 'out')).toBe(30_000)
      expect(task.files?.open).toBe(3)
      expect(task.children).toEqual([])
    })
    expect(status).toBe(0)
  })

  it('a command that fails, or whose input is not there, makes the status 1', () => {
    const fails = function* (by: Task): Path {
      by.exitStatus = 3
      yield* nothing()
    }
    const failed = shell((task, { commands }) => commands.run(task, { tool: 'ls', work: fails }))
    expect(failed[1]).toBe(1)
    const missing = shell(function* (task, { commands, tmp }) {
      const input = { directory: tmp, name: 'nowhere' }
      yield* commands.run(task, { tool: 'ls', work: nothing, input })
    })
    expect(missing[1]).toBe(1)
  })

  it('every tool can be run, and gives back all that it had', () => {
    const [m, status] = shell(function* (task, { commands, tools }) {
      for (const tool of tools) yield* commands.run(task, { tool, work: nothing })
    })
    expect(status).toBe(0)
    expect(m.kernel.processes.execs).toBeGreaterThan(30)
  })
})
