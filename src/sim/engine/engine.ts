/**
 * The event engine: a clock, a queue of timed events, and a rolling digest of what was executed.
 *
 * An event is a handler, a number for it, and an instant. Events are executed in the order
 * (time, priority, order of scheduling), so a run depends on nothing but the seed and what was
 * scheduled: not on how `advance` was sliced, and not on the host.
 */
import type { Duration, SimTime } from '../units/time'
import { Digest } from './digest'
import { Heap } from './heap'
import { RandomStream } from './random'

declare const handlerBrand: unique symbol
declare const timerBrand: unique symbol

/** A registered handler; numbered from 0 in order of registration. */
export type HandlerId = number & { readonly [handlerBrand]: true }
/** One scheduled event: its slot and how often that slot was used, so an old id never matches a new event. */
export type TimerId = number & { readonly [timerBrand]: true }

/** A timer that is never pending. */
export const noTimer = 0 as TimerId

/** Slot numbers take the low 22 bits of a timer id, generations the 31 above them. */
const slotLimit = 2 ** 22
const generationLimit = 2 ** 31 - 1
const noSlot = -1
/** Stands in the handler column of a slot whose event was cancelled while it waits in the queue. */
const dead = -1
/** Fewer cancelled events than this are not worth a purge. */
const purgeAtLeast = 64

export class Engine {
  /** Live events: scheduled, neither executed nor cancelled. */
  pending = 0
  private clock = 0
  private count = 0
  private running = false

  private readonly names: string[] = []
  private readonly handlers: ((argument: number) => void)[] = []
  private readonly streams = new Map<string, RandomStream>()
  private readonly rolling = new Digest()
  private heap = new Heap()

  private handlerOf = new Int32Array(64)
  private argumentOf = new Float64Array(64)
  private generationOf = new Int32Array(64).fill(1)
  private nextFree = new Int32Array(64)
  private firstFree = noSlot
  /** Slots that were ever used; the ones above are free as well. */
  private used = 0
  private deadCount = 0

  /** @param seed any integer; with the names of the streams it fixes every random draw. */
  constructor(readonly seed: number) {}

  /** The present instant. */
  get now(): SimTime {
    return this.clock as SimTime
  }

  /** Events executed so far. */
  get executed(): number {
    return this.count
  }

  /** Registers what `at` and `after` can schedule. Ids follow the order of registration. */
  handler(name: string, run: (argument: number) => void): HandlerId {
    this.names.push(name)
    return (this.handlers.push(run) - 1) as HandlerId
  }

  /** The name a handler was registered under, for messages. */
  handlerName(handler: HandlerId): string {
    return this.names[handler] ?? `handler ${handler}`
  }

  /**
   * Schedules `handler(argument)` at `time`.
   * @param argument any safe integer.
   * @param priority an integer in ±127; of events at one instant the lowest goes first, then the earliest scheduled.
   * @throws RangeError when `time` lies before now or beyond 2^53 ns, or the handler does not exist.
   */
  at(time: SimTime, handler: HandlerId, argument: number, priority = 0): TimerId {
    if (!(time >= this.clock && time <= Number.MAX_SAFE_INTEGER)) this.refuseTime(time, handler)
    if (handler >>> 0 >= this.handlers.length) this.refuseHandler(handler)
    const slot = this.takeSlot()
    this.handlerOf[slot] = handler
    this.argumentOf[slot] = argument
    this.heap.insert(time, priority, slot)
    this.pending++
    return (this.generationOf[slot]! * slotLimit + slot) as TimerId
  }

  /** Schedules `handler(argument)` when `delay` has passed. Otherwise as `at`. */
  after(delay: Duration, handler: HandlerId, argument: number, priority = 0): TimerId {
    return this.at((this.clock + delay) as SimTime, handler, argument, priority)
  }

  /** Takes a scheduled event back. False if it has already been executed or cancelled. */
  cancel(timer: TimerId): boolean {
    const slot = timer % slotLimit
    const generation = (timer - slot) / slotLimit
    if (slot >= this.used || this.generationOf[slot] !== generation) return false
    this.generationOf[slot] = generation + 1
    this.handlerOf[slot] = dead
    this.pending--
    this.deadCount++
    if (this.deadCount > this.pending && this.deadCount >= purgeAtLeast) this.purge()
    return true
  }

