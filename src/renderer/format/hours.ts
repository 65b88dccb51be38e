/** Hours of wall time in words: `40 min`, `12 h`, `9 days`; undefined beyond a year. */
export function hoursText(hours: number): string | undefined {
  if (!(hours >= 0 && hours < 24 * 365)) return undefined
  if (hours < 1) return `${Math.floor(hours * 60)} min`
  return hours < 48 ? `${Math.floor(hours)} h` : `${Math.floor(hours / 24)} days`
}
