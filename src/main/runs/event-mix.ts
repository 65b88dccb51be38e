/** What the events of the last wall seconds were, by kind: a look at one event now and then, not a count of all. */
import type { NextEvent } from '../../sim/index'
import type { EventShare } from '../../shared/frame'

/** Wall milliseconds that one part of the window is long, and how many parts it has. */
const partMs = 1000
const parts = 5
/** Fewer looks than this say nothing. */
const looksMin = 50
/** Kinds that are told of; what is rarer is left out. */
const kindsMax = 4

interface Part {
  readonly from: number
  readonly looks: Map<string, { readonly event: NextEvent; times: number }>
}

export class EventMix {
  private window: Part[] = []

  /** @param wallMs wall clock. */
  note(wallMs: number, event: NextEvent | undefined): void {
    if (event === undefined) return
    const newest = this.window.at(-1)
    let part = newest
    if (!part || wallMs - part.from >= partMs) {
      part = { from: wallMs, looks: new Map() }
      this.window = [...this.window, part].slice(-parts)
    }
    const key = `${event.kind}\n${event.procedure ?? ''}`
    const known = part.looks.get(key)
    if (known) known.times++
    else part.looks.set(key, { event, times: 1 })
  }

  /** Forgets everything, for instance because the run was paused. */
  restart(): void {
    this.window = []
  }

  /** Largest share first. */
  get shares(): readonly EventShare[] {
    const sums = new Map<string, { readonly event: NextEvent; times: number }>()
    let looks = 0
    for (const part of this.window) {
      for (const [key, { event, times }] of part.looks) {
        looks += times
        sums.set(key, { event, times: times + (sums.get(key)?.times ?? 0) })
      }
    }
    if (looks < looksMin) return []
    return [...sums.values()]
      .sort((a, b) => b.times - a.times)
      .slice(0, kindsMax)
      .map(({ event: { kind, procedure }, times }) => ({ kind, procedure, share: times / looks }))
  }
}
