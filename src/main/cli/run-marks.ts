/** What was done and happened in a run, for its recording as it goes, and for its exports. */
import type { Server, ServerMark } from '../../sim/index'

export class RunMarks {
  private readonly all: ServerMark[] = []
  private handedOn = 0

  /** @param isKept somebody will want everything at the end */
  constructor(
    private readonly server: Pick<Server, 'takeMarks'>,
    private readonly isKept: boolean,
  ) {}

  /** Now and then: the server forgets the oldest where nobody takes them. */
  look(): void {
    if (this.isKept) this.fetch()
  }

  /** What is new since the last call. */
  take(): ServerMark[] {
    this.fetch()
    const news = this.all.slice(this.handedOn)
    if (this.isKept) this.handedOn = this.all.length
    else this.all.length = 0
    return news
  }

  /** Everything so far, taken or not. */
  everything(): readonly ServerMark[] {
    this.fetch()
    return this.all
  }

  private fetch(): void {
    this.all.push(...this.server.takeMarks())
  }
}
