/** `soakscope run`: a run to its end, as fast as it can, and what is written of it. */
import { createServer, inSeconds, seconds, type Server } from '../../sim/index'
import { scenarioText } from '../../shared/scenario-file'
import { collapsedStacks } from '../formats/collapsed'
import { encodePprof } from '../formats/pprof'
import { version } from '../version'
import { Driver, type Surroundings } from './driver'
import { Interruption } from './interruption'
import { Progress } from './progress'
import { writeExports } from './run-exports'
import type { RunPlan } from './run-options'
import { RunMarks } from './run-marks'
import { RunOutputs } from './run-outputs'
import { RunRecording } from './run-recording'
import { summary } from './run-summary'
import { readable } from './table'
import { complain, type ExitCode, type Terminal, UsageError } from './terminal'
import { armTrace, traceOf } from './trace-plan'

export async function run(plan: RunPlan, terminal: Terminal): Promise<ExitCode> {
  const { scenario, seed, parameters } = plan
  const server = createServer({
    scenario: scenario.id,
    seed,
    parameters,
    sampleEvery: seconds(plan.everySeconds),
  })
  if (typeof server === 'string') throw new UsageError(`${plan.parametersBy}: ${server}`)
  const { trace } = plan.outputs
  if (trace) armTrace(server, trace)
  const say = (words: string): void => complain(terminal, words)
  const outputs = new RunOutputs(plan, terminal)
  let recording: RunRecording | undefined
  const progress = new Progress(terminal)
  const interruption = new Interruption(() => {
    if (!terminal.interactive) return
    progress.clear()
    say('the run ends here; the same again ends it at once')
  })
  const marks = new RunMarks(server, plan.exports.length > 0)
  const spoken: Surroundings = { progress, interruption, marks, say }
  let driver: Driver | undefined
  try {
    if (plan.record) recording = await RunRecording.open(server, plan, plan.record, marks)
    driver = new Driver(server, plan, outputs, { ...spoken, recording })
    const late = plan.actions.filter(({ seconds: at }) => at > plan.forSeconds).length
    if (late > 0) say(notDone(late, plan.forSeconds))
    await driver.run()
    progress.clear()
    const report = driver.report()
    outputs.write('json', `${JSON.stringify(report, undefined, 2)}\n`)
    outputs.write('scenario', scenarioText(driver.scenarioFile()))
    if (plan.outputs.profile) {
      for (const piece of profileFile(plan, server, driver)) outputs.write('profile', piece)
    }
    await writeExports(plan, server, { driver, marks }, outputs, terminal)
    const traced = trace && traceOf(server, trace)
    if (typeof traced === 'object') {
      outputs.write('trace', traced.file)
      await recording?.keep(traced.taken, say)
    }
    const recorded = recording?.end('ended', driver.interrupted ?? '', say) ?? true
    const useless = outputs.allGone
    if (typeof traced === 'string') await outputs.abandonTrace(traced)
    await outputs.keep()
    if (outputs.standardOutputIsFree && !useless)
      terminal.out(`${summary(report)}${typeof traced === 'object' ? traced.words : ''}`)
    if (driver.samples === 0) sayNoSample(plan, inSeconds(server.now), say)
    for (const line of driver.alarms.lines) say(line)
    if (driver.interrupted) say(`${driver.interrupted}; what was asked for is written up to there`)
    else if (driver.stoppedBy !== undefined) say(`ended by ${driver.stoppedBy}`)
    else if (driver.untilMissed) {
      say(`${plan.until?.words} did not come true in ${plan.forSeconds} s`)
    }
    if (outputs.failed || !recorded) return 1
    return driver.interrupted ? 130 : driver.untilMissed ? 1 : 0
  } finally {
    progress.clear()
    driver?.close()
    recording?.drop('the run failed')
    await outputs.drop()
    interruption.close()
  }
}

const notDone = (actions: number, end: number): string =>
  actions === 1
    ? `1 of the timeline's actions lies after the end of the run (${end} s) and is not done`
    : `${actions} of the timeline's actions lie after the end of the run (${end} s) and are not done`

/** A file with a header only, or nothing in it, looks like a mistake of ours. */
function sayNoSample(plan: RunPlan, now: number, say: (words: string) => void): void {
  const { vmstat, samples } = plan.outputs
  const empty = [
    vmstat === undefined ? undefined : '--vmstat has no line',
    samples === undefined ? undefined : '--samples has its header only',
    plan.until === undefined ? undefined : '--until was never looked at',
  ].filter((words) => words !== undefined)
  if (empty.length === 0) return
  const { everySeconds } = plan
  const length = `the run has ${readable(now, Number.isInteger(now) ? 0 : 2)} s`
  say(`no sample was due: ${length}, and --every is ${everySeconds} s; ${empty.join(', ')}`)
}

function profileFile(plan: RunPlan, server: Server, driver: Driver): Iterable<string | Uint8Array> {
  const profile = server.profile()
  if (plan.outputs.profile?.kind === 'collapsed') return collapsedStacks(profile)
  const { scenario, seed } = server
  const origin = { version, scenario, seed, digest: server.digest() }
  return [encodePprof(profile, { ...origin, remark: driver.interrupted })]
}
