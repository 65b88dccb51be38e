/** Soakscope without a window. */
import { join } from 'node:path'
import { catalogue } from './api/catalogue'
import { runProgram } from './cli/program'

// `soakscope … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runProgram(process.argv.slice(2), {
  catalogue: () => catalogue,
  out: join(import.meta.dirname, '..'),
  terminal: {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY,
  },
})
