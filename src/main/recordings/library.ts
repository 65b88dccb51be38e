/** The recordings in a folder: what there is, and what goes when they become too many. */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

/** Most folders that are looked at. */
const foldersMax = 10_000

/** The newest first. What is no recording is passed over. @throws an error with a code */
export function listRecordings(folder: string): ListedRecording[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .slice(0, foldersMax)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() && isRecording(path))
    .flatMap((path): ListedRecording[] => {
      const run = readRunFile(path)
      if (!run.ok) return []
      return [{ folder: path, bytes: bytesOf(path), writer: writerOf(path), run: run.value }]
    })
    .sort((a, b) => (a.run.begun < b.run.begun ? 1 : -1))
}

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
    if (run.kept || run.name !== '' || run.notes !== '' || writer !== undefined) continue
    rmSync(recording.folder, { recursive: true, force: true })
    gone.push(recording.folder)
    bytes -= recording.bytes
  }
  return gone
}
