/**
 * Tasks on worker threads, so many at once, each worker one after another. Outcomes come back in
 * the order of the tasks, whoever was done first: nothing but the time it takes depends on the
 * number of workers.
 */
import { Worker, type ResourceLimits } from 'node:worker_threads'
import { RunError } from './terminal'

export type FromPoolWorker =
  | { readonly kind: 'report'; readonly text: string }
  | { readonly kind: 'done'; readonly outcome: unknown }

export interface PoolOptions<Task> {
  /** A bundled file that answers each task it is posted with reports and one `done`. */
  readonly workerPath: string
  readonly workers: number
  readonly resourceLimits?: ResourceLimits
  /** Ends all workers; the promise is then rejected with its reason. */
  readonly signal?: AbortSignal
  /** What a task is called in messages for people. */
  nameOf(task: Task): string
  onStart?(task: Task): void
  onReport?(task: Task, text: string): void
  onDone?(task: Task): void
}

/**
 * @throws RunError when a worker fails, and the signal's reason when it was aborted; no worker is
 * left then.
 */
export async function inWorkers<Task>(
  tasks: readonly Task[],
  options: PoolOptions<Task>,
): Promise<unknown[]> {
  const { signal } = options
  const outcomes: unknown[] = tasks.map(() => undefined)
  const left = tasks.entries()
  const workers: Worker[] = []
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(signal?.reason)
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
  try {
    const count = Math.min(options.workers, tasks.length)
    const working = Array.from({ length: count }, () => {
      const worker = new Worker(options.workerPath, {
        ...(options.resourceLimits && { resourceLimits: options.resourceLimits }),
      })
      workers.push(worker)
      return work(worker, left, outcomes, options)
    })
    await Promise.race([aborted, Promise.all(working)])
    return outcomes
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}

/** One worker takes tasks until none is left. */
async function work<Task>(
  worker: Worker,
  left: Iterator<[number, Task]>,
  outcomes: unknown[],
  options: PoolOptions<Task>,
): Promise<void> {
  for (let next = left.next(); next.done !== true; next = left.next()) {
    const [index, task] = next.value
    options.onStart?.(task)
    outcomes[index] = await answerOf(worker, task, options)
    options.onDone?.(task)
  }
}

function answerOf<Task>(worker: Worker, task: Task, options: PoolOptions<Task>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = (cause: string): void =>
      reject(new RunError(`${options.nameOf(task)} failed: ${cause}`))
    worker.removeAllListeners()
    worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => fail(`its thread ended with code ${code}`))
    worker.on('message', (message: FromPoolWorker) => {
      if (message.kind === 'report') options.onReport?.(task, message.text)
      else resolve(message.outcome)
    })
    worker.postMessage(task)
  })
}
