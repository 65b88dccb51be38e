/** Who is told what the load gets done. */
export interface WorkObserver {
  /** So many units of work have begun. */
  offered(count: number): void
  ended(seconds: number, failed: boolean): void
  roundBegan(): void
  roundEnded(startSeconds: number, seconds: number, count: number): void
}
