/** Durations as people write them: numbers with ms, s, m or min, h or d. */

const unitSeconds = { ms: 0.001, s: 1, m: 60, min: 60, h: 3600, d: 86_400 } as const
const parts = /^(?:\d+(?:\.\d+)?\s*(?:ms|min|s|m|h|d)\s*)+$/

/** Seconds of a duration such as `10m`, `4m5s` or `8 min 7 s`; undefined when it is none. */
export function secondsIn(words: string): number | undefined {
  if (!parts.test(words)) return undefined
  let total = 0
  for (const [, number, unit] of words.matchAll(/(\d+(?:\.\d+)?)\s*(ms|min|s|m|h|d)/g)) {
    total += Number(number) * unitSeconds[unit as keyof typeof unitSeconds]
  }
  return total
}

/** The other way: in the largest unit that takes it whole. */
export function durationWords(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const) {
    const count = seconds / unitSeconds[unit]
    if (count >= 1 && Number.isInteger(count)) return `${count}${unit}`
  }
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`
}
