/** Which alarms of a run rang, and when: what `run` says of them at its end. */
import type { AlarmState } from '../../sim/index'

/** An alarm that comes and goes is told with so many instants; the others are counted. */
const told = 3

export class RungAlarms {
  private readonly rung = new Map<string, { readonly first: number[]; times: number }>()
  private ringing: readonly string[] = []

  /** How the alarms stand with the sample of this second. */
  look(at: number, states: readonly AlarmState[]): void {
    if (states.length === 0) return
    const now = states.filter(({ ringing }) => ringing).map(({ words }) => words)
    for (const words of now) {
      if (this.ringing.includes(words)) continue
      const one = this.rung.get(words) ?? { first: [], times: 0 }
      if (one.times++ < told) one.first.push(at)
      this.rung.set(words, one)
    }
    this.ringing = now
  }

  /** A line for each alarm that rang. */
  get lines(): readonly string[] {
    return [...this.rung].map(([words, { first, times }]) => {
      const more = times - first.length
      const rest = more > 0 ? ` and ${more} more ${more === 1 ? 'time' : 'times'}` : ''
      return `alarm ${words} rang at ${first.map((at) => `${at} s`).join(', ')}${rest}`
    })
  }
}
