import { describe, expect, it } from 'vitest'
import { RandomStream } from '../engine/random'
import { wrongWith } from '../kernel/kernel-invariants.test-support'
import { runAll, smallMachine } from '../kernel/small-machine.test-support'
import { Sdet } from './sdet'
import { SdetScript, sdetPlan } from './sdet-script'
import { subtaskCounts } from './sdet-subtasks'

/** Commands of sdet_command.txt that the measured window runs, cd, echo and test aside. */
const published = (
  'cat cc col cp cpio date diff ed expr find grep ls make mkdir mv nroff pr ps rm rmdir sh spell ' +
  'touch wc who'
).split(' ')

describe('the plan of a script', () => {
  const planOf = (seed: number): readonly string[] => sdetPlan(new RandomStream(seed, 'script'))

  it('has the same subtasks as often, in an order of its own', () => {
    const [one, other] = [planOf(1), planOf(2)]
    expect(one).not.toEqual(other)
    expect([...one].sort()).toEqual([...other].sort())
    for (const [subtask, count] of Object.entries(subtaskCounts)) {
      expect(one.filter((name) => name === subtask)).toHaveLength(count)
    }
    expect(planOf(1)).toEqual(one)
  })
})

describe('scripts that run', () => {
  const m = smallMachine({ cpus: 4, memoryMB: 128 })
  const observer = { scriptEnded: () => {}, roundEnded: () => {}, roundBegan: () => {} }
  const sdet = new Sdet(
    m.engine,
    m.kernel,
    () => 0,
    () => 0.01,
    () => 0,
    observer,
    [],
  )
  const environment = sdet['environment']
  /** How often each tool was started while one script ran alone, for several scripts. */
  const started = [0, 1, 2].map((index) => {
    const counts = new Map<string, number>()
    const [status] = runAll(m, [
      function* (task) {
        const home = yield* sdet['homeOf'](task, index)
        const script = new SdetScript(environment, sdetPlan(new RandomStream(index, 's')), home)
        environment.commands.onStart = (tool) => counts.set(tool, (counts.get(tool) ?? 0) + 1)
        yield* m.kernel.processes.fork(task, (shell) => script.run(shell))
        return yield* m.kernel.processes.wait(task)
      },
    ])
    expect(status).toBe(0)
    return counts
  })

  it('run the same commands as often, whatever their order', () => {
    const [first, ...others] = started.map((counts) => [...counts].sort())
    for (const counts of others) expect(counts).toEqual(first)
  })

  it('run every command that is published, and what cc, spell and nroff run', () => {
    for (const tool of [...published, 'cpp', 'cc1', 'as', 'ld', 'deroff', 'spellprog', 'troff']) {
      expect(started[0]!.get(tool) ?? 0).toBeGreaterThan(0)
    }
  })

  it('leave nothing behind in /tmp, and nothing wrong', () => {
    const names = runAll(m, [(task) => environment.calls.list(task, environment.tmp)])[0]
    expect(names).toEqual([])
    expect(wrongWith(m.kernel)).toEqual([])
  })
})
