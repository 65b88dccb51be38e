/** How a row moved in the ranking lately: places up (positive) or down. */
export interface RankChange {
  readonly places: number
  /** Wall milliseconds at which it happened. */
  readonly at: number
}

/**
 * Remembers who stood where, so that the table can mark for a while who has risen and who has
 * fallen.
 */
export class RankChanges {
  private ranks = new Map<string, number>()
  private changes = new Map<string, RankChange>()

  constructor(private readonly shownForMs: number) {}

  /** Takes the present order. Newcomers have no mark: there is nothing to compare them with. */
  update(keys: readonly string[], nowMs: number): void {
    const ranks = new Map(keys.map((key, rank) => [key, rank]))
    for (const [key, rank] of ranks) {
      const before = this.ranks.get(key)
      if (before !== undefined && before !== rank) {
        this.changes.set(key, { places: before - rank, at: nowMs })
      }
    }
    for (const [key, change] of this.changes) {
      if (!ranks.has(key) || nowMs - change.at >= this.shownForMs) this.changes.delete(key)
    }
    this.ranks = ranks
  }

  placesOf(key: string): number {
    return this.changes.get(key)?.places ?? 0
  }

  /** Whether somebody is marked now. */
  get marked(): boolean {
    return this.changes.size > 0
  }

  /** Forgets the order: the next one is a different table. */
  reset(): void {
    this.ranks.clear()
    this.changes.clear()
  }
}
