/**
 * Spreads painting over animation frames: jobs run one after another until a frame's share is used
 * up, the rest in the next frame. Eight charts at once can be too much for a frame; one after
 * another nobody sees.
 */
export class FrameQueue {
  private readonly jobs = new Set<() => void>()
  private frame: number | undefined

  constructor(
    private readonly budgetMs: () => number,
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
    const until = this.now() + this.budgetMs()
    for (const job of this.jobs) {
      this.jobs.delete(job)
      job()
      if (this.now() >= until) break
    }
    if (this.jobs.size > 0) this.frame = this.nextFrame(() => this.run())
  }
}

/** Wall milliseconds of the last sign that somebody works with the page. */
let lastInput = -Infinity
const inputs = ['pointermove', 'pointerdown', 'wheel', 'keydown'] as const
const busyForMs = 400

/**
 * The queue that all charts share. While somebody points, scrolls or types, a frame keeps room for
 * that; otherwise a frame takes as many charts as leave it below 50 ms on a slow machine, because
 * every frame costs the same again in layout and compositing.
 */
export const chartQueue = new FrameQueue(
  () => (performance.now() - lastInput < busyForMs ? 8 : 16),
  (run) => requestAnimationFrame(run),
)
if (typeof window !== 'undefined') {
  for (const input of inputs) {
    window.addEventListener(input, () => (lastInput = performance.now()), {
      passive: true,
      capture: true,
    })
  }
}
