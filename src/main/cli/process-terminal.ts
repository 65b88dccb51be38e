/**
 * The terminal of this process: what cannot be written is an error to tell of, never one that
 * nobody caught.
 */
import type { Terminal } from './terminal'

export function processTerminal(
  out: NodeJS.WriteStream = process.stdout,
  err: NodeJS.WriteStream = process.stderr,
): Terminal {
  let fault: Error | undefined
  let under = 0
  let waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = []
  let told = false

  const finish = (): void => {
    if (under > 0) return
    const all = waiting
    waiting = []
    for (const { resolve, reject } of all) {
      if (fault === undefined || told) resolve()
      else {
        told = true
        reject(fault)
      }
    }
  }
  // The callback of a write tells of its error; without a listener the stream would throw it as
  // well.
  out.on('error', (error) => (fault ??= error))
  // Complaints that nobody can read are lost.
  err.on('error', () => undefined)

  return {
    out: (text) => {
      if (fault !== undefined) return
      under++
      out.write(text, (error) => {
        if (error) fault ??= error
        under--
        finish()
      })
    },
    settled: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        finish()
      }),
    err: (text) => void err.write(text),
    interactive: err.isTTY,
  }
}
