/**
 * What a file of OpenMetrics text has in it and where: its metrics lie one after another, each with
 * all of its samples, so each is found once and then read from its own place.
 */
import { preview } from '../../../shared/preview'
import { ImportFault, oneLine } from './imported-file'
import type { SourceFile } from './source-file'
import { linesOf, textOfLine, type TextLine } from './text-lines'

export interface Family {
  readonly name: string
  type: string
  unit: string
  help: string
}

export interface Series {
  readonly family: Family
  /** As its lines have it: with `_total` or `_info` behind the family's name. */
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  /** Bytes before the value in each of its lines. */
  readonly keyBytes: Uint8Array
  /** Where its lines are. */
  readonly from: number
  to: number
  samples: number
  /** Its first line. */
  readonly first: string
}

const seriesMax = 4200
const sample = /^([a-zA-Z_:][\w:]*)(?:\{((?:[^"}\\]|"(?:[^"\\]|\\.)*")*)\})? (\S+)(?: (\S+))?$/

/** @throws ImportFault at what OpenMetrics does not allow, or where its end is missing */
export function seriesIn(file: SourceFile): Series[] {
  const all: Series[] = []
  const families = new Map<string, Family>()
  const keys = new Set<string>()
  let now: Series | undefined
  let hasEnd = false
  for (const line of linesOf(file)) {
    const { bytes, at } = line
    if (hasEnd) throw new ImportFault(`has something after its end (line ${line.number})`)
    if (now && line.isWhole && beginsWith(bytes, now.keyBytes)) {
      now.samples++
      continue
    }
    if (now) now.to = at
    now = undefined
    const text = textOfLine(line)
    if (text === '# EOF') hasEnd = true
    else if (text.startsWith('#')) takeAbout(text, families, line)
    else {
      if (!line.isWhole) break
      now = seriesOf(text, line, families)
      const key = Buffer.from(now.keyBytes).toString()
      if (keys.has(key)) throw new ImportFault(`has ${oneLine(now.name, 80)} in two places`)
      keys.add(key)
      if (all.push(now) > seriesMax) throw new ImportFault('has more metrics than a run can have')
    }
  }
  if (hasEnd) return all
  throw new ImportFault(
    'has no end (# EOF): its samples come metric by metric, so no row of it is whole; export it again',
  )
}

const beginsWith = (bytes: Uint8Array, key: Uint8Array): boolean => {
  if (bytes.length <= key.length) return false
  for (let at = 0; at < key.length; at++) if (bytes[at] !== key[at]) return false
  return true
}

function takeAbout(text: string, families: Map<string, Family>, { number }: TextLine): void {
  const [, word, name = '', value = ''] =
    /^# (TYPE|UNIT|HELP) ([a-zA-Z_:][\w:]*) ?(.*)$/.exec(text) ?? []
  if (word === undefined)
    throw new ImportFault(`is damaged: line ${number} is no line of its format`)
  const family = families.get(name) ?? { name, type: 'unknown', unit: '', help: '' }
  if (word === 'TYPE') family.type = value
  else if (word === 'UNIT') family.unit = value
  else family.help = unescaped(value)
  families.set(name, family)
}

function seriesOf(text: string, line: TextLine, families: Map<string, Family>): Series {
  const match = sample.exec(text)
  if (!match) throw new ImportFault(`is damaged: line ${line.number} is no sample`)
  const [, name = '', labels = '', value = '', time] = match
  if (time === undefined) {
    throw new ImportFault(`has ${preview(oneLine(name, 80))} without an instant; samples need one`)
  }
  const family = families.get(name.replace(/_(total|info)$/, '')) ??
    families.get(name) ?? { name, type: 'unknown', unit: '', help: '' }
  const key = text.slice(0, text.length - value.length - time.length - 1)
  const at = { from: line.at, to: line.at, samples: 1, first: text }
  return { family, name, labels: labelsIn(labels), keyBytes: Buffer.from(key), ...at }
}

function labelsIn(words: string): Map<string, string> {
  const found = words.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g)
  return new Map([...found].map(([, name = '', value = '']) => [name, unescaped(value)]))
}

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
