/** The worker thread of a run. */
import { parentPort, workerData } from 'node:worker_threads'
import { createServer } from '../../sim/index'
import { hostRun } from './host-run'
import type { RunOptions } from './protocol'

if (!parentPort)
  throw new Error('this file is a worker thread of Soakscope; start soakscope instead')
hostRun(createServer, parentPort, workerData as RunOptions)
