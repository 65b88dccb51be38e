/** `soakscope run`: a run to its end, as fast as it can, and what is written of it. */
import {
  createServer,
  inSeconds,
  instant,
  seconds,
  formatAction,
  type Server,
  type SimTime,
} from '../../sim/index'
import { holds } from '../../shared/parse'
import { scenarioText, type ScenarioFile } from '../../shared/scenario-file'
import { collapsedStacks } from '../formats/collapsed'
import { csvHeader, csvLine } from '../formats/csv'
import { encodePprof } from '../formats/pprof'
import { reportRun, type RunReport } from '../formats/run-report'
import { RunStatistics } from '../formats/run-statistics'
import { VmstatLines } from '../formats/vmstat-text'
import { version } from '../version'
import { openOutput, type Output } from './output'
import { Progress } from './progress'
import type { RunPlan } from './run-options'
import { summary } from './run-summary'
import { complain, RunError, type ExitCode, type Terminal, UsageError } from './terminal'

/** Events between two looks at the wall clock. */
const eventsPerLook = 20_000
/** Wall milliseconds after which signals are heard. */
const hearMs = 100
/** Signals that end a run in good order: nothing half-written stays behind. */
const ends = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export async function run(plan: RunPlan, terminal: Terminal): Promise<ExitCode> {
  const { scenario, seed, parameters } = plan
  const server = createServer({
    ...{ scenario: scenario.id, seed, parameters },
    sampleEvery: seconds(plan.everySeconds),
  })
  if (typeof server === 'string') throw new UsageError(`${plan.parametersBy}: ${server}`)
  const outputs = openOutputs(plan, terminal)
  const progress = new Progress(terminal)
  try {
    const driver = new Driver(server, plan, outputs, progress)
    const late = plan.actions.filter(({ seconds: at }) => at > plan.forSeconds).length
    if (late > 0) complain(terminal, notDone(late, plan.forSeconds))
    await driver.run()
    progress.clear()
    const report = driver.report()
    outputs.json?.write(`${JSON.stringify(report, undefined, 2)}\n`)
    outputs.scenario?.write(scenarioText(driver.scenarioFile()))
    if (plan.outputs.profile) outputs.profile?.write(profileFile(plan.outputs.profile.kind, server))
    for (const output of Object.values(outputs)) output.keep()
    if (!Object.values(plan.outputs).includes('-')) terminal.out(summary(report))
    if (!driver.untilMissed) return 0
    complain(terminal, `${plan.until?.words} did not come true in ${plan.forSeconds} s`)
    return 1
  } finally {
    progress.clear()
    for (const output of Object.values(outputs)) output.drop()
  }
}

const notDone = (actions: number, end: number): string =>
  actions === 1
    ? `1 of the timeline's actions lies after the end of the run (${end} s) and is not done`
    : `${actions} of the timeline's actions lie after the end of the run (${end} s) and are not done`

type Outputs = { readonly [Kind in keyof RunPlan['outputs']]?: Output }

/** Opens every output before the run, so that none fails after it. */
function openOutputs(plan: RunPlan, terminal: Terminal): Outputs {
  const { vmstat, samples, profile, json, scenario } = plan.outputs
  const opened: { -readonly [Kind in keyof Outputs]: Output } = {}
  try {
    if (vmstat !== undefined) opened.vmstat = openOutput('--vmstat', vmstat, terminal)
    if (samples !== undefined) opened.samples = openOutput('--samples', samples, terminal)
    if (profile !== undefined) opened.profile = openOutput('--profile', profile.path, terminal)
    if (json !== undefined) opened.json = openOutput('--json', json, terminal)
    if (scenario !== undefined) {
      opened.scenario = openOutput('--save-scenario', scenario, terminal)
    }
    return opened
  } catch (error) {
    for (const output of Object.values(opened)) output.drop()
    throw error
  }
}

function profileFile(kind: 'pprof' | 'collapsed', server: Server): string | Uint8Array {
  const profile = server.profile()
  if (kind === 'collapsed') return collapsedStacks(profile)
  const { scenario, seed } = server
  return encodePprof(profile, { version, scenario, seed, digest: server.digest() })
}

/** Drives one server to its end. */
class Driver {
  untilMissed = false
  private stop = false
  private interrupted = false
  private wallMs = 0
  private readonly statistics: RunStatistics

