/** `soakscope serve`: the screens in a browser, until it is told to end. */
import { join } from 'node:path'
import type { Catalogue } from '../../shared/api'
import { firstRun, wordsOf, type BeginningWords } from '../beginning'
import { RunSupervisor } from '../runs/supervisor'
import { serveWeb, type WebShell } from '../web'
import { Interruption } from './interruption'
import { complain, RunError, type ExitCode, type Terminal, UsageError } from './terminal'

export interface ServeWords extends BeginningWords {
  readonly port?: string
  readonly host?: string
}

/** Port unless told otherwise; when it is in use, any free one. */
const usualPort = 7425

/** @param out the folder of the build. */
export async function serve(
  catalogue: Catalogue,
  words: ServeWords,
  out: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const asked = words.port === undefined ? undefined : parsePort(words.port)
  const first = firstRun(catalogue, words, wordsOf(process.env))
  if (!first.ok) throw new UsageError(`--${first.error.message}`)
  const { request, pace, paused, memoryLimitMb, recordings } = first.value
  const supervisor = new RunSupervisor({
    workerPath: join(out, 'main', 'worker.js'),
    recordings,
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  })
  const listen = (port: number) =>
    serveWeb({
      supervisor,
      catalogue,
      port,
      rendererFolder: join(out, 'renderer'),
      host: words.host ?? '127.0.0.1',
      reportError: (error) => complain(terminal, String(error)),
    })
  let served = await listen(asked ?? usualPort)
  if (!served.ok && served.error.code === 'port-in-use' && asked === undefined) {
    served = await listen(0)
  }
  if (!served.ok) {
    const argument = served.error.code === 'bad-argument' ? '--host' : '--port'
    throw served.error.code === 'refused' && asked === undefined
      ? new RunError(served.error.message)
      : new UsageError(`${argument}: ${served.error.message}`)
  }
  const started = await supervisor.start(request, { pace, paused })
  if (!started.ok) {
    await end(served.value, supervisor)
    throw new RunError(started.error.message)
  }
  terminal.out(`Soakscope is at ${served.value.address}\n`)
  terminal.err('Ctrl-C ends it, and the run with it.\n')
  let interruption: Interruption | undefined
  await new Promise<void>((resolve) => (interruption = new Interruption(resolve)))
  await end(served.value, supervisor)
  interruption?.close()
  return 0
}

async function end(shell: WebShell, supervisor: RunSupervisor): Promise<void> {
  await Promise.all([shell.close(), supervisor.close()])
}

function parsePort(words: string): number {
  const port = /^\d{1,5}$/.test(words) ? Number(words) : Number.NaN
  if (port <= 65_535) return port
  throw new UsageError(
    `--port: a port is a whole number from 0 (any free one) to 65535, not "${words}"`,
  )
}
