/**
 * Processes: generator functions that read like what they model and yield what they wait for, a
 * duration or a signal. They run on the engine's events, so they keep its order and its digest.
 */
import type { Duration } from '../units/time'
import { after } from '../units/time'
import type { Engine, HandlerId } from './engine'
import { Signal } from './signal'
import { none } from './slots'

/** What a process may yield: a time to wait, or a signal to wait for. */
export type Wait = Duration | Signal
/** The body of a process. Where it is interrupted, its `yield` throws the `Interrupt`. */
export type ProcessBody = Generator<Wait, void, void>

/** Thrown inside a process by `interrupt`. */
export class Interrupt extends Error {
  constructor(readonly reason: string) {
    super(`interrupted: ${reason}`)
    this.name = 'Interrupt'
  }
}

/** The processes of one engine, and the handler that resumes them. */
class Population {
  readonly members: (Process | undefined)[] = []
  readonly free: number[] = []
  readonly handler: HandlerId

  constructor(engine: Engine) {
    this.handler = engine.handler('process', (index) => this.members[index]?.resume())
  }

  /** A place for a process: its number in the events that resume it. */
  take(): number {
    return this.free.pop() ?? this.members.push(undefined) - 1
  }

  release(index: number): void {
    this.members[index] = undefined
    this.free.push(index)
  }
}

const populations = new WeakMap<Engine, Population>()

export class Process {
  private readonly handler: HandlerId
  private readonly index: number
  /** Slot of the event that resumes it. */
  private timer = none
  private signal: Signal | undefined = undefined
  private interruption: Interrupt | undefined = undefined
  private over = false
  private endSignal: Signal | undefined = undefined

  /** For `spawn` alone. */
  constructor(
    private readonly engine: Engine,
    private readonly population: Population,
    private readonly body: ProcessBody,
  ) {
    this.handler = population.handler
    this.index = population.take()
    population.members[this.index] = this
  }

  /** True once the body has returned or thrown, or the process was cancelled. */
  get done(): boolean {
    return this.over
  }

  /** Woken when the process ends, however it ends. To be waited for only while it lives. */
  get ended(): Signal {
    return (this.endSignal ??= new Signal())
  }

  /**
   * Ends the wait of a living process: at this instant its `yield` throws an `Interrupt`. False if
   * it has ended.
   * @throws Error when a process does it to itself.
   */
  interrupt(reason: string): boolean {
    if (this.over) return false
    this.stopWaiting()
    this.interruption = new Interrupt(reason)
    this.wake()
    return true
  }

  /**
   * Ends the process now; its `finally` blocks run. False if it had ended.
   * @throws Error when a process does it to itself.
   */
  cancel(): boolean {
    if (this.over) return false
    this.stopWaiting()
    this.end()
    this.body.return()
    return true
  }

  /** For `Signal` and `spawn`: goes on at this instant, after what is already due. */
  wake(): void {
    this.signal = undefined
    this.timer = this.engine.schedule(this.engine.now, this.handler, this.index)
  }

  /** For the handler alone: runs the body up to its next wait. */
  resume(): void {
    this.timer = none
    let step: IteratorResult<Wait, void>
    try {
      step = this.interruption === undefined ? this.body.next() : this.throwInterruption()
    } catch (error) {
      this.end()
      throw error
    }
    const wait = step.value
    if (typeof wait === 'number') {
      const engine = this.engine
      this.timer = engine.schedule(after(engine.now, wait), this.handler, this.index)
    } else if (wait === undefined) {
      this.end()
    } else {
      this.signal = wait
      wait.join(this)
    }
  }

  /** An interruption that the body lets pass ends it in peace. */
  private throwInterruption(): IteratorResult<Wait, void> {
    const interruption = this.interruption
    this.interruption = undefined
    try {
      return this.body.throw(interruption)
    } catch (error) {
      if (error === interruption) return { done: true, value: undefined }
      throw error
    }
  }

  private stopWaiting(): void {
    if (this.timer !== none) this.engine.withdraw(this.timer)
    else if (this.signal !== undefined) this.signal.leave(this)
    else throw new Error('a process can neither interrupt nor cancel itself')
    this.timer = none
    this.signal = undefined
  }

  private end(): void {
    this.over = true
    this.population.release(this.index)
    this.endSignal?.wakeAll()
  }
}

/** Starts a process at this instant, after what is already due. */
export function spawn(engine: Engine, body: ProcessBody): Process {
  let population = populations.get(engine)
  if (population === undefined) {
    population = new Population(engine)
    populations.set(engine, population)
  }
  const process = new Process(engine, population, body)
  process.wake()
  return process
}
