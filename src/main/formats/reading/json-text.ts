/** JSON from anybody, with limits on its length and its depth. */
import { success, type Result } from '../../../shared/result'
import { wrongWith } from './comparable'

/** Longest JSON in bytes: a year of rounds fits, and what is made to fill memory does not. */
const bytesMax = 64 * 1024 * 1024
/** Deepest nesting. What is read here has five levels at most. */
const depthMax = 1000

/** Failure that names the file, and what is wrong with it. */
export function parsedJson(path: string, words: string): Result<unknown> {
  if (words.length > bytesMax) {
    return wrongWith(path, `is JSON of more than ${bytesMax / 1024 / 1024} MB`)
  }
  if (deeper(words, depthMax)) return wrongWith(path, `is JSON nested deeper than ${depthMax}`)
  try {
    return success(JSON.parse(words) as unknown)
  } catch {
    return wrongWith(path, 'begins like JSON but is none; is it cut off?')
  }
}

/** JSON.parse needs memory for each level, and texts can have one level a byte. */
function deeper(words: string, most: number): boolean {
  let [depth, quoted] = [0, false]
  for (let at = 0; at < words.length; at++) {
    const character = words.charCodeAt(at)
    if (character === 0x22) quoted = !quoted
    else if (quoted && character === 0x5c) at++
    else if (!quoted && (character === 0x5b || character === 0x7b) && ++depth > most) return true
    else if (!quoted && (character === 0x5d || character === 0x7d)) depth--
  }
  return false
}
