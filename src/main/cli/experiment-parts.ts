/**
 * Experiments in worker threads: which part is done when, how far it is, and when it will be over.
 */
import { availableParallelism } from 'node:os'
import type { Experiment, ExperimentResult } from '../../sim/index'
import { youngGenerationMb } from '../runs/young-generation'
import { inWorkers } from './pool'
import type { Progress } from './progress'

/** One part of one experiment, as a worker is told of it. */
export interface PartTask {
  readonly experiment: string
  readonly part: number
  readonly weight: number
  readonly name: string
}

export interface PartOptions {
  readonly workerPath: string
  /** Worker threads; as many as there are cores when left out. */
  readonly jobs: number | undefined
  readonly signal?: AbortSignal
}

/**
 * Runs experiments, all their parts side by side. The results are in the order of the experiments.
 */
export async function runExperiments(
  experiments: readonly Experiment[],
  { workerPath, jobs, signal }: PartOptions,
  progress: Progress,
): Promise<ExperimentResult[]> {
  // The longest first: what comes last is then short, and no core waits long for another.
  const tasks = experiments.flatMap(partsOf).sort((a, b) => b.weight - a.weight)
  const workers = Math.min(jobs ?? availableParallelism(), tasks.length)
  const course = new Course(tasks, workers)
  let last = ''
  const draw = (): void => progress.show(() => course.line(last))
  const drawing = setInterval(draw, 1000)
  const outcomes = await inWorkers(tasks, {
    workerPath,
    workers,
    resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    ...(signal && { signal }),
    nameOf: ({ experiment, name }) => `${experiment} (${name})`,
    onStart: (task) => course.start(task),
    onReport: ({ experiment }, text) => {
      last = `; ${experiment}: ${text}`
      draw()
    },
    onDone: (task) => course.end(task),
  }).finally(() => {
    clearInterval(drawing)
    progress.clear()
  })
  return experiments.map((experiment) =>
    experiment.conclude(
      experiment.parts.map((_, part) => {
        const at = tasks.findIndex(
          (task) => task.experiment === experiment.id && task.part === part,
        )
        return outcomes[at]
      }),
    ),
  )
}

const partsOf = ({ id, parts }: Experiment): PartTask[] =>
  parts.map(({ name, weight }, part) => ({ experiment: id, part, weight, name }))

/** How far all parts are, by their weights. */
export class Course {
  private done = 0
  private weightDone = 0
  /** Wall seconds that the parts took which are done. */
  private secondsDone = 0
  private readonly begun = new Map<PartTask, number>()

  constructor(
    private readonly tasks: readonly PartTask[],
    private readonly workers: number,
    private readonly clock: () => number = () => performance.now() / 1000,
  ) {}

  start(task: PartTask): void {
    this.begun.set(task, this.clock())
  }

  end(task: PartTask): void {
    this.secondsDone += this.clock() - (this.begun.get(task) ?? this.clock())
    this.begun.delete(task)
    this.weightDone += task.weight
    this.done++
  }

  /** @param text what has just been said, with its own punctuation */
  line(text: string): string {
    const left = this.secondsLeft()
    const told = left === undefined ? '' : `, ${timeLeft(left)} left`
    return `${this.done} of ${this.tasks.length} parts done${told}${text}`
  }

  /** Undefined until a part is done, which tells what a weight takes on this machine. */
  secondsLeft(): number | undefined {
    if (this.weightDone === 0) return undefined
    const perWeight = this.secondsDone / this.weightDone
    const now = this.clock()
    let left = 0
    let longest = 0
    for (const task of this.tasks) left += task.weight * perWeight
    left -= this.weightDone * perWeight
    for (const [task, since] of this.begun) {
      const whole = task.weight * perWeight
      const spent = Math.min(now - since, whole)
      left -= spent
      longest = Math.max(longest, whole - spent)
    }
    return Math.max(longest, left / this.workers)
  }
}

const timeLeft = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`
