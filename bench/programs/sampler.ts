/** An hour with the sampler on: how far it is off. sampler <scenario> [seconds] */
import { createServer, instant } from '../../src/sim'
import { samplerErrors } from '../../src/sim/observe/sampler-error'

const [, , scenario = 'sdet', seconds = '3600'] = process.argv
const parameters = { 'profiler.sampling': 'on' }
const server = createServer({ scenario, seed: 1, parameters })
if (typeof server === 'string') throw new Error(server)
server.advance(instant(Number(seconds) * 1e9))
console.log(JSON.stringify(samplerErrors(server.profile(), 10)))
