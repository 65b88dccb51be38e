/**
 * What a trace costs while it records, and after it was taken back. tracing <scenario> [seconds]
 * Three servers make the same run, slice by slice in turn: one that was never asked for a trace,
 * one that records all of it, one that was asked once and has forgotten it, until the first has
 * taken so much CPU time. The first turns are not counted: the first trace of a program has its
 * code compiled again, once.
 */
import { createServer, instant, type Server } from '../../src/sim'
import { cpuSeconds } from './answer'

const [, , scenario = 'web', enough = '3'] = process.argv
const warmNs = 5e9
const sliceNs = 1e8
const warmTurns = 25

function begun(): Server {
  const server = createServer({ scenario, seed: 1, parameters: {} })
  if (typeof server === 'string') throw new Error(server)
  server.advance(instant(warmNs))
  return server
}

const [never, records, forgot] = [begun(), begun(), begun()]
const all = { never, records, forgot }
type Name = keyof typeof all
const names: readonly Name[] = ['never', 'records', 'forgot']
const seconds = { never: 0, records: 0, forgot: 0 }
forgot.tracer.ask({ reason: 'time', atMostNs: sliceNs })
forgot.tracer.forget()

let turn = 1
for (; seconds.never < Number(enough); turn++) {
  // Who goes first changes: what the collector has to do for one falls on the next.
  for (let i = 0; i < names.length; i++) {
    const name = names[(turn + i) % names.length] ?? 'never'
    const server = all[name]
    if (name === 'records') {
      const refused = server.tracer.ask({ reason: 'time', atMostNs: sliceNs })
      if (refused !== undefined) throw new Error(refused)
    }
    const took = cpuSeconds(() => {
      server.advance(instant(warmNs + turn * sliceNs))
    })
    if (turn > warmTurns) seconds[name] += took
  }
}
const digests = new Set(names.map((name) => all[name].digest()))
if (digests.size > 1) throw new Error('a trace has changed the run')
const cost = (name: Name): number => seconds[name] / seconds.never - 1
console.log(
  JSON.stringify({
    scenario,
    seconds,
    turns: turn - 1 - warmTurns,
    recording: cost('records'),
    forgotten: cost('forgot'),
  }),
)
