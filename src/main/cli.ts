/** Soakscope without a window. */
import { join } from 'node:path'
import { catalogue } from './api/catalogue'
import { processTerminal } from './cli/process-terminal'
import { runProgram } from './cli/program'

// A script that starts this program is tied to it by a channel: it ends with the script, however
// that ended.
if (process.channel !== undefined) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

process.exitCode = await runProgram(process.argv.slice(2), {
  catalogue,
  out: join(import.meta.dirname, '..'),
  terminal: processTerminal(),
})
