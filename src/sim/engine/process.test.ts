import { describe, expect, it } from 'vitest'
import { milliseconds, type SimTime } from '../units/time'
import { Engine } from './engine'
import type { ProcessBody } from './process'
import { Interrupt, spawn } from './process'
import { Signal } from './signal'

const ms = milliseconds
const at = (millis: number): SimTime => (millis * 1e6) as SimTime

/** What happened, with the millisecond at which it did. */
function diary(engine: Engine): { log: string[]; note: (what: string) => void } {
  const log: string[] = []
  return { log, note: (what) => log.push(`${engine.now / 1e6} ${what}`) }
}

describe('a process', () => {
  it('starts at the instant it is spawned, waits as long as it says, and ends', () => {
    const engine = new Engine(1)
    const { log, note } = diary(engine)
    function* walk(name: string, step: number): ProcessBody {
      note(`${name} starts`)
      yield ms(step)
      note(`${name} goes on`)
      yield ms(step)
      note(`${name} ends`)
    }
    engine.advance(at(1))
    const fast = spawn(engine, walk('fast', 2))
    const slow = spawn(engine, walk('slow', 3))
    expect(log).toEqual([])
    engine.advance(at(5))
    expect([fast.done, slow.done]).toEqual([true, false])
    engine.advance(at(100))
    expect(log).toEqual([
      '1 fast starts',
      '1 slow starts',
      '3 fast goes on',
      '4 slow goes on',
      '5 fast ends',
      '7 slow ends',
    ])
    expect(engine.pending).toBe(0)
  })

  it('waits for a signal; waiters go on in the order they came', () => {
    const engine = new Engine(1)
    const { log, note } = diary(engine)
    const bell = new Signal()
    function* listen(name: string): ProcessBody {
      for (;;) {
        yield bell
        note(name)
      }
    }
    for (const name of ['a', 'b', 'c']) spawn(engine, listen(name))
    expect(bell.wakeOne()).toBe(false)
    engine.advance(at(1))
    expect(bell.waiters).toBe(3)
    expect(bell.wakeOne()).toBe(true)
    engine.advance(at(2))
    expect(bell.wakeAll()).toBe(3)
    engine.advance(at(3))
    expect(log).toEqual(['1 a', '2 b', '2 c', '2 a'])
  })

  it('waits for another one to end, however that ends', () => {
    const engine = new Engine(1)
    const { log, note } = diary(engine)
    function* child(): ProcessBody {
      yield ms(10)
    }
    function* parent(): ProcessBody {
      const first = spawn(engine, child())
      yield first.ended
      note('the first has ended')
      const second = spawn(engine, child())
      yield ms(5)
      second.cancel()
      expect(second.done).toBe(true)
      const third = spawn(engine, child())
      yield ms(5)
      third.interrupt('enough')
      yield third.ended
      note('the third has ended')
    }
    spawn(engine, parent())
    engine.advance(at(100))
    expect(log).toEqual(['10 the first has ended', '20 the third has ended'])
  })

  it('is interrupted while it waits for a time, and can go on', () => {
    const engine = new Engine(1)
    const { log, note } = diary(engine)
    function* sleeper(): ProcessBody {
      try {
        yield ms(100)
      } catch (error) {
        expect(error).toBeInstanceOf(Interrupt)
        note((error as Interrupt).message)
      }
      yield ms(3)
      note('ends')
    }
    const process = spawn(engine, sleeper())
    engine.advance(at(10))
    expect(process.interrupt('alarm')).toBe(true)
    engine.advance(at(200))
    expect(log).toEqual(['10 interrupted: alarm', '13 ends'])
    expect(engine.pending).toBe(0)
    expect(process.interrupt('again')).toBe(false)
  })

  it('is interrupted while it waits for a signal, and no longer waits for it', () => {
    const engine = new Engine(1)
    const bell = new Signal()
    const heard: string[] = []
    function* listen(name: string): ProcessBody {
      yield bell
      heard.push(name)
    }
    const [first] = ['first', 'second'].map((name) => spawn(engine, listen(name)))
    engine.advance(at(1))
    first!.interrupt('never mind')
    expect(bell.waiters).toBe(1)
    bell.wakeOne()
    engine.advance(at(2))
    expect(heard).toEqual(['second'])
    expect(first!.done).toBe(true)
  })

  it('is cancelled before its start, in a wait, and once only; its finally blocks run', () => {
    const engine = new Engine(1)
    const bell = new Signal()
    const left: string[] = []
    function* stay(name: string, wait: 'time' | 'signal'): ProcessBody {
      try {
        yield wait === 'time' ? ms(50) : bell
      } finally {
        left.push(name)
      }
    }
    const early = spawn(engine, stay('early', 'time'))
    expect(early.cancel()).toBe(true)
    const timed = spawn(engine, stay('timed', 'time'))
    const listening = spawn(engine, stay('listening', 'signal'))
    engine.advance(at(1))
    expect([timed.cancel(), listening.cancel(), timed.cancel()]).toEqual([true, true, false])
    expect(left).toEqual(['timed', 'listening'])
    expect([engine.pending, bell.waiters]).toEqual([0, 0])
  })

  it('can neither interrupt nor cancel itself', () => {
    const engine = new Engine(1)
    const attempts: (() => unknown)[] = [() => self.interrupt('me'), () => self.cancel()]
    function* body(): ProcessBody {
      for (const attempt of attempts) {
        expect(attempt).toThrow('a process can neither interrupt nor cancel itself')
      }
      yield ms(1)
    }
    const self = spawn(engine, body())
    engine.advance(at(2))
    expect(self.done).toBe(true)
  })

  it('that throws ends, and the error reaches whoever runs the engine', () => {
    const engine = new Engine(1)
    function* broken(): ProcessBody {
      yield ms(1)
      throw new Error('out of paper')
    }
    const process = spawn(engine, broken())
    expect(() => engine.advance(at(2))).toThrow('out of paper')
    expect(process.done).toBe(true)
    expect(engine.advance(at(2))).toBe(true)
  })

  it('a signal that a woken process waits for again does not wake it twice', () => {
    const engine = new Engine(1)
    const bell = new Signal()
    let heard = 0
    function* listen(): ProcessBody {
      for (;;) {
        yield bell
        heard++
        bell.wakeAll()
      }
    }
    spawn(engine, listen())
    engine.advance(at(1))
    bell.wakeAll()
    engine.advance(at(2))
    expect([heard, bell.waiters]).toEqual([1, 1])
  })
})

it('many short processes take no more room than those that live at one time', () => {
  const engine = new Engine(1)
  const indices = new Set<number>()
  const handler = engine.handler('watch', () => {})
  function* brief(): ProcessBody {
    yield ms(1)
  }
  for (let round = 0; round < 200; round++) {
    for (let index = 0; index < 5; index++) spawn(engine, brief())
    indices.add(engine.at(engine.now, handler, 0) % 2 ** 22)
    engine.advance(at((round + 1) * 2))
  }
  expect(engine.pending).toBe(0)
  expect(Math.max(...indices)).toBeLessThan(20)
})
