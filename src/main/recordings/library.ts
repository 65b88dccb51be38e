/** The recordings in a folder: what there is, and what goes when they become too many. */
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { reasonOf } from '../formats/place'
import { writerOf } from './lock'
import { bytesOf } from './recorder'
import { isRecording, readRunFile, type RunFile } from './run-file'

export interface ListedRecording {
  readonly folder: string
  readonly bytes: number
  /** Who writes it now, in words. */
  readonly writer: string | undefined
  readonly run: RunFile
}

export interface UnreadableRecording {
  readonly folder: string
  readonly bytes: number
  /** Why, in words. */
  readonly problem: string
}

/** Most folders that are looked at. */
const foldersMax = 10_000

/** The newest first. What is no recording is passed over. @throws an error with a code */
export function listRecordings(folder: string): ListedRecording[] {
  return recordingsIn(folder).filter((listed): listed is ListedRecording => 'run' in listed)
}

/** The same, and after them those that cannot be read. @throws an error with a code */
export function recordingsIn(folder: string): (ListedRecording | UnreadableRecording)[] {
  if (!existsSync(folder)) return []
  return (
    readdirSync(folder)
      .slice(0, foldersMax)
      // What is under way has a name with a dot before it.
      .filter((name) => !name.startsWith('.'))
      .map((name) => join(folder, name))
      .filter(isRecording)
      .map((path): ListedRecording | UnreadableRecording => {
        try {
          const run = readRunFile(path)
          const there = { folder: path, bytes: bytesOf(path) }
          if (!run.ok) return { ...there, problem: run.error.message }
          return { ...there, writer: writerOf(path), run: run.value }
        } catch (error) {
          // Whose files cannot even be listed.
          return { folder: path, bytes: 0, problem: `cannot read ${path}: ${reasonOf(error)}` }
        }
      })
      .sort((a, b) => (begunAt(a) < begunAt(b) ? 1 : -1))
  )
}

/** Somebody has said something of it. */
const isMeant = ({ kept, name, notes, tags }: RunFile): boolean =>
  kept || name !== '' || notes !== '' || tags.length > 0

const begunAt = (listed: ListedRecording | UnreadableRecording): string =>
  'run' in listed ? listed.run.begun : ''

/**
 * Removes the oldest recordings that nobody kept or named until the others are within the limit.
 * Gives the folders that are gone.
 */
export function keepRecordingsWithin(folder: string, limitBytes: number): string[] {
  const all = listRecordings(folder)
  let bytes = all.reduce((sum, recording) => sum + recording.bytes, 0)
  const gone: string[] = []
  for (const recording of all.toReversed()) {
    if (bytes <= limitBytes) break
    const { run, writer } = recording
    if (isMeant(run) || writer !== undefined) continue
    rmSync(recording.folder, { recursive: true, force: true })
    gone.push(recording.folder)
    bytes -= recording.bytes
  }
  return gone
}
