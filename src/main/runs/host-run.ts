/** The body of a run's worker thread: makes the server, drives it, answers requests. */
import type { MessagePort } from 'node:worker_threads'
import { inSeconds, type Server, type ServerOptions } from '../../sim/index'
import { version } from '../version'
import type { FromWorker, RunOptions, ToWorker } from './protocol'
import { RunLoop } from './run-loop'

/** Makes a server, or says in words for people why not. */
export type ServerFactory = (options: ServerOptions) => Server | string

export function hostRun(createServer: ServerFactory, port: MessagePort, options: RunOptions): void {
  const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer)
  const { scenario, seed, parameters } = options
  const server = createServer({ scenario, seed, parameters })
  if (typeof server === 'string') {
    send({ kind: 'refused', message: server })
    port.close()
    return
  }
  /** What the model throws is a bug in it: the run is told with its instant, and ends. */
  const guarded = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      // The samples since the last batch are still good.
      loop.flush(false)
      send({ kind: 'failed', now: inSeconds(server.now) })
      throw error
    }
  }
  const { title, summary, structures, counters } = server
  const facts = { scenario, title, summary, seed, counters: counters.specs, structures }
  const { cpus, clockMHz } = server.profile()
  send({ kind: 'ready', facts, machine: { cpus, clockMHz } })
  const loop = new RunLoop(server, {
    pace: options.pace,
    paused: options.paused,
    version,
    timeline: options.timeline,
    repeatUntil: options.repeatUntil,
    until: options.until,
    trace: options.trace,
    profileFrom: options.profileFrom,
    wall: () => performance.now(),
    emit: (batch) =>
      send({ kind: 'batch', batch }, [
        batch.time.buffer as ArrayBuffer,
        batch.values.buffer as ArrayBuffer,
      ]),
  })
  loop.flush()

  let immediate: NodeJS.Immediate | undefined
  let timeout: NodeJS.Timeout | undefined
  const run = (): void => {
    immediate = timeout = undefined
    const waitMs = guarded(() => loop.slice())
    if (waitMs === 0) immediate = setImmediate(run)
    else if (waitMs !== undefined) timeout = setTimeout(run, waitMs)
  }
  port.on('message', ({ id, request }: ToWorker) => {
    const result = guarded(() => loop.request(request))
    send({ kind: 'answer', id, result })
    clearImmediate(immediate)
    clearTimeout(timeout)
    run()
  })
  run()
}
