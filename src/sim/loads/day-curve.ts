/**
 * A day of a company's proxies: connections open at once by hour. The text gives the least and the
 * most, 30 and 950, "depending on time of day" (Richardson's measurements, quoted by Banga and
 * Mogul); the hours between are assumed: those of a working day.
 */
const byHour = [
  60, 45, 35, 30, 30, 35, 60, 140, 330, 600, 820, 930, 880, 900, 950, 920, 840, 690, 480, 320, 230,
  170, 120, 85,
] as const

const hourNs = 3600e9

/** Connections at an instant of a run that began at an hour of the day. */
export function connectionsAt(ns: number, firstHour: number): number {
  const hours = firstHour + ns / hourNs
  const hour = Math.floor(hours)
  const [from, to] = [byHour[hour % 24]!, byHour[(hour + 1) % 24]!]
  return from + (to - from) * (hours - hour)
}

/** Their mean over a day. */
const meanOfDay = byHour.reduce((sum, connections) => sum + connections, 0) / 24

/** What comes with a mean at an instant of the same day. */
export const rateAt = (mean: number, ns: number, firstHour: number): number =>
  (mean * connectionsAt(ns, firstHour)) / meanOfDay
