/** What our own files say of their run in a line of words, by the word that it is compared by. */

/** Lines such as `web, seed 1, 2 s to 4 s, digest 0f` or `scenario web, seed 1, digest 0f`. */
export function originOfWords(version: string, words: string): Map<string, string> {
  const origin = new Map([['version', version]])
  const said = (word: string, pattern: RegExp): void => {
    const found = pattern.exec(words)?.[1]
    if (found !== undefined) origin.set(word, found)
  }
  said('scenario', /^(?:scenario )?([\w-]+),/)
  said('seed', /\bseed (\d+)/)
  said('digest', /\bdigest ([0-9a-f]+)/)
  said('CPUs', /\b(\d+ CPUs? at [\d.]+ MHz)/)
  const span = /\b(\d+(?:\.\d+)?) s to (\d+(?:\.\d+)?) s\b/.exec(words)
  if (span) origin.set('warm-up', `${span[1]} s`).set('length', `${span[2]} s`)
  return origin
}
