/** A worker thread that runs parts of experiments, one after another, as it is told. */
import { parentPort } from 'node:worker_threads'
import { experiments } from '../../sim/index'
import type { PartTask } from './experiment-parts'
import type { FromPoolWorker } from './pool'

if (!parentPort)
  throw new Error('this file is a worker thread of Soakscope; start soakscope instead')
const port = parentPort
const say = (message: FromPoolWorker): void => port.postMessage(message)

port.on('message', ({ experiment, part }: PartTask) => {
  const found = experiments.find(({ id }) => id === experiment)?.parts[part]
  if (!found) throw new Error(`there is no part ${part} of ${experiment}`)
  say({ kind: 'done', outcome: found.run((text) => say({ kind: 'report', text })) })
})
