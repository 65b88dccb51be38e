/**
 * What comes from a page, piece by piece: the files of a recording's folder, a zip of them, or a
 * file of a run in another format. It is put together beside the recordings, looked at, and becomes
 * one of them, or leaves nothing.
 */
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { broughtArchive, broughtFile } from '../../shared/recorded-parts'
import { failure, success, type Result } from '../../shared/result'
import type { CounterSpec } from '../../sim/observe/counters'
import { importFormatOf } from '../formats/importing/import-formats'
import { headOf, SourceFile } from '../formats/importing/source-file'
import { sweep, writerTag } from '../formats/part-files'
import { reasonOf } from '../formats/place'
import { makeFolder } from './make-folder'
import { recordImport } from './record-import'
import { Recording } from './recording'
import { isFileOfRecording } from './segment-files'
import { describeRecording, readRunFile, runFileName } from './run-file'
import { unzipRecording } from './unzip'

const partFolder = /^\.import-[0-9a-z]+\.([0-9a-f]{8}-\d+-\d+)$/

let imports = 0

export class RecordingImport {
  private readonly part: string
  private bytes = 0
  private isWanted = true
  private isReading = false

  /**
   * @param bytesMax of all of its files
   * @param known every counter of every scenario
   * @throws an error with a code
   */
  constructor(
    private readonly folder: string,
    private readonly bytesMax: number,
    private readonly known: () => readonly CounterSpec[] = () => [],
  ) {
    makeFolder(folder)
    sweep(folder, partFolder, (gone) => rmSync(gone, { recursive: true }))
    this.part = join(folder, `.import-${(++imports).toString(36)}.${writerTag()}`)
    mkdirSync(this.part)
  }

  /** A piece of one of its files, in order. Failure names what is wrong with it. */
  add(name: string, piece: Uint8Array): Result<null> {
    if (name !== broughtArchive && name !== broughtFile && !isFileOfRecording(name)) {
      return failure('bad-argument', `${name} is no file of a recording`)
    }
    // What cannot be taken is told before all of it has come.
    const is = name === broughtFile && this.bytes === 0 ? importFormatOf(headOf(piece)) : undefined
    if (typeof is === 'string') return failure('bad-argument', `the file ${is}`)
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
    this.isReading = true
    try {
      const ended = await this.take(called)
      return ended
    } catch (error) {
      return failure('cannot-write', `cannot write into ${this.folder}: ${reasonOf(error)}`)
    } finally {
      this.isReading = false
      this.forget()
    }
  }

  private async take(called: string): Promise<Result<string>> {
    let { part } = this
    const file = join(part, broughtFile)
    if (existsSync(file)) return this.takeFile(file, called)
    const zip = join(part, broughtArchive)
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
    const id = this.idFor(called.replace(/\.zip$/i, ''), (folder) => isSame(folder, part))
    if (id.isThere) return success(id.id)
    // It was brought here on purpose, and is none of the oldest that go.
    const kept = describeRecording(part, { kept: true })
    if (!kept.ok) return kept
    renameSync(part, join(this.folder, id.id))
    return success(id.id)
  }

  private async takeFile(path: string, called: string): Promise<Result<string>> {
    const print = fingerprintOf(path)
    const isThere = (folder: string): boolean => print !== undefined && isOf(folder, print)
    const id = this.idFor(called, isThere)
    if (id.isThere) return success(id.id)
    const folder = join(this.part, 'recording')
    const { known } = this
    const goOn = (): boolean => this.isWanted
    const made = await recordImport({ path, called, folder, known, goOn })
    if (!made.ok) return made
    // Another may have come meanwhile.
    const { id: name } = this.idFor(called, () => false)
    renameSync(folder, join(this.folder, name))
    return success(name)
  }

  /** Its name, with a number behind it where another one has that. */
  private idFor(called: string, isSameAs: (folder: string) => boolean) {
    const name =
      basename(called)
        .replace(/[^\w.-]/g, '_')
        .replace(/^\.+/, '')
        .slice(0, 100) || 'imported'
    for (let copy = 1; ; copy++) {
      const id = copy === 1 ? name : `${name}-${copy}`
      const folder = join(this.folder, id)
      if (!existsSync(folder)) return { id, isThere: false }
      if (isSameAs(folder)) return { id, isThere: true }
    }
  }

  /** While it is being read, reading ends first. */
  forget(): void {
    this.isWanted = false
    if (this.isReading) return
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

function fingerprintOf(path: string): string | undefined {
  const file = SourceFile.open(path)
  if (!file.ok) return undefined
  try {
    return file.value.fingerprint()
  } finally {
    file.value.close()
  }
}

/** Whether it was imported from this very file. */
function isOf(folder: string, fingerprint: string): boolean {
  const run = readRunFile(folder)
  return run.ok && run.value.imported?.fingerprint === fingerprint
}
