import { describe, expect, it } from 'vitest'
import { pass, smallMachine, start } from '../kernel/small-machine.test-support'
import type { Path, Task } from '../kernel/sched/task'
import { Op } from '../kernel/sched/task'
import { at, smallServer } from '../server/simulated-server.test-support'
import type { SimTime } from '../units/time'
import { Engine } from './engine'
import { LivelockWatch, maxAtOnce } from './livelock'

describe('a run in which simulated time stands still', () => {
  it('is stopped when events only cause each other, however it is sliced', () => {
    for (const slice of [Infinity, 500]) {
      const server = smallServer()
      // Nothing of the model does this; so the test reaches for the engine itself.
      const engine = Reflect.get(server, 'engine') as Engine
      const again = engine.handler('again', () => engine.at(engine.now, again, 0))
      engine.at(at(1.5), again, 0)
      const advance = (): void => {
        while (!server.advance(at(2), slice));
      }
      expect(advance).toThrow(
        'livelock: simulated time does not go on from 1.5 s, where events were executed more than 1000000 times',
      )
    }
  })

  it('is stopped when a task goes round without working', () => {
    const m = smallMachine()
    start(m, function* (task: Task): Path {
      task.charge(450_000)
      yield Op.run
      for (;;) yield Op.run
    })
    expect(() => pass(m, 1)).toThrow(/^livelock: .* took a step more than 1000000 times$/)
  })

  it('is told from one that does much at one instant', () => {
    const engine = new Engine(1)
    const watch = new LivelockWatch(engine)
    const once = engine.handler('once', () => undefined)
    for (let instant = 1; instant <= 3; instant++) {
      for (let count = 0; count < maxAtOnce / 2; count++) engine.at(instant as SimTime, once, 0)
    }
    while (!engine.advance(3 as SimTime, 1000)) watch.look()
    expect(engine.executed).toBe(3 * (maxAtOnce / 2))
  })
})
