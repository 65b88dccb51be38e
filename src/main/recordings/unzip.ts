/**
 * Unpacks a zip of a recording: its own files and nothing else, all of one folder in it, and never
 * outside of the folder that they are unpacked into.
 */
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { failure, success, type Result } from '../../shared/result'
import { runFileName } from './run-file'
import { isFileOfRecording } from './segment-files'

/** More entries than that is no zip of a recording. */
const entriesMax = 100_000

/** Failure `bad-argument` with what is wrong with the zip. */
export async function unzipRecording(
  path: string,
  folder: string,
  bytesMax: number,
): Promise<Result<null>> {
  try {
    const first = await openZip(path)
    if (first.entryCount > entriesMax) {
      first.close()
      return failure('bad-argument', `it has more than ${entriesMax} files in it`)
    }
    const names: string[] = []
    let bytes = 0
    for await (const entry of first.eachEntry()) {
      names.push(entry.fileName)
      bytes += entry.uncompressedSize
    }
    if (bytes > bytesMax) {
      return failure('bad-argument', 'unpacked it is larger than all recordings may be together')
    }
    const runFiles = names.filter((name) => nameIn(name) === runFileName)
    const [runFile] = runFiles
    if (runFile === undefined || runFiles.length > 1) {
      const many = runFile === undefined ? `no ${runFileName}` : `several ${runFileName}`
      return failure('bad-argument', `it is no zip of a recording: it has ${many} in it`)
    }
    const inside = runFile.slice(0, -runFileName.length)
    const zip = await openZip(path)
    for await (const entry of zip.eachEntry()) {
      const name = nameIn(entry.fileName)
      if (entry.fileName !== inside + name || !isFileOfRecording(name)) continue
      await unpack(zip, entry, join(folder, name))
    }
    return success(null)
  } catch (error) {
    return failure('bad-argument', `it cannot be unpacked: ${(error as Error).message}`)
  }
}

/** Names that lead out of the folder are an error; so are sizes that are not kept to. */
const openZip = (path: string): Promise<ZipFile> => openPromise(path, { validateEntrySizes: true })

const nameIn = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

async function unpack(zip: ZipFile, entry: Entry, to: string): Promise<void> {
  const stream = await zip.openReadStreamPromise(entry)
  await pipeline(stream, createWriteStream(to, { flags: 'wx' }))
}
