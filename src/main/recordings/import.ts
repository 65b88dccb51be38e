/**
 * A recording that comes from a page, piece by piece: the files of its folder, or a zip of them. It
 * is put together beside the recordings, looked at, and becomes one of them, or leaves nothing.
 */
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { failure, success, type Result } from '../../shared/result'
import { sweep, writerTag } from '../formats/part-files'
import { reasonOf } from '../formats/place'
import { makeFolder } from './make-folder'
import { Recording } from './recording'
import { isFileOfRecording } from './segment-files'
import { describeRecording, readRunFile, runFileName } from './run-file'
import { unzipRecording } from './unzip'

const archive = 'archive.zip'
const partFolder = /^\.import-[0-9a-z]+\.([0-9a-f]{8}-\d+-\d+)$/

let imports = 0

export class RecordingImport {
  private readonly part: string
  private bytes = 0

  /** @param bytesMax of all of its files. @throws an error with a code */
  constructor(
    private readonly folder: string,
    private readonly bytesMax: number,
  ) {
    makeFolder(folder)
    sweep(folder, partFolder, (gone) => rmSync(gone, { recursive: true }))
    this.part = join(folder, `.import-${(++imports).toString(36)}.${writerTag()}`)
    mkdirSync(this.part)
  }

  /** A piece of one of its files, in order. Failure names what is wrong with it. */
  add(name: string, piece: Uint8Array): Result<null> {
    if (name !== archive && !isFileOfRecording(name)) {
      return failure('bad-argument', `${name} is no file of a recording`)
    }
    this.bytes += piece.length
    if (this.bytes > this.bytesMax) {
      return failure('refused', 'it is larger than all recordings may be together')
    }
    try {
      appendFileSync(join(this.part, name), piece)
      return success(null)
    } catch (error) {
      return failure('cannot-write', `cannot write into ${this.folder}: ${reasonOf(error)}`)
    }
  }

  /**
   * Everything has come. Gives the id of the recording: its own, where this very one is there
   * already. @param called what its folder or its zip is called
   */
  async end(called: string): Promise<Result<string>> {
    try {
      const ended = await this.take(called)
      return ended
    } catch (error) {
      return failure('cannot-write', `cannot write into ${this.folder}: ${reasonOf(error)}`)
    } finally {
      this.forget()
    }
  }

  private async take(called: string): Promise<Result<string>> {
    const zip = join(this.part, archive)
    let { part } = this
    if (existsSync(zip)) {
      part = join(this.part, 'unpacked')
      mkdirSync(part)
      const unpacked = await unzipRecording(zip, part, this.bytesMax)
      if (!unpacked.ok) return failure('bad-argument', `${called}: ${unpacked.error.message}`)
    }
    if (!existsSync(join(part, runFileName))) {
      return failure('bad-argument', `${called} is no recording: it has no ${runFileName} in it`)
    }
    const opened = await Recording.open(part)
    if (!opened.ok) {
      const { message } = opened.error
      return failure('bad-argument', message.replace(part, called))
    }
    const id = this.idFor(called.replace(/\.zip$/i, ''), part)
    if (id.isThere) return success(id.id)
    // It was brought here on purpose, and is none of the oldest that go.
    const kept = describeRecording(part, { kept: true })
    if (!kept.ok) return kept
    renameSync(part, join(this.folder, id.id))
    return success(id.id)
  }

  /** Its name, with a number behind it where another one has that. */
  private idFor(called: string, part: string): { readonly id: string; readonly isThere: boolean } {
    const name =
      basename(called)
        .replace(/[^\w.-]/g, '_')
        .replace(/^\.+/, '')
        .slice(0, 100) || 'imported'
    for (let copy = 1; ; copy++) {
      const id = copy === 1 ? name : `${name}-${copy}`
      const folder = join(this.folder, id)
      if (!existsSync(folder)) return { id, isThere: false }
      if (isSame(folder, part)) return { id, isThere: true }
    }
  }

  forget(): void {
    rmSync(this.part, { recursive: true, force: true })
  }
}

/** The same run, begun at the same moment, and as far as it is there. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [readRunFile(one), readRunFile(other)]
  if (!a.ok || !b.ok) return false
  const key = ({ value }: typeof a): string =>
    JSON.stringify([value.begun, value.scenario, value.seed, value.seconds, value.part])
  return key(a) === key(b) && statSync(one).isDirectory()
}