  /**
   * Executes every event up to and including `until`, then sets the clock to it and returns true;
   * or returns false as soon as `maxEvents` were executed and more are due.
   * @throws RangeError when `until` lies before now.
   */
  advance(until: SimTime, maxEvents = Infinity): boolean {
    if (!(until >= this.clock)) {
      throw new RangeError(`cannot advance to ${until} ns: it is ${this.clock} ns already`)
    }
    const last = this.count + maxEvents
    while (this.dueTime() <= until) {
      if (this.count >= last) return false
      this.executeFirst()
    }
    this.clock = until
    return true
  }

  /** Executes the next event, whenever it is due. False if there is none. */
  stepEvent(): boolean {
    if (this.dueTime() === Infinity) return false
    this.executeFirst()
    return true
  }

  /** When the next event is due; undefined if there is none. */
  nextEventTime(): SimTime | undefined {
    const time = this.dueTime()
    return time === Infinity ? undefined : (time as SimTime)
  }

  /** The random stream of that name: derived from the seed and the name alone, one object for one name. */
  stream(name: string): RandomStream {
    let stream = this.streams.get(name)
    if (stream === undefined) {
      stream = new RandomStream(this.seed, name)
      this.streams.set(name, stream)
    }
    return stream
  }

  /** Rolling 64-bit digest over (time, handler, argument) of every executed event: 16 hex digits. */
  digest(): string {
    return this.rolling.toString()
  }

  /** Adds a number to the digest that no event stands for, such as an action of the operator. */
  mix(value: number): void {
    this.rolling.mix(value)
  }

  /** Time of the first live event; Infinity if there is none. Drops dead events that stand before it. */
  private dueTime(): number {
    const heap = this.heap
    while (heap.size > 0) {
      const slot = heap.first()
      if (this.handlerOf[slot] !== dead) return heap.firstTime()
      heap.removeFirst()
      this.deadCount--
      this.freeSlot(slot)
    }
    return Infinity
  }

  /** Executes the first event, which must be live. */
  private executeFirst(): void {
    if (this.running) throw new Error('advance was called from inside an event')
    const time = this.heap.firstTime()
    const slot = this.heap.first()
    this.heap.removeFirst()
    const handler = this.handlerOf[slot]!
    const argument = this.argumentOf[slot]!
    this.generationOf[slot]!++
    this.freeSlot(slot)
    this.pending--
    this.clock = time
    this.count++
    this.rolling.event(time, handler, argument)
    this.running = true
    try {
      this.handlers[handler]!(argument)
    } finally {
      this.running = false
    }
  }

  private takeSlot(): number {
    const slot = this.firstFree
    if (slot !== noSlot) {
      this.firstFree = this.nextFree[slot]!
      return slot
    }
    if (this.used === this.handlerOf.length) this.growSlots()
    return this.used++
  }

  private freeSlot(slot: number): void {
    if (this.generationOf[slot] === generationLimit) return
    this.nextFree[slot] = this.firstFree
    this.firstFree = slot
  }

  private growSlots(): void {
    const size = this.used * 2
    if (size > slotLimit) throw new RangeError(`more than ${slotLimit} events are pending`)
    const { handlerOf, argumentOf, generationOf, nextFree } = this
    this.handlerOf = new Int32Array(size)
    this.handlerOf.set(handlerOf)
    this.argumentOf = new Float64Array(size)
    this.argumentOf.set(argumentOf)
    this.generationOf = new Int32Array(size).fill(1)
    this.generationOf.set(generationOf)
    this.nextFree = new Int32Array(size)
    this.nextFree.set(nextFree)
  }

  /** Drops all dead events from the queue. */
  private purge(): void {
    const full = this.heap
    const live = new Heap(full.size)
    while (full.size > 0) {
      const slot = full.first()
      if (this.handlerOf[slot] === dead) this.freeSlot(slot)
      else live.insert(full.firstTime(), full.firstPriority(), slot)
      full.removeFirst()
    }
    this.heap = live
    this.deadCount = 0
  }

  private refuseTime(time: number, handler: HandlerId): never {
    throw new RangeError(
      `${this.handlerName(handler)} cannot be scheduled at ${time} ns: it is ${this.clock} ns already`,
    )
  }

  private refuseHandler(handler: number): never {
    throw new RangeError(`there is no handler ${handler}; ${this.handlers.length} are registered`)
  }
}
