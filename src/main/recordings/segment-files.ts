/**
 * Names in a recording's folder. A log is a row of segments, `<log>-<first second>.arrows`, and
 * beside them its tail, which has what no segment has yet.
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { traceFromName } from '../../shared/trace-file'
import { runFileName } from './run-file'

export interface Segment {
  readonly log: string
  /** Simulated second at which its rows begin. */
  readonly from: number
  readonly path: string
}

const digits = 9
const pattern = /^([a-z0-9-]+)-(\d{9})\.arrows$/
/** More files than that is no recording of ours. */
const filesMax = 100_000

export const segmentName = (log: string, from: number): string =>
  `${log}-${String(Math.floor(from)).padStart(digits, '0')}.arrows`
export const tailName = (log: string): string => `${log}.tail.arrows`

/** Whether a file of this name has a place in a recording; who writes it now has none elsewhere. */
export const isFileOfRecording = (name: string): boolean =>
  name === runFileName ||
  pattern.test(name) ||
  /^[a-z0-9-]+\.tail\.arrows$/.test(name) ||
  traceFromName(name) !== undefined

/** Segments of a folder by log, the oldest first. @throws an error with a code */
export function segmentsIn(folder: string): Map<string, Segment[]> {
  const logs = new Map<string, Segment[]>()
  for (const name of readdirSync(folder).slice(0, filesMax).sort()) {
    const [, log, from] = pattern.exec(name) ?? []
    if (log === undefined) continue
    const segment = { log, from: Number(from), path: join(folder, name) }
    logs.set(log, [...(logs.get(log) ?? []), segment])
  }
  return logs
}
