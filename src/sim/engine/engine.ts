/**
 * The event engine: a clock, a queue of timed events, and a rolling digest of what was executed.
 *
 * An event is a handler, a number for it, and an instant. Events are executed in the order
 * (time, priority, order of scheduling), so a run depends on nothing but the seed and what was
 * scheduled: not on how `advance` was sliced, and not on the host.
 */
import type { Duration, SimTime } from '../units/time'
import { Batch } from './batch'
import { Digest, highPart } from './digest'
import type { EventQueue } from './event-queue'
import { Ladder } from './ladder'
import { RandomStream } from './random'
import { cancelled, none, Slots } from './slots'

declare const handlerBrand: unique symbol
declare const timerBrand: unique symbol

/** A registered handler; numbered from 0 in order of registration. */
export type HandlerId = number & { readonly [handlerBrand]: true }
/**
 * One scheduled event: its slot and how often that slot was used, so an old id never matches a new
 * event.
 */
export type TimerId = number & { readonly [timerBrand]: true }

/**
 * A timer that is never pending: beyond all ids, and a double as they are. A field that holds an
 * integer first makes V8 compile anew what reads it.
 */
export const noTimer = 0x20000000000000 as TimerId

/**
 * Fewer cancelled events than this are not worth a purge: 64 KB of slots. Timers that are taken
 * back are far off, where they lie unsorted and cost next to nothing.
 */
const purgeAtLeast = 4096

export class Engine {
  private clock = 0
  private count = 0
  private running = false

  private readonly names: string[] = []
  private readonly handlers: ((argument: number) => void)[] = []
  private readonly streams = new Map<string, RandomStream>()
  private readonly rolling = new Digest()
  private readonly slots = new Slots()
  private readonly queue: EventQueue
  /** What a purge takes out and puts back: kept, because cancelled timers make purges frequent. */
  private readonly drained = new Batch()

  /** @param seed any integer; with the names of the streams it fixes every random draw. */
  constructor(
    readonly seed: number,
    queueOf: (slots: Slots) => EventQueue = (slots) => new Ladder(slots),
  ) {
    this.queue = queueOf(this.slots)
  }

  /** The present instant. */
  get now(): SimTime {
    return this.clock as SimTime
  }

  /** Up to when, and up to which number of events, the present `advance` executes them. */
  private until = -Infinity
  private last = Infinity

  /** Events executed so far. */
  get executed(): number {
    return this.count
  }

