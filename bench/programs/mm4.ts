/**
 * M/M/4 at utilisation 0.9 with generator processes; calendar events are arrivals and ends of
 * service. mm4 <customers> [exact]   `exact` stops at the very customer, for the check, and is not
 * timed
 */
import { Engine } from '../../src/sim/engine/engine'
import { Mm4 } from '../../src/sim/engine/mm4.test-support'
import type { SimTime } from '../../src/sim/units/time'
import { answer, cpuSeconds } from './answer'
import { draws } from './draws'

const customers = Number(process.argv[2])
const forEver = Number.MAX_SAFE_INTEGER as SimTime

function start(): { model: Mm4; engine: Engine } {
  const engine = new Engine(1)
  const model = new Mm4(engine, draws(1e6 / 3.6, 1, 0xff), draws(1e6, 2, 0xff))
  return { model, engine }
}

function serve({ model, engine }: ReturnType<typeof start>, count: number): number {
  const before = model.served
  while (model.served - before < count) engine.advance(forEver, 10_000)
  return model.served - before
}

if (process.argv[3] === 'exact') {
  const { model, engine } = start()
  while (model.served < Math.floor(customers / 4) + customers) engine.stepEvent()
  answer(0, model.waited)
} else {
  serve(start(), 300_000)
  const run = start()
  serve(run, customers / 4)
  let served = 0
  const seconds = cpuSeconds(() => {
    served = serve(run, customers)
  })
  answer((2 * served) / seconds / 1e6, run.model.waited)
}
