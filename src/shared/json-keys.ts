/**
 * What JSON.parse does not say of a text: keys that stand twice in one object, keys that no object
 * should have, and how a number was written. Nothing here goes deeper into the stack, however deep
 * the text is.
 */
import { tokenize } from '@humanwhocodes/momoa'

/** The way to a value: keys of objects, numbers of places in lists. */
export type JsonPath = readonly PropertyKey[]

/**
 * The first fault of the keys of a text that JSON.parse has taken, by its path; undefined when
 * there is none.
 */
export function keyFault(words: string): string | undefined {
  let fault: string | undefined
  walk(words, (step) => {
    if (step.kind !== 'key') return false
    const name = (): string => pathText([...step.path(), step.key])
    if (step.key in Object.prototype) fault = `${name()} is no name that a file may use`
    else if (step.again) fault = `${name()} is there twice, the second time in line ${step.line}`
    return fault !== undefined
  })
  return fault
}

/** A number as it is written in the text, where it has lost digits or become infinite since. */
export function writtenNumber(words: string, wanted: JsonPath): string | undefined {
  let found: string | undefined
  walk(words, (step) => {
    if (step.kind !== 'number' || step.depth !== wanted.length) return false
    if (step.path().some((key, at) => key !== wanted[at])) return false
    found = step.written
    return true
  })
  return found
}

/** `timeline[1].at`, `parameters["machine.cpus"]`. */
export function pathText(path: JsonPath): string {
  return path
    .map((key) => {
      if (typeof key === 'number') return `[${key}]`
      const name = String(key)
      return /^[A-Za-z_][\w-]*$/.test(name) && name.length <= 40
        ? `.${name}`
        : `[${JSON.stringify(name.length > 40 ? `${name.slice(0, 37)}…` : name)}]`
    })
    .join('')
    .replace(/^\./, '')
}

interface Level {
  /** Undefined in a list. */
  readonly keys: Set<string> | undefined
  at: PropertyKey
}

type Step =
  | {
      readonly kind: 'key'
      readonly key: string
      /** Whether the object has had it before. */
      readonly again: boolean
      readonly line: number
      /** Of the object. */
      readonly path: () => PropertyKey[]
    }
  | {
      readonly kind: 'number'
      readonly written: string
      readonly depth: number
      readonly path: () => PropertyKey[]
    }

/** Goes through keys and numbers in their order until `found` says that it is enough. */
function walk(words: string, found: (step: Step) => boolean): void {
  const levels: Level[] = []
  let before = ''
  for (const { type, loc } of tokenize(words, { mode: 'json' })) {
    const level = levels.at(-1)
    const written = (): string => words.slice(loc.start.offset, loc.end.offset)
    if (type === 'LBrace') levels.push({ keys: new Set(), at: '' })
    else if (type === 'LBracket') levels.push({ keys: undefined, at: 0 })
    else if (type === 'RBrace' || type === 'RBracket') levels.pop()
    else if (type === 'Comma' && level && !level.keys) level.at = Number(level.at) + 1
    else if (type === 'String' && level?.keys && (before === 'LBrace' || before === 'Comma')) {
      const key = JSON.parse(written()) as string
      const again = level.keys.has(key)
      const path = (): PropertyKey[] => levels.slice(0, -1).map(({ at }) => at)
      if (found({ kind: 'key', key, again, line: loc.start.line, path })) return
      level.keys.add(key)
      level.at = key
    } else if (type === 'Number') {
      const path = (): PropertyKey[] => levels.map(({ at }) => at)
      if (found({ kind: 'number', written: written(), depth: levels.length, path })) return
    }
    before = type
  }
}
