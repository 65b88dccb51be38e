/**
 * Processes: generator functions that read like what they model and yield what they wait for, a
 * duration or a signal. They run on the engine's events, so they keep its order and its digest.
 */
import type { Duration } from '../units/time'
import type { Engine, HandlerId, TimerId } from './engine'
import { noTimer } from './engine'

/** What a process may yield: a time to wait, a signal to wait for. */
export type Wait = Duration | Signal
/** The body of a process. Interrupted, its `yield` throws the `Interrupt`. */
export type ProcessBody = Generator<Wait, void, void>

/** Thrown inside a process by `interrupt`. */
export class Interrupt extends Error {
  constructor(readonly reason: string) {
    super(`interrupted: ${reason}`)
    this.name = 'Interrupt'
  }
}

/** Something processes wait for, in the order they came. */
export class Signal {
  private readonly waiting = new Set<Process>()

  /** Processes that wait. */
  get waiters(): number {
    return this.waiting.size
  }

  /** Lets the process that has waited longest go on at this instant. False if none waits. */
  wakeOne(): boolean {
    for (const process of this.waiting) {
      this.waiting.delete(process)
      process.wake()
      return true
    }
    return false
  }

  /** Lets every waiting process go on at this instant, in the order they came. Returns how many. */
  wakeAll(): number {
    const woken = this.waiting.size
    for (const process of this.waiting) process.wake()
    this.waiting.clear()
    return woken
  }

  /** For `Process` alone. */
  join(process: Process): void {
    this.waiting.add(process)
  }

  /** For `Process` alone. */
  leave(process: Process): void {
    this.waiting.delete(process)
  }
}

/** The processes of one engine and the handler that resumes them. */
class Population {
  readonly members: (Process | undefined)[] = []
  readonly free: number[] = []
  readonly resume: HandlerId

  constructor(readonly engine: Engine) {
    this.resume = engine.handler('process', (index) => this.members[index]?.run())
  }
}

const populations = new WeakMap<Engine, Population>()

export class Process {
  /** Woken when the process ends, however it ends. */
  readonly ended = new Signal()
  private timer: TimerId = noTimer
  private signal: Signal | undefined = undefined
  private reason: Interrupt | undefined = undefined
  private over = false

  /** For `spawn` alone. */
  constructor(
    private readonly population: Population,
    private readonly index: number,
    private readonly body: ProcessBody,
  ) {
    this.wake()
  }

  /** True once the body has returned, thrown, or was cancelled. */
  get done(): boolean {
    return this.over
  }

  /** Ends the wait of a living process at this instant: its `yield` throws an `Interrupt`. False if it has ended. */
  interrupt(reason: string): boolean {
    if (this.over) return false
    this.stopWaiting()
    this.reason = new Interrupt(reason)
    this.wake()
    return true
  }

  /** Ends the process now; its `finally` blocks run. False if it had ended. Not for a process to call on itself. */
  cancel(): boolean {
    if (this.over) return false
    this.stopWaiting()
    this.finish()
    this.body.return()
    return true
  }

  /** For `Signal` alone: goes on at this instant, after what is already due. */
  wake(): void {
    this.signal = undefined
    const { engine, resume } = this.population
    this.timer = engine.at(engine.now, resume, this.index)
  }

  /** For the resume handler alone. */
  run(): void {
    this.timer = noTimer
    const reason = this.reason
    let step: IteratorResult<Wait, void>
    try {
      if (reason === undefined) {
        step = this.body.next()
      } else {
        this.reason = undefined
        step = this.body.throw(reason)
      }
    } catch (error) {
      this.finish()
      if (error === reason) return
      throw error
    }
    if (step.done === true) {
      this.finish()
    } else if (typeof step.value === 'number') {
      const { engine, resume } = this.population
      this.timer = engine.after(step.value, resume, this.index)
    } else {
      this.signal = step.value
      step.value.join(this)
    }
  }

  private stopWaiting(): void {
    this.population.engine.cancel(this.timer)
    this.timer = noTimer
    this.signal?.leave(this)
    this.signal = undefined
  }

  private finish(): void {
    this.over = true
    this.population.members[this.index] = undefined
    this.population.free.push(this.index)
    this.ended.wakeAll()
  }
}

/** Starts a process at this instant, after what is already due. */
export function spawn(engine: Engine, body: ProcessBody): Process {
  let population = populations.get(engine)
  if (population === undefined) {
    population = new Population(engine)
    populations.set(engine, population)
  }
  const index = population.free.pop() ?? population.members.length
  const process = new Process(population, index, body)
  population.members[index] = process
  return process
}
