/** A text that was found, with how well it fits: larger is better. */
export interface Match<T> {
  readonly item: T
  readonly score: number
}

/**
 * What fits the typed words, best first; everything in its own order when nothing was typed. Each word must occur:
 * at the start of a word of the title (best), inside of it, or in the second line.
 */
export function matches<T>(
  items: readonly T[],
  typed: string,
  titleOf: (item: T) => string,
  detailOf: (item: T) => string,
): T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...items]
  const found: Match<T>[] = []
  for (const item of items) {
    const title = titleOf(item).toLowerCase()
    const detail = detailOf(item).toLowerCase()
    let score = 0
    for (const word of words) {
      const points = scoreOf(word, title, detail)
      score = points === 0 ? -Infinity : score + points
    }
    if (score > 0) found.push({ item, score })
  }
  return found.sort((a, b) => b.score - a.score).map(({ item }) => item)
}

function scoreOf(word: string, title: string, detail: string): number {
  const at = title.indexOf(word)
  if (at === 0) return 4
  if (at > 0) return /[\s.:_-]/.test(title[at - 1] ?? '') ? 3 : 2
  return detail.includes(word) ? 1 : 0
}
