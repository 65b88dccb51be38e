/**
 * HOLD: of N pending events the earliest is taken and another one is scheduled later.
 * hold queue|engine|heap|process <pending> <events>
 */
import { Engine } from '../../src/sim/engine/engine'
import { Heap } from '../../src/sim/engine/heap'
import { Ladder } from '../../src/sim/engine/ladder'
import type { ProcessBody } from '../../src/sim/engine/process'
import { spawn } from '../../src/sim/engine/process'
import { Slots } from '../../src/sim/engine/slots'
import type { Duration, SimTime } from '../../src/sim/units/time'
import { answer, cpuSeconds } from './answer'
import { draws } from './draws'

const [kind = 'engine', pendingText, eventsText] = process.argv.slice(2)
const pending = Number(pendingText)
const events = Number(eventsText)
const forEver = Number.MAX_SAFE_INTEGER as SimTime

interface Holding {
  run(count: number): void
  now(): number
}

/** The queue by itself, as the other programs' queues are measured. */
function ofQueue(next: () => Duration): Holding {
  const slots = new Slots()
  const ladder = new Ladder(slots)
  for (let index = 0; index < pending; index++) ladder.insert(next(), slots.take(0, index, 0))
  let now = 0
  return {
    run(count) {
      for (let index = 0; index < count; index++) {
        const slot = ladder.first()
        now = ladder.firstTime
        ladder.removeFirst()
        slots.release(slot)
        ladder.insert(now + next(), slots.take(0, index, 0))
      }
    },
    now: () => now,
  }
}

/** The whole engine: handlers, timer ids, digest. */
function ofEngine(engine: Engine, next: () => Duration): Holding {
  const handler = engine.handler('hold', (argument) => engine.after(next(), handler, argument))
  for (let index = 0; index < pending; index++) engine.after(next(), handler, index)
  return { run: (count) => engine.advance(forEver, count), now: () => engine.now }
}

/** A process for each event. */
function ofProcesses(next: () => Duration): Holding {
  const engine = new Engine(1)
  function* hold(first: Duration): ProcessBody {
    yield first
    for (;;) yield next()
  }
  for (let index = 0; index < pending; index++) spawn(engine, hold(next()))
  // The start of each process is an event of its own, at time 0.
  engine.advance(engine.now)
  return { run: (count) => engine.advance(forEver, count), now: () => engine.now }
}

function start(): Holding {
  const next = draws(1e9, 1, 0xffff)
  switch (kind) {
    case 'queue':
      return ofQueue(next)
    case 'engine':
      return ofEngine(new Engine(1), next)
    case 'heap':
      return ofEngine(new Engine(1, (slots) => new Heap(slots)), next)
    case 'process':
      return ofProcesses(next)
    default:
      throw new Error(`hold measures queue, engine, heap or process, not ${kind}`)
  }
}

// The compiler's warm-up is not the queue's; a first run takes it.
start().run(Math.max(events / 2, 300_000))
const holding = start()
holding.run(Math.floor(events / 4))
const seconds = cpuSeconds(() => holding.run(events))
answer(events / seconds / 1e6, holding.now())
