/** How a recording stands, and when it was begun, in words. */
import { recordingTagMax, type RecordingInfo } from '../../../shared/api'

export interface StandingWords {
  /** Two words at most. */
  readonly short: string
  /** A sentence. */
  readonly long: string
  readonly kind: 'now' | 'whole' | 'torn'
}

export function standingOf({ run, writer }: RecordingInfo): StandingWords {
  if (typeof run === 'string') return { short: 'damaged', long: run, kind: 'torn' }
  if (writer === 'this run') {
    return {
      short: 'recording',
      long: 'The run on the screen is being recorded here.',
      kind: 'now',
    }
  }
  if (writer !== undefined) {
    return { short: 'in use', long: `Being recorded by ${writer}.`, kind: 'now' }
  }
  if (run.imported) {
    const { file, format } = run.imported
    return { short: 'imported', long: `Imported from ${file}: ${format}.`, kind: 'whole' }
  }
  const why = run.reason === '' ? '' : `: ${run.reason}`
  switch (run.state) {
    case 'ended':
      return { short: 'complete', long: 'Complete: it was closed with its run.', kind: 'whole' }
    case 'died':
      return { short: 'run died', long: `The run ended by itself${why}`, kind: 'torn' }
    case 'stopped':
      return { short: 'stopped', long: `The recording stopped before its run${why}`, kind: 'torn' }
    case 'recording':
      return {
        short: 'cut off',
        long: 'Cut off: its program ended before it was closed. What was written is there.',
        kind: 'torn',
      }
  }
}

/** Wall clock of this machine: `2026-11-27 21:59`. */
export function begunAt(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return '–'
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The tags in what somebody typed: words, each once. */
export const tagsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map((tag) => tag.replace(/^#+/, '').slice(0, recordingTagMax))
      .filter((tag) => tag !== ''),
  ),
]
