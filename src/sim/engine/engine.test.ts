import { describe, expect, it } from 'vitest'
import type { Duration, SimTime } from '../units/time'
import type { HandlerId, TimerId } from './engine'
import { Engine, noTimer } from './engine'
import { Heap } from './heap'
import { increments } from './increments.test-support'

const at = (time: number): SimTime => time as SimTime
const wait = (duration: number): Duration => duration as Duration
const end = at(Number.MAX_SAFE_INTEGER)

/**
 * Schedules, cancels and executes at random. Returns the engine before its run, and what it will
 * have executed.
 */
function randomModel(
  engine: Engine,
  increment: (random: ReturnType<Engine['stream']>) => number,
  events: number,
): string[] {
  const executed: string[] = []
  const random = engine.stream('model')
  const timers: TimerId[] = []
  let scheduled = 0
  const ids: HandlerId[] = []
  const schedule = (): void => {
    if (scheduled >= events) return
    const handler = ids[random.below(ids.length)]!
    const priority = random.chance(0.1) ? random.between(-127, 127) : 0
    timers.push(engine.after(wait(increment(random)), handler, scheduled++, priority))
  }
  const run = (name: string) => (argument: number) => {
    executed.push(`${name} ${argument} at ${engine.now}`)
    schedule()
    if (random.chance(0.3)) schedule()
    while (timers.length > 0 && random.chance(0.3)) {
      const timer = timers.splice(random.below(timers.length), 1)[0]!
      if (engine.cancel(timer)) schedule()
    }
  }
  ids.push(engine.handler('one', run('one')), engine.handler('two', run('two')))
  for (let index = 0; index < Math.min(400, events / 10); index++) schedule()
  return executed
}

describe.each(Object.entries(increments))('with increments: %s', (_name, increment) => {
  it.each([50, 20_000])('%i events and random cancels are executed as by a heap', (events) => {
    const byLadder = new Engine(events)
    const executed = randomModel(byLadder, increment, events)
    const byHeap = new Engine(events, (slots) => new Heap(slots))
    const expected = randomModel(byHeap, increment, events)
    byLadder.advance(end)
    byHeap.advance(end)
    expect(executed).toEqual(expected)
    expect(executed.length).toBeGreaterThan(events / 20)
    expect(byLadder.digest()).toBe(byHeap.digest())
    expect(byLadder.pending).toBe(0)
  })

  it('the digest does not depend on how the run is sliced', () => {
    const outcome = (run: (engine: Engine) => void): unknown[] => {
      const engine = new Engine(5)
      randomModel(engine, increment, 3000)
      run(engine)
      return [engine.digest(), engine.executed, engine.pending]
    }
    const whole = outcome((engine) => engine.advance(end))
    const bySlices = outcome((engine) => {
      for (let slice = 1; engine.pending > 0; slice = slice * 3 + 7) {
        engine.advance(at(engine.now + slice))
      }
    })
    expect(bySlices).toEqual(whole)
    expect(
      outcome((engine) => {
        while (engine.stepEvent());
      }),
    ).toEqual(whole)
    expect(
      outcome((engine) => {
        while (!engine.advance(end, 1));
      }),
    ).toEqual(whole)
    expect(
      outcome((engine) => {
        while (!engine.advance(end, 17));
      }),
    ).toEqual(whole)
  })
})

