/** `soakscope reproduce`: published experiments run again, published beside simulated. */
import { join } from 'node:path'
import { unknownName } from '../api/nearest'
import { experiments, type Experiment, type ExperimentPoint } from '../../sim/index'
import { runExperiments } from './experiment-parts'
import { Interruption } from './interruption'
import { openJson } from './output'
import { Progress } from './progress'
import { readable, table } from './table'
import { complain, type ExitCode, type Terminal, UsageError } from './terminal'

export interface ReproduceWords {
  readonly all?: boolean
  readonly json?: string
  readonly jobs?: string
}

/** Most workers that can be asked for. */
const jobsMax = 256

/** @param out the folder of the build. */
export async function reproduce(
  id: string | undefined,
  { all, json, jobs }: ReproduceWords,
  out: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const chosen = choose(id, all ?? false)
  const workers = jobs === undefined ? undefined : parseJobs(jobs)
  const output = openJson(json, [], terminal)
  const ended = new AbortController()
  const interruption = new Interruption(() => ended.abort())
  try {
    const outcomes = await runExperiments(
      chosen,
      {
        workerPath: join(out, 'main', 'part-worker.js'),
        jobs: workers,
        signal: ended.signal,
      },
      new Progress(terminal),
    )
    const results = chosen.flatMap((experiment, index) => {
      const outcome = outcomes[index]
      if (!outcome) return []
      const { passed, points, notes = [] } = outcome
      if (!output?.isStandardOutput) terminal.out(resultText(experiment, passed, points, notes))
      const { title, source } = experiment
      return [{ id: experiment.id, title, source, passed, points, notes }]
    })
    await output?.put(results)
    return results.every((result) => result.passed) ? 0 : 1
  } catch (error) {
    if (!interruption.heard) throw error
    complain(terminal, 'interrupted; an experiment tells nothing before all of it is done')
    return 130
  } finally {
    interruption.close()
    await output?.drop()
  }
}

function parseJobs(words: string): number {
  const jobs = /^\d{1,3}$/.test(words) ? Number(words) : Number.NaN
  if (jobs >= 1 && jobs <= jobsMax) return jobs
  throw new UsageError(`--jobs: a whole number from 1 to ${jobsMax}, not "${words}"`)
}

function choose(id: string | undefined, all: boolean): readonly Experiment[] {
  const ids = experiments.map((experiment) => experiment.id)
  if (all && id !== undefined)
    throw new UsageError(`<experiment>: name ${id} or say --all, not both`)
  if (all) return experiments
  if (id === undefined) {
    throw new UsageError(`<experiment>: name one of ${ids.join(', ')}, or say --all`)
  }
  const found = experiments.find((experiment) => experiment.id === id)
  if (found) return [found]
  throw new UsageError(`<experiment>: ${unknownName('experiment', id, ids)}`)
}

function resultText(
  { id, title, source }: Experiment,
  passed: boolean,
  points: readonly ExperimentPoint[],
  notes: readonly string[],
): string {
  const columns = [
    { title: 'series' },
    { title: 'x', right: true },
    { title: '' },
    { title: 'published', right: true },
    { title: 'simulated', right: true },
    { title: 'unit' },
    { title: 'tolerance', right: true },
    { title: 'kind' },
    { title: '' },
  ]
  const rows = points.map((point) => [
    point.series,
    short(point.x),
    point.xUnit,
    short(point.published),
    short(point.simulated),
    point.unit,
    point.tolerance > 0 ? `± ${readable(point.tolerance * 100, 1)} %` : '',
    point.kind,
    point.ok ? 'ok' : 'MISSED',
  ])
  const verdict = passed ? 'reproduced' : 'NOT reproduced'
  const told = notes.length > 0 ? `${notes.join('\n')}\n` : ''
  return `${id}: ${title}\n${source}\n\n${table(columns, rows)}${told}${verdict}\n\n`
}

const short = (value: number): string =>
  readable(value, Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 3 : 1)
