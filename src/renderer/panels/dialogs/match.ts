/** What can be looked for. */
export interface Findable {
  readonly title: string
  /** Other words for it. */
  readonly words?: string
  /** A second line. */
  readonly detail?: string
  /** Comes after the others: it ends what goes on. */
  readonly endsRun?: boolean
}

/**
 * What fits the typed words, best first; everything in its own order when nothing was typed. Each
 * word must occur: at the start of a word of the title (best), inside of it, at the start of one of
 * its other words, or in the second line.
 */
export function matches<T extends Findable>(items: readonly T[], typed: string): T[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...items]
  const found: { readonly item: T; readonly score: number }[] = []
  for (const item of items) {
    const points = words.map((word) => scoreOf(word, item))
    if (points.includes(0)) continue
    const score = points.reduce((sum, point) => sum + point, 0)
    found.push({ item, score: item.endsRun ? score / 10 : score })
  }
  return found.sort((a, b) => b.score - a.score).map(({ item }) => item)
}

function scoreOf(word: string, { title, words = '', detail = '' }: Findable): number {
  const text = title.toLowerCase()
  const at = text.indexOf(word)
  if (at === 0) return 5
  if (at > 0) return /[\s.:_-]/.test(text[at - 1] ?? '') ? 4 : 3
  if (` ${words.toLowerCase()}`.includes(` ${word}`)) return 2
  return detail.toLowerCase().includes(word) ? 1 : 0
}