describe('order', () => {
  it('events of one instant are executed by priority, then in the order they were scheduled', () => {
    const engine = new Engine(1)
    const order: number[] = []
    const note = engine.handler('note', (argument) => order.push(argument))
    engine.at(at(10), note, 3)
    engine.at(at(10), note, 5, 1)
    engine.at(at(10), note, 1, -1)
    engine.at(at(10), note, 4)
    engine.at(at(10), note, 2, -1)
    engine.at(at(9), note, 0, 127)
    engine.advance(at(10))
    expect(order).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('an event scheduled for now is executed in the same advance, after what is already due', () => {
    const engine = new Engine(1)
    const order: string[] = []
    const late = engine.handler('late', () => order.push('late'))
    const early = engine.handler('early', () => {
      order.push('early')
      engine.after(wait(0), late, 0)
    })
    engine.at(at(10), early, 0)
    engine.at(at(10), early, 0)
    expect(engine.advance(at(10))).toBe(true)
    expect(order).toEqual(['early', 'early', 'late', 'late'])
  })

  it('a long chain of events at one instant goes on', () => {
    const engine = new Engine(1)
    let left = 100_000
    const again = engine.handler('again', () => {
      if (left-- > 0) engine.after(wait(0), again, 0)
    })
    for (let index = 0; index < 5000; index++) engine.at(at(7), again, 0)
    engine.advance(at(7))
    expect(engine.executed).toBe(105_000)
  })
})

describe('advance', () => {
  it('executes what is due at the instant itself, and leaves the rest', () => {
    const engine = new Engine(1)
    const nothing = engine.handler('nothing', () => {})
    for (const time of [5, 10, 11]) engine.at(at(time), nothing, 0)
    expect(engine.advance(at(10))).toBe(true)
    expect([engine.now, engine.executed, engine.pending]).toEqual([10, 2, 1])
    expect(engine.nextEventTime()).toBe(11)
  })

  it('returns false when more events are due than it may execute', () => {
    const engine = new Engine(1)
    const nothing = engine.handler('nothing', () => {})
    for (const time of [5, 6, 7]) engine.at(at(time), nothing, 0)
    expect(engine.advance(at(10), 2)).toBe(false)
    expect([engine.now, engine.executed]).toEqual([6, 2])
    expect(engine.advance(at(10), 1)).toBe(true)
    expect(engine.now).toBe(10)
  })

  it('stepEvent executes exactly one event, and says when there is none', () => {
    const engine = new Engine(1)
    const nothing = engine.handler('nothing', () => {})
    engine.at(at(5), nothing, 0)
    engine.at(at(5), nothing, 0)
    expect(engine.stepEvent()).toBe(true)
    expect([engine.now, engine.executed]).toEqual([5, 1])
    expect(engine.stepEvent()).toBe(true)
    expect(engine.stepEvent()).toBe(false)
    expect([engine.executed, engine.nextEventTime()]).toEqual([2, undefined])
  })

  it('is refused from inside an event and towards the past', () => {
    const engine = new Engine(1)
    const nested = engine.handler('nested', () => engine.advance(at(20)))
    engine.at(at(5), nested, 0)
    expect(() => engine.advance(at(10))).toThrow('inside an event')
    expect(() => engine.advance(at(4))).toThrow('cannot advance to 4 ns: it is 5 ns already')
    expect(engine.advance(at(10))).toBe(true)
  })

  it('an event that throws has been executed, and the run can go on', () => {
    const engine = new Engine(1)
    const fail = engine.handler('fail', () => {
      throw new Error('broken')
    })
    engine.at(at(5), fail, 0)
    engine.at(at(6), fail, 0)
    expect(() => engine.advance(at(10))).toThrow('broken')
    expect([engine.now, engine.executed, engine.pending]).toEqual([5, 1, 1])
  })
})

describe('at', () => {
  it('refuses a past time and names both', () => {
    const engine = new Engine(1)
    const tick = engine.handler('tick', () => {})
    engine.advance(at(100))
    expect(() => engine.at(at(99), tick, 0)).toThrow(
      'tick cannot be scheduled at 99 ns: it is 100 ns already',
    )
    expect(() => engine.after(wait(-1), tick, 0)).toThrow(RangeError)
    expect(engine.pending).toBe(0)
  })

  it('refuses what is no instant, and a handler that does not exist', () => {
    const engine = new Engine(1)
    const tick = engine.handler('tick', () => {})
    for (const time of [0.5, NaN, Infinity, 2 ** 53]) {
      expect(() => engine.at(at(time), tick, 0)).toThrow(RangeError)
    }
    expect(() => engine.at(at(1), 1 as HandlerId, 0)).toThrow('there is no handler 1')
    expect(() => engine.at(at(1), -1 as HandlerId, 0)).toThrow('there is no handler -1')
  })

  it('takes times up to 2^53 ns and any safe integer as the argument', () => {
    const engine = new Engine(1)
    const got: number[] = []
    const note = engine.handler('note', (argument) => got.push(argument))
    engine.at(at(Number.MAX_SAFE_INTEGER), note, Number.MIN_SAFE_INTEGER)
    engine.at(at(Number.MAX_SAFE_INTEGER - 1), note, Number.MAX_SAFE_INTEGER)
    engine.advance(end)
    expect(got).toEqual([Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
  })
})

describe('cancel', () => {
  it('takes an event back once', () => {
    const engine = new Engine(1)
    let executed = 0
    const count = engine.handler('count', () => executed++)
    const timer = engine.at(at(5), count, 0)
    expect(engine.pending).toBe(1)
    expect(engine.cancel(timer)).toBe(true)
    expect(engine.pending).toBe(0)
    expect(engine.cancel(timer)).toBe(false)
    expect(engine.nextEventTime()).toBeUndefined()
    engine.advance(at(10))
    expect(executed).toBe(0)
  })

  it('is false for an event that was executed, even when its slot is in use again', () => {
    const engine = new Engine(1)
    let executed = 0
    const count = engine.handler('count', () => executed++)
    const first = engine.at(at(5), count, 0)
    engine.advance(at(5))
    expect(engine.cancel(first)).toBe(false)
    for (let index = 0; index < 1000; index++) {
      const timer = engine.after(wait(1), count, 0)
      expect(engine.cancel(first)).toBe(false)
      expect(timer).not.toBe(first)
      engine.advance(at(engine.now + 1))
    }
    expect(executed).toBe(1001)
  })

  it('is false for the event that is being executed, and for no timer', () => {
    const engine = new Engine(1)
    const results: boolean[] = []
    const self = engine.handler('self', () => results.push(engine.cancel(timer)))
    const timer = engine.at(at(5), self, 0)
    expect(engine.cancel(noTimer)).toBe(false)
    engine.advance(at(5))
    expect(results).toEqual([false])
  })

  it('leaves no trace in the digest', () => {
    const digest = (cancelled: number): string => {
      const engine = new Engine(1)
      const nothing = engine.handler('nothing', () => {})
      const timers: TimerId[] = []
      for (let index = 0; index < 1000; index++) {
        engine.at(at(index * 3), nothing, index)
        if (index < cancelled) timers.push(engine.at(at(index), nothing, index))
      }
      for (const timer of timers) engine.cancel(timer)
      engine.advance(at(5000))
      return engine.digest()
    }
    expect(digest(1000)).toBe(digest(0))
  })

  it('a timer that is set and cancelled for ever takes no more room', () => {
    const engine = new Engine(1)
    const nothing = engine.handler('nothing', () => {})
    for (let index = 0; index < 200; index++) engine.at(at(1e9), nothing, 0)
    const slots = new Set<number>()
    for (let index = 0; index < 100_000; index++) {
      const timer = engine.at(at(1e12), nothing, 0)
      slots.add(timer % 2 ** 22)
      engine.cancel(timer)
    }
    expect(engine.pending).toBe(200)
    // The 4,096th cancelled event is the one that purges.
    expect(slots.size).toBeLessThanOrEqual(4096)
    engine.advance(at(1e12))
    expect(engine.executed).toBe(200)
  })
})

describe('digest', () => {
  const digest = (events: readonly (readonly [number, number, number])[]): string => {
    const engine = new Engine(1)
    const ids = [0, 1, 2].map((index) => engine.handler(`h${index}`, () => {}))
    for (const [time, handler, argument] of events) engine.at(at(time), ids[handler]!, argument)
    engine.advance(at(2 ** 52))
    return engine.digest()
  }

  it('is 16 hex digits and the same for the same events', () => {
    expect(digest([[1, 0, 5]])).toMatch(/^[0-9a-f]{16}$/)
    expect(digest([[1, 0, 5]])).toBe(digest([[1, 0, 5]]))
  })

  it('has this value for these events, on every machine', () => {
    expect(
      digest([
        [1, 0, 5],
        [2 ** 40, 1, -7],
        [2 ** 51 + 1, 2, 2 ** 52 + 3],
      ]),
    ).toBe('80d31edd9d94090d')
  })

  it('changes with every part of an event, and with the order', () => {
    const variants = [
      digest([
        [1, 0, 5],
        [2, 1, 6],
      ]),
      digest([
        [1, 0, 5],
        [3, 1, 6],
      ]),
      digest([
        [1, 0, 5],
        [2, 2, 6],
      ]),
      digest([
        [1, 0, 5],
        [2, 1, 7],
      ]),
      digest([
        [1, 0, 5],
        [2, 1, 6 + 2 ** 32],
      ]),
      digest([
        [1, 0, 5],
        [2 + 2 ** 32, 1, 6],
      ]),
      digest([[1, 0, 5]]),
      digest([
        [2, 0, 5],
        [2, 1, 6],
      ]),
      digest([
        [2, 1, 6],
        [2, 0, 5],
      ]),
      digest([]),
    ]
    expect(new Set(variants).size).toBe(variants.length)
  })

  it('takes in what is mixed, whole or not', () => {
    const mixed = (...values: number[]): string => {
      const engine = new Engine(1)
      for (const value of values) engine.mix(value)
      return engine.digest()
    }
    const variants = [mixed(), mixed(0), mixed(1), mixed(0.5), mixed(0, 1), mixed(1, 0), mixed(-1)]
    expect(new Set(variants).size).toBe(variants.length)
  })

  it('finds a million single changes without a collision', () => {
    const engine = new Engine(1)
    const seen = new Set<string>()
    for (let index = 0; index < 200_000; index++) {
      engine.mix(index & 7)
      seen.add(engine.digest())
    }
    expect(seen.size).toBe(200_000)
  })
})

describe('streams', () => {
  it('one name gives one stream; a stream more shifts no other', () => {
    const draws = (names: readonly string[]): number[] => {
      const engine = new Engine(9)
      for (const name of names) engine.stream(name).uniform()
      return Array.from({ length: 10 }, () => engine.stream('disk').uint32())
    }
    const engine = new Engine(9)
    expect(engine.stream('disk')).toBe(engine.stream('disk'))
    const alone = draws([])
    expect(draws(['client', 'scripts', 'cpu 0'])).toEqual(alone)
  })
})
