/**
 * The stream of frames to one screen. A frame is sent only when the one before was acknowledged; what
 * happens meanwhile is merged into the next, within a bound, so a slow screen costs neither memory nor time.
 */
import type { Frame, Mark, Round, RunFacts, RunStatus } from '../../shared/frame'
import type { Batch } from './protocol'
import { BlockBuilder } from './sample-block'

/** Rows that wait for a screen; more are merged with their neighbours. */
const pendingRows = 512
/** Marks and rounds that wait for a screen; of more, the oldest are left out. */
const pendingMarks = 4096

export class FrameOutlet {
  private block = new BlockBuilder(0, pendingRows)
  private marks: Mark[] = []
  private rounds: Round[] = []
  private facts: RunFacts | undefined
  private status: RunStatus | undefined
  private sequence = 0
  private unacknowledged = false
  private columns = 0

  constructor(private readonly deliver: (frame: Frame) => void) {}

  /** A run begins: what was pending of the one before is forgotten. */
  begin(facts: RunFacts, status: RunStatus): void {
    this.facts = facts
    this.columns = facts.counters.length
    this.block = new BlockBuilder(this.columns, pendingRows)
    this.marks = []
    this.rounds = []
    this.report(status)
  }

  /** Samples, marks and rounds of the run. */
  offer(batch: Batch, status: RunStatus): void {
    for (let row = 0; row < batch.rows; row++) {
      const from = row * this.columns
      this.block.add(batch.time[row] ?? 0, batch.values.subarray(from, from + this.columns))
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

  private flush(): void {
    if (this.unacknowledged || !this.status) return
    const frame: Frame = {
      sequence: ++this.sequence,
      facts: this.facts,
      status: this.status,
      samples: this.block.take(),
      marks: this.marks,
      rounds: this.rounds,
    }
    this.facts = undefined
    this.marks = []
    this.rounds = []
    this.status = undefined
    this.unacknowledged = true
    this.deliver(frame)
  }
}
