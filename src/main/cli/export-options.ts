/** What `--export` and `--window` were told, checked before anything runs. */
import { exportKinds, isOfTrace, type ExportKind, type TimeWindow } from '../../shared/api'
import { unknownName } from '../api/nearest'
import { parseDuration } from '../../shared/parse'
import { traceLongestNs } from '../../sim/index'
import {
  endingsInWords,
  formatOf,
  formatOfName,
  isText,
  type ExportFormat,
} from '../formats/exports/formats'
import { taken, UsageError } from './terminal'

export interface PlannedExport {
  readonly path: string
  readonly format: ExportFormat
}

/** `FILE`, whose ending tells the format, or `FORMAT:FILE`. */
export function planExport(argument: string, word: string): PlannedExport {
  const [, kind = '', rest = ''] = /^([a-z-]+):([^]*)$/.exec(word) ?? []
  if (isKind(kind) && rest === '') {
    throw new UsageError(`${argument}: name a file behind ${kind}:, or - for standard output`)
  }
  const planned = isKind(kind)
    ? { path: rest, format: formatOf(kind) }
    : { path: word, format: formatOfName(word) }
  const { path, format } = planned
  // A file has a colon in its name now and then; with an ending that is known it is one.
  if (!format && kind !== '') {
    throw new UsageError(`${argument}: ${unknownName('format', kind, exportKinds)}`)
  }
  if (!format) throw new UsageError(`${argument}: ${unknownFormat(word)}`)
  if (path === '-' && !isText(format)) {
    throw new UsageError(`${argument}: ${format.kind} is no text; name a file for it`)
  }
  return { path, format }
}

const isKind = (word: string): word is ExportKind =>
  (exportKinds as readonly string[]).includes(word)

function unknownFormat(word: string): string {
  const what =
    word === '-'
      ? 'what to write to standard output is told by its format, such as csv:-'
      : `what to write to ${word === '' ? '""' : word} is told by its ending, or by a format before it, such as csv:${word}`
  return `${what}: ${endingsInWords()}`
}

/** A part of a run: `60s..2m`. */
export function planWindow(argument: string, words: string): TimeWindow {
  const [from, to, ...more] = words.split('..')
  if (from === undefined || to === undefined || more.length > 0) {
    throw new UsageError(`${argument}: "${words}" is no window; write it as 60s..2m`)
  }
  const window = {
    from: taken(argument, parseDuration(from)),
    to: taken(argument, parseDuration(to)),
  }
  if (window.from < window.to) return window
  throw new UsageError(`${argument}: ${words} ends before it has begun; write it as 60s..2m`)
}

/**
 * A trace has every switch and every charge in it, so it is of a short part of a run: of the one
 * that --trace takes, else of the window.
 */
export function checkTrace(
  exports: readonly PlannedExport[],
  window: TimeWindow | undefined,
  isTraced: boolean,
): void {
  const trace = exports.find(({ format }) => isOfTrace(format.kind))
  if (!trace || isTraced) return
  const longest = traceLongestNs / 1e9
  if (window && window.to - window.from <= longest) return
  const say = window
    ? `of at most ${longest} s, not ${window.to - window.from} s`
    : 'such as 3s..3.05s'
  throw new UsageError(`--export: ${trace.path} is a trace, and wants a --window ${say}`)
}