  constructor(
    private readonly server: Server,
    private readonly plan: RunPlan,
    outputs: Outputs,
    private readonly progress: Progress,
  ) {
    const { counters } = server
    const { specs, width } = counters
    this.statistics = new RunStatistics(width)
    const vmstat = outputs.vmstat && new VmstatLines(specs)
    outputs.samples?.write(csvHeader(specs))
    const goal = plan.until
    const column = goal ? counters.column(goal.condition.counter) : undefined
    server.onSample = (at) => {
      const values = counters.values.subarray(0, width)
      const time = inSeconds(at)
      this.statistics.add(values)
      if (vmstat) outputs.vmstat?.write(vmstat.add(time, values))
      outputs.samples?.write(csvLine({ time, values, samples: 1 }))
      if (goal && column !== undefined && holds(goal.condition, values[column] ?? 0))
        this.stop = true
    }
  }

  /** @throws RunError when the model fails, with what makes it happen again. */
  async run(): Promise<void> {
    const { server, plan } = this
    const onSignal = (): void => void (this.interrupted = true)
    for (const signal of ends) process.once(signal, onSignal)
    try {
      for (const { seconds: at, action } of [...this.milestones(), ...plan.actions].sort(
        (a, b) => a.seconds - b.seconds,
      )) {
        if (at > plan.forSeconds) break
        await this.advance(instant(at * 1e9))
        if (this.stop) return
        if (action === 'end of warm-up') {
          server.resetStatistics()
          this.statistics.restart(server)
          continue
        }
        // As on the screens, an action takes place after everything else of its instant.
        const refused = server.act(action)
        if (refused !== undefined) {
          throw new RunError(`${formatAction(action)} at ${at} s was refused: ${refused}`)
        }
      }
      const end = instant(plan.forSeconds * 1e9)
      // What an action has set off at the last instant takes place after the end.
      if (server.now < end) await this.advance(end)
      this.untilMissed = plan.until !== undefined && !this.stop
    } finally {
      for (const signal of ends) process.removeListener(signal, onSignal)
    }
  }

  /** The run as it was planned and as long as it was, so that it can be run again. */
  scenarioFile(): ScenarioFile {
    const { scenario, seed, parameters, actions } = this.plan
    const timeline = actions.map(({ seconds: at, action }) => ({
      at,
      action: formatAction(action),
    }))
    return {
      ...{ title: '', about: '', scenario: scenario.id, seed, parameters, timeline },
      forSeconds: inSeconds(this.server.now),
    }
  }

  report(): RunReport {
    const { warmupSeconds } = this.plan
    return reportRun(this.server, this.statistics, {
      ...{ version, warmupSeconds, wallSeconds: this.wallMs / 1000 },
    })
  }

  private *milestones(): Generator<{ seconds: number; action: 'end of warm-up' }> {
    const { warmupSeconds } = this.plan
    if (warmupSeconds > 0) yield { seconds: warmupSeconds, action: 'end of warm-up' }
  }

  private async advance(target: SimTime): Promise<void> {
    const { server } = this
    let heard = performance.now()
    while (!this.stop) {
      const started = performance.now()
      const reached = this.slice(target)
      this.wallMs += performance.now() - started
      this.progress.show(() => this.line())
      if (performance.now() - heard >= hearMs) {
        await new Promise(setImmediate)
        heard = performance.now()
      }
      if (this.interrupted) throw new RunError(`interrupted at ${inSeconds(server.now)} s`)
      if (reached) return
    }
  }

  /** With a condition to watch, no further than the next sample, so that it stops right there. */
  private slice(target: SimTime): boolean {
    const { server, plan } = this
    const every = plan.everySeconds * 1e9
    const sample = (Math.floor(server.now / every) + 1) * every
    const stop = plan.until ? instant(Math.min(target, sample)) : target
    try {
      return server.advance(stop, eventsPerLook) && stop === target
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      const where = `${inSeconds(server.now)} s of simulated time (${server.scenario}, seed ${server.seed})`
      throw new RunError(`the run failed at ${where}: ${message}`)
    }
  }

  private line(): string {
    const now = inSeconds(this.server.now)
    const { forSeconds, until } = this.plan
    const speed = this.wallMs > 0 ? (now * 1000) / this.wallMs : 0
    const goal = until ? `until ${until.words}` : `of ${forSeconds} s`
    return `${this.server.scenario}: ${now.toFixed(0)} s ${goal}, ${speed.toFixed(0)}× real time`
  }
}
