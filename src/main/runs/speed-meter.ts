/** Events and simulated seconds per wall second, over the last second. */
const windowMs = 1000

interface Reading {
  readonly wallMs: number
  readonly events: number
  readonly simulated: number
}

export class SpeedMeter {
  private readings: Reading[] = []

  /** @param wallMs wall clock. @param simulated simulated seconds. */
  note(wallMs: number, events: number, simulated: number): void {
    const newest = this.readings.at(-1)
    // Ten readings a second say enough.
    if (newest && wallMs - newest.wallMs < windowMs / 10) return
    this.readings.push({ wallMs, events, simulated })
    while ((this.readings[1]?.wallMs ?? Number.POSITIVE_INFINITY) <= wallMs - windowMs) {
      this.readings.shift()
    }
  }

  /** Forgets everything, for instance because the run was paused. */
  restart(): void {
    this.readings = []
  }

  get eventsPerSecond(): number {
    return this.rate((reading) => reading.events)
  }
  get simulatedPerWall(): number {
    return this.rate((reading) => reading.simulated)
  }

  private rate(total: (reading: Reading) => number): number {
    const first = this.readings[0]
    const last = this.readings.at(-1)
    if (!first || !last || last.wallMs <= first.wallMs) return 0
    return ((total(last) - total(first)) * 1000) / (last.wallMs - first.wallMs)
  }
}
