/**
 * What the events of the last wall seconds were, by kind: a look at one event now and then, not a
 * count of all.
 */
import type { NextEvent } from '../../sim/index'
import type { EventShare } from '../../shared/frame'

/** Wall milliseconds that one part of the window is long, and how many parts it has. */
const partMs = 1000
const parts = 5
/** Fewer looks than this say nothing. */
const looksMin = 50
/** Kinds, and procedures of a kind, that are told of; what is rarer is left out. */
const kindsMax = 4
const proceduresMax = 3

interface Part {
  readonly from: number
  /** Looks by kind, and in each by procedure; those without one under ''. */
  readonly looks: Map<string, Map<string, number>>
}

export class EventMix {
  private window: Part[] = []

  /** @param wallMs wall clock. */
  note(wallMs: number, event: NextEvent | undefined): void {
    if (event === undefined) return
    let part = this.window.at(-1)
    if (!part || wallMs - part.from >= partMs) {
      part = { from: wallMs, looks: new Map() }
      this.window = [...this.window, part].slice(-parts)
    }
    add(part.looks, event.kind, event.procedure ?? '', 1)
  }

  /** Forgets everything, for instance because the run was paused. */
  restart(): void {
    this.window = []
  }

  /** Largest share first. */
  get shares(): readonly EventShare[] {
    const sums: Part['looks'] = new Map()
    for (const { looks } of this.window) {
      for (const [kind, byProcedure] of looks) {
        for (const [procedure, times] of byProcedure) add(sums, kind, procedure, times)
      }
    }
    const all = [...sums.values()].reduce((sum, counts) => sum + total(counts), 0)
    if (all < looksMin) return []
    const kinds = [...sums].sort(([, a], [, b]) => total(b) - total(a)).slice(0, kindsMax)
    return kinds.map(([kind, counts]) => ({
      kind,
      share: total(counts) / all,
      procedures: [...counts]
        .filter(([procedure]) => procedure !== '')
        .sort(([, a], [, b]) => b - a)
        .slice(0, proceduresMax)
        .map(([procedure, times]) => ({ procedure, share: times / all })),
    }))
  }
}

function add(looks: Part['looks'], kind: string, procedure: string, times: number): void {
  let counts = looks.get(kind)
  if (!counts) looks.set(kind, (counts = new Map()))
  counts.set(procedure, (counts.get(procedure) ?? 0) + times)
}

const total = (counts: Map<string, number>): number =>
  [...counts.values()].reduce((sum, times) => sum + times, 0)
