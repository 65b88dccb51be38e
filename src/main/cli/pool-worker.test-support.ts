/**
 * A worker of the pool whose tasks are what a test needs: answers with a square, fails, or never
 * answers.
 */
import { parentPort } from 'node:worker_threads'
import type { FromPoolWorker } from './pool'

const say = (message: FromPoolWorker): void => parentPort?.postMessage(message)

parentPort?.on('message', (task: number | 'throw' | 'exit' | 'for ever') => {
  if (task === 'throw') throw new Error('as it was told')
  if (task === 'exit') process.exit(7)
  if (task === 'for ever') {
    say({ kind: 'report', text: 'on its way' })
    for (;;);
  }
  say({ kind: 'report', text: `${task} comes` })
  say({ kind: 'done', outcome: task * task })
})
