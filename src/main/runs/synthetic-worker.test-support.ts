import { parentPort, workerData } from 'node:worker_threads'
import { hostRun } from './host-run'
import type { RunOptions } from './protocol'
import { createSynthetic } from './synthetic-server.test-support'

if (parentPort) hostRun(createSynthetic, parentPort, workerData as RunOptions)
