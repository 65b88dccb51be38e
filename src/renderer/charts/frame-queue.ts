/**
 * Spreads painting over animation frames: jobs run one after another until a frame's share is used up, the rest in
 * the next frame. Eight charts at once would cost a frame twice over; one at a time nobody sees.
 */
export class FrameQueue {
  private readonly jobs = new Set<() => void>()
  private frame: number | undefined

  constructor(
    private readonly budgetMs: number,
    private readonly nextFrame: (run: () => void) => number = requestAnimationFrame,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Queues a job; one that waits already keeps its place and runs once. */
  add(job: () => void): void {
    this.jobs.add(job)
    this.frame ??= this.nextFrame(() => this.run())
  }

  remove(job: () => void): void {
    this.jobs.delete(job)
  }

  private run(): void {
    this.frame = undefined
    const until = this.now() + this.budgetMs
    for (const job of this.jobs) {
      this.jobs.delete(job)
      job()
      if (this.now() >= until) break
    }
    if (this.jobs.size > 0) this.frame = this.nextFrame(() => this.run())
  }
}

/** The queue that all charts share. A good third of a 60 Hz frame is left to the rest of the page. */
export const chartQueue = new FrameQueue(10, (run) => requestAnimationFrame(run))
