/**
 * The rows that the screen draws. The page keeps the whole run coarsely and its newest part as it
 * came; where somebody looks closer than that, the part is asked for, wherever it is kept: in the
 * memory of the host, in its recording, or in one that was opened.
 */
import { markRaw, shallowRef, type ShallowRef } from 'vue'
import type { RangeRequest, RunRange, TimeWindow } from '../../shared/api'
import { SampleHistory } from '../../shared/charts/sample-history'
import type { SampleBlock } from '../../shared/frame'

/** Rows that a part is asked for with: several for each point of a chart. */
const rowsWanted = 2000
/** A part that has this many rows in sight, or every sample, needs no more. */
const rowsEnough = 600

export interface RowsToShow {
  /** What the page has of the whole run. */
  readonly own: SampleHistory
  /** Asks for a part; undefined when it cannot be had. */
  readonly ask: (request: RangeRequest) => Promise<RunRange | undefined>
  /** Other rows are shown from now on. */
  readonly onNews: () => void
}

export class ShownRows {
  /** What is drawn now. */
  readonly history: ShallowRef<SampleHistory>
  private part: { readonly rows: SampleHistory; readonly window: TimeWindow } | undefined
  private asked: TimeWindow | undefined
  /** Goes up when another run is shown: what was asked for before is not wanted. */
  private epoch = 0

  constructor(private readonly of: RowsToShow) {
    this.history = shallowRef(of.own)
  }

  /** Another run is shown. */
  forget(): void {
    this.epoch++
    this.part = undefined
    this.asked = undefined
    this.history.value = this.of.own
  }

  /** New samples: a part that reaches to the newest grows with them. */
  append(block: SampleBlock, newestBefore: number): void {
    const { part } = this
    if (!part || part.window.to < newestBefore - 1e-9) return
    part.rows.append(block)
    const newest = block.time[block.rows - 1] ?? part.window.to
    this.part = { ...part, window: { from: part.window.from, to: newest } }
  }

  /** Chooses the rows for a window, and asks for better ones where they are too few. */
  look(window: TimeWindow): void {
    const { own, onNews } = this.of
    const newest = own.rows > 0 ? own.time(own.rows - 1) : 0
    const to = Math.min(window.to, newest)
    if (isEnough(own, window.from, to)) this.show(own)
    else if (this.part && covers(this.part, window.from, to)) this.show(this.part.rows)
    else if (!this.asked) void this.fetch(widened(window.from, to, newest)).then(onNews)
  }

  private async fetch(window: TimeWindow): Promise<void> {
    const { epoch } = this
    this.asked = window
    const range = await this.of.ask({ ...window, rows: rowsWanted })
    if (epoch !== this.epoch) return
    this.asked = undefined
    if (!range || range.samples.rows === 0) return
    const rows = markRaw(new SampleHistory({ capacity: 2 * rowsWanted }))
    rows.append(range.samples)
    this.part = { rows, window }
  }

  private show(rows: SampleHistory): void {
    if (this.history.value !== rows) this.history.value = rows
  }
}

/** As much again on both sides, so that one can move on without asking; whole seconds. */
function widened(from: number, to: number, newest: number): TimeWindow {
  const beside = (to - from) / 2
  return {
    from: Math.max(0, Math.floor(from - beside)),
    to: Math.min(newest, Math.ceil(to + beside)),
  }
}

const covers = (
  { rows, window }: { readonly rows: SampleHistory; readonly window: TimeWindow },
  from: number,
  to: number,
): boolean => window.from <= from && window.to >= to - 1e-9 && isEnough(rows, from, to, 3)

/** Whether a history has a part as finely as a chart can draw it, or as it was sampled. */
function isEnough(rows: SampleHistory, from: number, to: number, less = 1): boolean {
  const first = rows.firstFrom(from)
  const last = Math.min(rows.firstFrom(to), rows.rows - 1)
  const count = last - first + 1
  if (count * less >= rowsEnough || to <= from) return true
  let samples = 0
  for (let row = first; row <= last; row++) samples += rows.merged(row)
  // The row at an edge may reach beyond it.
  return samples <= count + 2
}
