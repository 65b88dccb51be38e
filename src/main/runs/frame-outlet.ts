/**
 * The stream of frames to one screen. A frame is sent only when the one before was acknowledged;
 * what happens meanwhile is merged into the next, within a bound, so a slow screen costs neither
 * memory nor time.
 */
import type { RunRange } from '../../shared/api'
import type { Frame, Mark, Replaced, Round, RunFacts, RunStatus } from '../../shared/frame'
import type { Batch } from './protocol'
import { BlockBuilder, rowsOf } from './sample-block'
import { RowMaker, totalsOf } from './wide-row'

/** Rows that wait for a screen; more are merged with their neighbours. */
export const pendingRows = 512
/** Marks and rounds that wait for a screen; of more, the oldest are left out. */
const pendingMarks = 4096
/** Wall milliseconds between the frames of a screen that nobody can see. */
const hiddenMs = 1000

export class FrameOutlet {
  private block = new BlockBuilder(0, pendingRows)
  private maker = new RowMaker()
  private marks: Mark[] = []
  private rounds: Round[] = []
  private facts: RunFacts | undefined
  private status: RunStatus | undefined
  private sequence = 0
  private unacknowledged = false
  private columns = 0
  private replaced: Replaced | undefined
  private hidden = false
  /** Set while a hidden screen has had its frame of this second. */
  private rest: NodeJS.Timeout | undefined

  constructor(private readonly deliver: (frame: Frame) => void) {}

  /**
   * A run begins: what was pending of the one before is forgotten.
   * @param past what it has behind it
   */
  begin(facts: RunFacts, status: RunStatus, replaced?: Replaced, past?: RunRange): void {
    this.facts = facts
    this.replaced = replaced
    this.columns = facts.counters.length
    this.block = new BlockBuilder(this.columns, pendingRows)
    this.maker = new RowMaker(totalsOf(facts.counters))
    this.marks = past?.marks.slice(-pendingMarks) ?? []
    this.rounds = past?.rounds.slice(-pendingMarks) ?? []
    for (const row of past ? rowsOf(past.samples) : []) this.block.addRow(row)
    this.report(status)
  }

  /** Samples, marks and rounds of the run. */
  offer(batch: Batch, status: RunStatus): void {
    for (let row = 0; row < batch.rows; row++) {
      const from = row * this.columns
      const values = batch.values.subarray(from, from + this.columns)
      this.block.addRow(this.maker.row(batch.time[row] ?? 0, values))
    }
    if (batch.marks.length > 0) this.marks = [...this.marks, ...batch.marks].slice(-pendingMarks)
    if (batch.rounds.length > 0)
      this.rounds = [...this.rounds, ...batch.rounds].slice(-pendingMarks)
    this.report(status)
  }

  /** Nothing but a new status. */
  report(status: RunStatus): void {
    this.status = status
    this.flush()
  }

  /** The screen has taken in the frame with this number. */
  acknowledge(sequence: number): void {
    if (!this.unacknowledged || sequence !== this.sequence) return
    this.unacknowledged = false
    this.flush()
  }

  /**
   * While nobody can see the screen, it gets a frame a second; what is waiting when somebody can,
   * at once.
   */
  setHidden(hidden: boolean): void {
    this.hidden = hidden
    if (hidden) return
    this.end()
    this.flush()
  }

  /** Nothing more is sent by itself. */
  end(): void {
    clearTimeout(this.rest)
    this.rest = undefined
  }

  private flush(): void {
    if (this.unacknowledged || this.rest || !this.status) return
    const frame: Frame = {
      sequence: ++this.sequence,
      facts: this.facts,
      status: this.status,
      samples: this.block.take(),
      marks: this.marks,
      rounds: this.rounds,
      ...(this.replaced && { replaced: this.replaced }),
    }
    this.facts = undefined
    this.replaced = undefined
    this.marks = []
    this.rounds = []
    this.status = undefined
    this.unacknowledged = true
    if (this.hidden) {
      this.rest = setTimeout(() => {
        this.rest = undefined
        this.flush()
      }, hiddenMs)
    }
    this.deliver(frame)
  }
}
