/** Where and when a task was woken, in cycles of the waker's clock. */
export interface Wake {
  /** Number of the arrow. */
  readonly id: number
  readonly cpu: number
  readonly at: number
}

/** Which tasks were woken and have not run yet: each such wake-up is one arrow. */
export class PendingWakes {
  private ids = 0
  private readonly waiting = new Map<number, Wake>()

  /** Of several wake-ups before a task runs the first is the one that counts. */
  woken(pid: number, cpu: number, at: number): void {
    if (!this.waiting.has(pid)) this.waiting.set(pid, { id: ++this.ids, cpu, at })
  }

  /** The task runs: the wake-up whose arrow ends there, if there is one. */
  runs(pid: number): Wake | undefined {
    const wake = this.waiting.get(pid)
    this.waiting.delete(pid)
    return wake
  }
}
