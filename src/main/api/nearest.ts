/** The word that was probably meant, for messages about unknown names. */

/** Names that a message lists. */
const namedMax = 12

/** The nearest of some words, or undefined when none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.floor(word.length / 3))
  let best: { word: string; distance: number } | undefined
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance <= limit && (!best || distance < best.distance))
      best = { word: candidate, distance }
  }
  return best?.word
}

/** `there is no <what> <word>; did you mean …?`, or the list of what there is. */
export function unknownName(what: string, word: string, words: readonly string[]): string {
  const meant = nearest(word, words)
  const more = words.length > namedMax ? ` and ${words.length - namedMax} more` : ''
  const named = words.slice(0, namedMax).join(', ') + more
  const advice = meant ? `did you mean ${meant}?` : `there is ${named || 'none'}`
  return `there is no ${what} ${JSON.stringify(word)}; ${advice}`
}

/** Letters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}
