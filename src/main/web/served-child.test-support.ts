/**
 * A web shell in a process of its own, so that a test sees whether it lives, and what memory it
 * keeps. Arguments: the bundled worker and the folder of the page. Tells its address, and what it
 * is asked.
 */
import { catalogue } from '../api/catalogue'
import { RunSupervisor } from '../runs/supervisor'
import { serveWeb } from '../web'

export type FromChild =
  | { readonly kind: 'at'; readonly address: string; readonly port: number }
  | { readonly kind: 'kept'; readonly bytes: number }
  | { readonly kind: 'reported'; readonly error: string }

const tell = (message: FromChild): void => void process.send?.(message)
const [workerPath = '', rendererFolder = ''] = process.argv.slice(2)

const supervisor = new RunSupervisor({ workerPath, sampleMemoryBytes: 1_000_000 })
const shell = await serveWeb({
  supervisor,
  catalogue: catalogue(),
  rendererFolder,
  host: '127.0.0.1',
  port: 0,
  reportError: (error) => tell({ kind: 'reported', error: String(error) }),
  // Nobody who stops in the middle is waited for long.
  limits: { headMs: 2000, requestMs: 3000, stillMs: 3000, keepAliveMs: 1000, lookMs: 100 },
})
if (!shell.ok) throw new Error(shell.error.message)
const started = await supervisor.start({ scenario: 'yield', seed: 1, parameters: {} })
if (!started.ok) throw new Error(started.error.message)

process.on('message', () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  tell({ kind: 'kept', bytes: heapUsed + external })
})
process.on('disconnect', () => process.exit(0))
tell({ kind: 'at', address: shell.value.address, port: shell.value.port })
