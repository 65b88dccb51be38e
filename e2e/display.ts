/** A virtual display for the windows of one worker, on Linux; the real one serves elsewhere. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** A tall screen, so that windows of every size that is tested fit. */
const screen = ['-screen', '0', '1920x1200x24']

/**
 * Starts one that picks a free number itself, and waits until it takes windows. Without -noreset it
 * would start anew when its last window closes, and a window that opens at that moment finds none.
 */
export async function ownDisplay() {
  const program = process.env['SOAKSCOPE_XVFB']
  if (!program) return undefined
  const server = spawn(program, ['-displayfd', '3', ...screen, '-noreset', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  let said = ''
  server.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const ended = once(server, 'exit')
  const number = new Promise<string>((resolve, reject) => {
    let written = ''
    server.stdio[3]?.on('data', (chunk: Buffer) => {
      written += chunk.toString()
      if (written.endsWith('\n')) resolve(written.trim())
    })
    ended.then(
      () => reject(new Error(`${program} ended at once: ${said}`)),
      (error: unknown) => reject(error as Error),
    )
  })
  return {
    name: `:${await number}`,
    async close() {
      server.kill()
      await ended
    },
  }
}
