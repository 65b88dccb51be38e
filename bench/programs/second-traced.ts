/** Traces one second of a scenario into a file. second-traced <scenario> <file> */
import { writeFileSync } from 'node:fs'
import { encodeTrace } from '../../src/shared/trace-file'
import { createServer, instant } from '../../src/sim'

const [, , scenario = 'web', file = ''] = process.argv
const server = createServer({ scenario, seed: 1, parameters: {} })
if (typeof server === 'string') throw new Error(server)
server.tracer.ask({ reason: 'time', atMostNs: 1e9, from: instant(3e9) })
server.advance(instant(4e9 + 1))
const { trace } = server.tracer
if (!trace || trace.isFull) throw new Error('no trace of a second')
writeFileSync(file, encodeTrace({ origin: { version: 'bench', scenario, seed: 1 }, trace }))
