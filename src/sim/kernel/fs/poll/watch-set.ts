/**
 * The descriptors that a process asks poll or select about, as its array or its bitmaps name them.
 * The host keeps which of them may have changed since they were looked at, so that a call which
 * looks at all of them, and is charged for all, need not: of the others nothing has changed, so
 * what they would answer is known. They are kept by blocks of descriptors, because a call that
 * takes long sees what changes before it has come that far.
 */
import type { Residency } from '../../../machine/residency'
import { SetBit } from '../../../observe/structures'
import type { Cycles } from '../../../units/cycles'
import type { Dispatcher } from '../../sched/dispatcher'
import { WaitQueue } from '../../sched/wait-queue'
import type { OpenFile } from '../files'
import type { PollCall } from './poll-counts'
import type { WatchOwner } from './watchers'
import { Watch } from './watchers'

/** Descriptors that are looked at in one piece. */
export const blockDescriptors = 256

/** What a callback does of how the kernel waits, beside keeping the hint. */
export interface ChangePolicy {
  /** Returns cycles of the callback, the wake-up apart. */
  noteChange(watch: Watch, set: WatchSet): Cycles
  /** Whether it wakes a process that waits. */
  wakes(watch: Watch, set: WatchSet): boolean
}

export class WatchSet implements WatchOwner {
  readonly call: 'select' | 'poll' = 'poll'
  private readonly watches: (Watch | undefined)[] = []
  /** Hinted watches, and all of them, by block. */
  private readonly hints: (Watch[] | undefined)[] = []
  private readonly counts: number[] = []
  size = 0
  /** One more than the highest descriptor. */
  width = 0
  /** Watches that are hinted. */
  hinted = 0
  /** What the last call found. */
  readonly ready: Watch[] = []
  /** Descriptors below this one have the process on their wait queues. */
  registeredBelow = 0
  /** How many of them. */
  registered = 0
  /** The kernel has the set from the call before, with hints. */
  kept = false
  /** The last call that has ended. */
  last: PollCall | undefined
  /** The process that waits, while it is on any of them. */
  readonly waiters = new WaitQueue()
  /** Watches added or changed since the last call, and ones removed. */
  changes = 0
  /** Where a call has come to, while one goes on; −1: none. */
  position = -1

