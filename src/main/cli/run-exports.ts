/** The run that has ended as what is exported of it, and its files. */
import { inSeconds, type Server } from '../../sim/index'
import { success } from '../../shared/result'
import { changedFrom } from '../api/changed-parameters'
import { ExportFault } from '../formats/exports/export-fault'
import { rowsWithin, type Exportable } from '../formats/exports/exportable'
import { version } from '../version'
import type { Driver } from './driver'
import type { RunMarks } from './run-marks'
import type { RunPlan } from './run-options'
import type { RunOutputs } from './run-outputs'
import { complain, type Terminal } from './terminal'

interface Exported {
  readonly driver: Driver
  readonly marks: RunMarks
}

/** Writes what `--export` asks for. What cannot be made is said, and the others are finished. */
export async function writeExports(
  plan: RunPlan,
  server: Server,
  of: Exported,
  outputs: RunOutputs,
  terminal: Terminal,
): Promise<void> {
  if (plan.exports.length === 0) return
  const source = exportableOf(plan, server, of)
  const { trace } = server.tracer
  if (trace?.isFull) {
    const until = `the trace was full (${trace.maxBytes / 2 ** 20} MB) at ${trace.toSeconds} s`
    complain(terminal, `${until}; what came later in the window is not in it`)
  }
  for (const [at, { path, format }] of plan.exports.entries()) {
    const output = outputs.exports[at]
    if (!output?.isWanted) continue
    try {
      for await (const piece of format.write(source)) {
        await output.pass(piece)
        if (!output.isWanted) break
      }
    } catch (error) {
      if (!(error instanceof ExportFault)) throw error
      await outputs.abandon(output, `--export ${path}: ${error.message}`)
    }
  }
}

function exportableOf(plan: RunPlan, server: Server, { driver, marks }: Exported): Exportable {
  const runSeconds = inSeconds(server.now)
  const { window } = driver
  return {
    about: {
      version,
      scenario: server.scenario,
      title: server.title,
      summary: server.summary,
      seed: server.seed,
      digest: server.digest(),
      changed: changedFrom(plan.scenario, plan.parameters),
      actions: [...server.actions],
      runSeconds,
      remark: driver.interrupted,
    },
    window,
    counters: server.counters.specs,
    marks: marks.everything(),
    rounds: server.work().rounds,
    samples: () => rowsWithin(driver.spooled(), window),
    trace: () => {
      const { trace } = server.tracer
      if (trace) return Promise.resolve(success(trace))
      throw new ExportFault(`the run ended at ${runSeconds} s, before the trace did`)
    },
    profile: () => {
      const profile = driver.profile()
      if (profile) return Promise.resolve(success(profile))
      const from = `the window, which begins at ${plan.window?.from ?? 0} s`
      throw new ExportFault(`the run ended at ${runSeconds} s, before ${from}; let it run longer`)
    },
  }
}