  /** Live events: scheduled, neither executed nor cancelled. */
  get pending(): number {
    return this.slots.pending
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
   * @param priority an integer in ±127; of events at one instant the lowest goes first, then the
   * earliest scheduled.
   * @throws RangeError when `time` is not a whole number, lies before now or beyond 2^53 ns, or the
   * handler does not exist.
   */
  at(time: SimTime, handler: HandlerId, argument: number, priority = 0): TimerId {
    return this.slots.timer(this.schedule(time, handler, argument, priority)) as TimerId
  }

  /** Schedules `handler(argument)` when `delay` has passed. Otherwise as `at`. */
  after(delay: Duration, handler: HandlerId, argument: number, priority = 0): TimerId {
    return this.at((this.clock + delay) as SimTime, handler, argument, priority)
  }

  /**
   * As `at`, and a tenth faster: it returns the event's slot, an integer, where a timer id is a
   * double. The slot is good for `withdraw`, but only while the event is pending; after that it is
   * another's.
   */
  schedule(time: SimTime, handler: HandlerId, argument: number, priority = 0): number {
    if (!(time >= this.clock && time <= Number.MAX_SAFE_INTEGER) || Math.floor(time) !== time) {
      this.refuseTime(time, handler)
    }
    if (handler >>> 0 >= this.handlers.length) this.refuseHandler(handler)
    const slot = this.slots.take(handler, argument, priority)
    this.queue.insert(time, slot)
    return slot
  }

  /** Takes a scheduled event back. False if it has already been executed or cancelled. */
  cancel(timer: TimerId): boolean {
    if (!this.slots.isPending(timer)) return false
    this.withdraw(this.slots.slotOf(timer))
    return true
  }

  /** Takes a pending event back by the slot that `schedule` returned. */
  withdraw(slot: number): void {
    const slots = this.slots
    slots.cancel(slot)
    if (slots.dead > slots.pending && slots.dead >= purgeAtLeast) this.purge()
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
    if (this.running) throw new Error('advance was called from inside an event')
    this.running = true
    try {
      if (!this.execute(until, maxEvents)) return false
    } finally {
      this.running = false
      this.until = 0
    }
    this.clock = until
    return true
  }

  /** Executes the next event, whenever it is due. False if there is none. */
  stepEvent(): boolean {
    const time = this.nextEventTime()
    if (time === undefined) return false
    const before = this.count
    this.advance(time, 1)
    return this.count > before
  }

  /** When the next event is due; undefined if there is none. */
  nextEventTime(): SimTime | undefined {
    const slot = this.firstLive()
    return slot === none ? undefined : (this.queue.firstTime as SimTime)
  }

  /**
   * Handler and argument of the next event; undefined if there is none. Looking changes nothing.
   */
  nextEvent(): { readonly handler: HandlerId; readonly argument: number } | undefined {
    const slot = this.firstLive()
    if (slot === none) return undefined
    return { handler: this.slots.handler(slot) as HandlerId, argument: this.slots.argument(slot) }
  }

  /**
   * The random stream of that name: derived from the seed and the name alone, one object for one
   * name.
   */
  stream(name: string): RandomStream {
    let stream = this.streams.get(name)
    if (stream === undefined) {
      stream = new RandomStream(this.seed, name)
      this.streams.set(name, stream)
    }
    return stream
  }

  /**
   * Rolling 64-bit digest over (time, handler, argument) of every executed event: 16 hex digits.
   */
  digest(): string {
    return this.rolling.toString()
  }

  /** Adds a number to the digest that no event stands for, such as an action of the operator. */
  mix(value: number): void {
    this.rolling.mix(value)
  }

  /**
   * For who would schedule `handler(argument)` at the end of an event of its own: true when nothing
   * else comes before. It is then that instant, the event counts as executed, and the caller does
   * what it stands for. False: nothing has been done.
   */
  goesNext(time: SimTime, handler: HandlerId, argument: number): boolean {
    if (time > this.until || this.count >= this.last) return false
    const { queue } = this
    if (queue.first() !== none && queue.firstTime <= time) return false
    this.clock = time
    this.count++
    this.rolling.note(time, handler, argument)
    return true
  }

  /** Executes what is due, or `limit` of it. False if there is more. */
  private execute(until: number, limit: number): boolean {
    const { slots, queue, handlers } = this
    const lanes = this.rolling.lanes
    const last = this.count + limit
    this.until = until
    this.last = last
    for (;;) {
      const slot = queue.first()
      if (slot === none) return true
      const handler = slots.handler(slot)
      if (handler === cancelled) {
        queue.removeFirst()
        slots.drop(slot)
        continue
      }
      const time = queue.firstTime
      if (time > until) return true
      if (this.count >= last) return false
      const argument = slots.argument(slot)
      queue.removeFirst()
      slots.release(slot)
      this.clock = time
      this.count++

      // `Digest.note` once more: V8 boxes doubles for a call, which takes a third of the time that
      // an event costs.
      const a = lanes[0]!
      const b = lanes[1]!
      const x = (time | 0) ^ Math.imul(handler + 1, 0x9e3779b1) ^ ((argument * highPart) << 11)
      const y = (argument | 0) ^ Math.imul((time * highPart) | 0, 0x85ebca6b)
      lanes[0] = Math.imul(a ^ Math.imul(x, 0xcc9e2d51), 0x9e3779b1) + b
      lanes[1] = Math.imul(((b << 15) | (b >>> 17)) ^ Math.imul(y, 0x1b873593), 0x27d4eb2f) ^ a

      handlers[handler]!(argument)
    }
  }

  /**
   * The first slot of a live event, `none` if there is none. Drops cancelled events that stand
   * before it.
   */
  private firstLive(): number {
    const { slots, queue } = this
    for (;;) {
      const slot = queue.first()
      if (slot === none || slots.handler(slot) !== cancelled) return slot
      queue.removeFirst()
      slots.drop(slot)
    }
  }

  /** Drops every cancelled event from the queue. */
  private purge(): void {
    const { slots, queue } = this
    const held = this.drained
    held.count = 0
    queue.drain(held)
    for (let index = 0; index < held.count; index++) {
      const slot = held.slots[index]!
      if (slots.handler(slot) === cancelled) slots.drop(slot)
      else queue.insert(held.times[index]!, slot)
    }
  }

  private refuseTime(time: number, handler: HandlerId): never {
    const why =
      time < this.clock ? `it is ${this.clock} ns already` : 'times are whole, below 2^53 ns'
    throw new RangeError(`${this.handlerName(handler)} cannot be scheduled at ${time} ns: ${why}`)
  }

  private refuseHandler(handler: number): never {
    throw new RangeError(`there is no handler ${handler}; ${this.handlers.length} are registered`)
  }
}