  /** What a walk over all of it goes through, in the caches; −1: no call has walked yet. */
  private footprint = -1

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly policy: ChangePolicy,
  ) {}

  /** Whether the kernel keeps sets of its thread. */
  keepsSets(): boolean {
    return false
  }

  /** Whether it is told by hints what has changed. */
  keepsHints(): boolean {
    return this.kept || this.keepsSets()
  }

  /** Its structures in the caches, as large as they are now. */
  footprintIn(cache: Residency, bytesPerDescriptor: number): number {
    const bytes = this.size * bytesPerDescriptor
    if (this.footprint < 0) this.footprint = cache.create(bytes)
    else cache.resize(this.footprint, bytes)
    return this.footprint
  }

  at(descriptor: number): Watch | undefined {
    return this.watches[descriptor]
  }

  get blocks(): number {
    return Math.ceil(this.width / blockDescriptors)
  }

  /** Watches in a block. */
  countOf(block: number): number {
    return this.counts[block] ?? 0
  }

  /** Asks for a descriptor from the next call on. What it was asked for before is replaced. */
  watch(descriptor: number, file: OpenFile, interest: number): void {
    // Of a file that tells nobody when it is closed, a watch may have been left.
    const before = this.watches[descriptor]
    if (before && before.file !== file) this.closed(before)
    let watch = this.watches[descriptor]
    // A file that tells nobody when it is closed: its descriptor is now another's.
    if (watch && watch.file !== file) {
      this.forget(descriptor)
      watch = undefined
    }
    this.changes++
    if (watch) {
      this.count(descriptor, -this.counted(watch.interest))
      watch.interest = interest
    } else {
      watch = new Watch(this, descriptor, file, interest)
      this.watches[descriptor] = watch
      file.watchers?.add(watch)
      if (descriptor >= this.width) this.width = descriptor + 1
    }
    this.count(descriptor, this.counted(interest))
    this.hint(watch)
  }

  /** Whether a call looks at a descriptor of which so much is asked: 1 or 0. */
  protected counted(_interest: number): number {
    return 1
  }

  private count(descriptor: number, by: number): void {
    const block = Math.floor(descriptor / blockDescriptors)
    this.counts[block] = this.countOf(block) + by
    this.size += by
  }

  /** No longer asks for it. */
  forget(descriptor: number): void {
    const watch = this.watches[descriptor]
    if (!watch) return
    this.changes++
    this.watches[descriptor] = undefined
    ;(watch.file as OpenFile).watchers?.remove(watch)
    this.count(descriptor, -this.counted(watch.interest))
    if (watch.hinted) this.dropHint(watch, Math.floor(descriptor / blockDescriptors))
    watch.ready = 0
    while (this.width > 0 && !this.watches[this.width - 1]) this.width--
  }

  private dropHint(watch: Watch, block: number): void {
    const hints = this.hints[block] ?? []
    hints.splice(hints.indexOf(watch), 1)
    watch.hinted = false
    this.hinted--
  }

  private hint(watch: Watch): void {
    if (watch.hinted) return
    watch.hinted = true
    this.hinted++
    const block = Math.floor(watch.descriptor / blockDescriptors)
    ;(this.hints[block] ??= []).push(watch)
  }

  /**
   * Looks at the hinted watches of a block, in the order of descriptors; those that are ready go to
   * `ready` and stay hinted, as nobody tells when one is so no longer. Returns how many it looked
   * at.
   */
  look(block: number): number {
    const hints = this.hints[block]
    if (hints === undefined || hints.length === 0) return 0
    const looked = hints.length
    if (looked > 1) hints.sort((one, other) => one.descriptor - other.descriptor)
    let kept = 0
    for (const watch of hints) {
      if (watch.look() !== 0) {
        this.ready.push(watch)
        hints[kept++] = watch
      } else watch.hinted = false
    }
    while (hints.length > kept) hints.pop()
    this.hinted -= looked - kept
    return looked
  }

  /** A call begins, which has found nothing yet. */
  forgetReady(): void {
    const { ready } = this
    // Setting the length takes V8 longer than a few pops.
    while (ready.length > 0) ready.pop()
  }

  /** Watches of descriptors in a range. */
  countBetween(from: number, to: number): number {
    let count = 0
    for (let at = from; at < to; at++) {
      const watch = this.watches[at]
      if (watch) count += this.counted(watch.interest)
    }
    return count
  }

  /** Watches that are ready and that the last call has not returned. Changes nothing. */
  get waiting(): number {
    let count = 0
    if (this.hinted === 0) return count
    for (const hints of this.hints) {
      if (hints === undefined) continue
      for (const { file, interest, ready } of hints) {
        if ((file.poll() & interest & ~ready) !== 0) count++
      }
    }
    return count
  }

  /** Bits of SetBit, by descriptor. Changes nothing. */
  mark(states: Uint8Array): void {
    for (const { descriptor, file, interest, hinted, ready: found } of this) {
      if (this.counted(interest) === 0) continue
      const ready = (file.poll() & interest) !== 0
      // What was ready when it was asked has no record of the process.
      const queued = this.registered > 0 && descriptor < this.registeredBelow && found === 0
      states[descriptor] |= SetBit.asked | (ready ? SetBit.ready : 0) | (queued ? SetBit.queued : 0)
      // Elsewhere hints are the host's own, which spare it a scan whose cost is charged.
      if (this.kept && hinted) states[descriptor] |= SetBit.hinted
    }
  }

  changed(watch: Watch): Cycles {
    this.hint(watch)
    const cycles = this.policy.noteChange(watch, this)
    if (this.waiters.length === 0 || !this.policy.wakes(watch, this)) return cycles
    return cycles + this.dispatcher.wakeUp(this.waiters)
  }

  closed(watch: Watch): void {
    this.forget(watch.descriptor)
  }

  *[Symbol.iterator](): Generator<Watch, void> {
    for (const watch of this.watches) if (watch) yield watch
  }
}
