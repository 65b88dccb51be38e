/** M/M/4 at utilisation 0.9 with the engine's own random streams. erlang <seed> <customers> */
import { Engine } from '../../src/sim/engine/engine'
import { erlangWait, Mm4 } from '../../src/sim/engine/mm4.test-support'
import { nanoseconds, type SimTime } from '../../src/sim/units/time'

const seed = Number(process.argv[2])
const customers = Number(process.argv[3])
const service = 1e6

const engine = new Engine(seed)
const arrivals = engine.stream('arrivals')
const services = engine.stream('services')
const model = new Mm4(
  engine,
  () => nanoseconds(arrivals.exponential(service / 3.6)),
  () => nanoseconds(services.exponential(service)),
)
while (model.served < customers) engine.advance(Number.MAX_SAFE_INTEGER as SimTime, 10_000)
const wait = model.waited / model.served / service
console.log(JSON.stringify({ seed, wait, expected: erlangWait(4, 0.9), digest: engine.digest() }))
