/** Rounds that have ended since the last time. */
import type { Server } from '../../sim/index'
import type { Round } from '../../shared/frame'

export class NewRounds {
  private last = 0

  constructor(private readonly server: Server) {}

  take(): Round[] {
    const rounds = this.server.work().rounds.filter(({ number }) => number > this.last)
    this.last = rounds.at(-1)?.number ?? this.last
    return rounds.map(({ number, startSeconds, seconds, perHour }) => ({
      number,
      startSeconds,
      seconds,
      perHour,
    }))
  }
}
