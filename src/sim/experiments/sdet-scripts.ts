/**
 * SDET on the fixed kernel with more and fewer scripts than the 128 that the level was fitted to:
 * throughput, what the CPUs do, and how much a script does. Nothing is published here for other
 * numbers of scripts, so those are predictions, and stand in the notes beside the memory in use,
 * which is published as below 150 MB with 128 scripts, programs and files (reference-figures §3.1).
 */
import { createServer } from '../server/simulated-server'
import type { Server } from '../server/server'
import { instant } from '../units/time'
import { experimentOf, near } from './experiment'

/** C. Lever, linux-mm, 6 April 1999: stock 2.2.5, a mean of four runs. */
const publishedPerHour = 4176.4
const fittedAt = 128
const rounds = 4
const numbers = [64, 128, 160, 192] as const

interface Outcome {
  readonly scripts: number
  readonly perHour: number
  /** Shares of all cycles, %: spinning for locks stands apart from the kernel's work. */
  readonly user: number
  readonly system: number
  readonly spinning: number
  readonly idle: number
  /** Of one script. */
  readonly commands: number
  readonly calls: number
  readonly faults: number
  readonly forks: number
  /** Most memory in use, kernel and caches included, MB. */
  readonly memoryMB: number
}

const whatScriptsDo =
  "A script: every command that SPEC's list marks as run in the measured window (sdm91, " +
  'sdet_command.txt), and what cc, nroff and spell run; a shell for each script, subtasks in ' +
  'random order, the same in each, work in /tmp (sdet_descr.txt). How often each command stands in ' +
  'it, sizes of files and times are assumed (programs/sdet-subtasks.ts, developer/tools.ts).'

/** C. Lever, in the same message. */
const publishedMemory =
  'Memory: published is that programs and files take less than 150 MB with 128 scripts; the model ' +
  'is not fitted to that.'

const shares = ['user', 'system', 'interrupt', 'spin', 'idle', 'wait'] as const
const counts = ['processes.execs', 'processes.forks', 'calls.system', 'pages.faults'] as const
const kinds = ['processes', 'kernel', 'buffers', 'cached'] as const

function measure(scripts: number, report: (text: string) => void): Outcome {
  const server = createServer({
    scenario: 'sdet',
    seed: 7,
    parameters: { 'sdet.scripts': scripts },
  })
  if (typeof server === 'string') throw new Error(server)
  // The first round begins when the trial script has run; what comes before it is not counted.
  while (server.work().offered === 0) server.advance(instant(server.now + 1e8))
  const before = read(server)
  let memoryMB = 0
  while (server.work().rounds.length < rounds) {
    server.advance(instant(server.now + 1e9))
    const used = kinds.map((kind) => server.counters.read(`memory.${kind}`))
    memoryMB = Math.max(memoryMB, used.reduce((sum, kilobytes) => sum + kilobytes, 0) / 1024)
  }
  const after = read(server)
  const difference = (id: string): number => (after.get(id) ?? 0) - (before.get(id) ?? 0)
  const cycles = shares.reduce((sum, share) => sum + difference(`cycles.${share}`), 0)
  const share = (...names: readonly string[]): number =>
    (100 * names.reduce((sum, name) => sum + difference(`cycles.${name}`), 0)) / cycles
  const done = server.work().rounds
  const perHour = done.reduce((sum, round) => sum + round.perHour, 0) / done.length
  report(`${scripts} scripts: ${Math.round(perHour)} scripts/h`)
  const each = (id: string): number => difference(id) / (rounds * scripts)
  return {
    scripts,
    perHour,
    user: share('user'),
    system: share('system', 'interrupt'),
    spinning: share('spin'),
    idle: share('idle', 'wait'),
    commands: each('processes.execs'),
    calls: each('calls.system'),
    faults: each('pages.faults'),
    forks: each('processes.forks'),
    memoryMB,
  }
}

function read(server: Server): Map<string, number> {
  const ids = [...shares.map((share) => `cycles.${share}`), ...counts]
  return new Map(ids.map((id) => [id, server.counters.read(id)]))
}

function noteOf(outcome: Outcome): string {
  const { scripts, perHour, user, system, spinning, idle } = outcome
  const cpu =
    `user ${user.toFixed(1)} %, system ${system.toFixed(1)} %, ` +
    `spinning ${spinning.toFixed(1)} %, idle ${idle.toFixed(1)} %`
  const script =
    `${outcome.commands.toFixed(0)} commands, ${outcome.forks.toFixed(0)} forks, ` +
    `${outcome.calls.toFixed(0)} system calls, ${outcome.faults.toFixed(0)} page faults a script`
  const kind = scripts === fittedAt ? 'fitted' : 'predicted'
  return (
    `${scripts} scripts: ${perHour.toFixed(0)} scripts/h (${kind}); ${cpu}; ${script}; ` +
    `at most ${outcome.memoryMB.toFixed(0)} MB in use`
  )
}

export const sdetScripts = experimentOf({
  id: 'sdet-scripts',
  title: 'SDET with 64 to 192 scripts',
  source: 'C. Lever, linux-mm, 6 April 1999: 128 scripts',
  parts: numbers.map((scripts) => ({
    name: `${scripts} scripts`,
    weight: Math.ceil(scripts / 8),
    run: (report: (text: string) => void) => measure(scripts, report),
  })),
  conclude: (outcomes) => {
    const fitted = outcomes.find(({ scripts }) => scripts === fittedAt)
    if (!fitted) throw new Error(`no outcome for ${fittedAt} scripts`)
    const at = { series: 'throughput', x: fittedAt, xUnit: 'scripts', unit: 'scripts/h' }
    const point = near(at, 'fitted', publishedPerHour, fitted.perHour, 0.03)
    return {
      passed: point.ok,
      points: [point],
      notes: [whatScriptsDo, ...outcomes.map((outcome) => noteOf(outcome)), publishedMemory],
    }
  },
})
