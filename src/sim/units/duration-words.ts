/** Durations as people write them: a number with ms, s, m, h or d. */

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

/** Seconds of a duration such as `10m`; undefined when it is none. */
export function secondsIn(words: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(words) ?? []
  const scale = unitSeconds[unit]
  return scale === undefined ? undefined : Number(number) * scale
}

/** The other way: in the largest unit that takes it whole. */
export function durationWords(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    const count = seconds / unitSeconds[unit]!
    if (count >= 1 && Number.isInteger(count)) return `${count}${unit}`
  }
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`
}
