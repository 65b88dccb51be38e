/**
 * Files are written whole or not at all: to a part file in the same folder, which is renamed when
 * all is there. Mode and owner of a file that was there are kept; further hard links keep the old
 * content.
 */
import { closeSync, openSync, rmSync, accessSync, constants } from 'node:fs'
import { copyFile, open, rename, rm, type FileHandle } from 'node:fs/promises'
import { ExportFault } from './exports/export-fault'
import { failure, success, type Result } from '../../shared/result'
import { partDone, partName, sweepParts } from './part-files'
import { placeOf, reasonOf, type Place } from './place'

/** Each piece is good until the next is asked for. */
export type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>

/** Room in which pieces of text are encoded; longer ones get their own. */
const roomBytes = 2 ** 18

/**
 * Writes a file. Gives its size in bytes, or failure `cannot-write` with the reason in words, or
 * `refused` when there is nothing to write.
 */
export async function writeWhole(path: string, pieces: Pieces): Promise<Result<number>> {
  try {
    const file = new FileUnderWay(placeOf(path))
    try {
      let bytes = 0
      for await (const piece of pieces) bytes += await file.write(piece)
      await file.keep()
      return success(bytes)
    } finally {
      await file.drop()
    }
  } catch (error) {
    if (error instanceof ExportFault) return failure('refused', error.message)
    return failure('cannot-write', `cannot write ${path}: ${reasonOf(error)}`)
  }
}

/**
 * Finds out before a long run whether a file can be written; leaves nothing behind. @throws an
 * error with a code.
 */
export function checkPlace(place: Place): void {
  if (place.before?.isSocket() === true) throw Object.assign(new Error('ENXIO'), { code: 'ENXIO' })
  if (!place.plain) return accessSync(place.path, constants.W_OK)
  sweepParts(place.folder)
  const part = partName(place)
  try {
    closeSync(openSync(part, 'wx'))
  } finally {
    rmSync(part, { force: true })
    partDone(part)
  }
}

/** One file under way. Errors have codes. */
export class FileUnderWay {
  private file: FileHandle | undefined
  private part: string | undefined
  private room: Buffer | undefined

  constructor(private readonly place: Place) {}

  /** @returns how many bytes it came to */
  async write(piece: string | Uint8Array): Promise<number> {
    const bytes = typeof piece === 'string' ? this.encoded(piece) : piece
    this.file ??= await this.open()
    await this.file.writeFile(bytes)
    return bytes.byteLength
  }

  /** Good until the next. A buffer for each piece would be freed long after it was written. */
  private encoded(text: string): Uint8Array {
    if (3 * text.length > roomBytes) return Buffer.from(text)
    const room = (this.room ??= Buffer.allocUnsafe(roomBytes))
    return room.subarray(0, room.write(text))
  }

  /** The file takes its place. */
  async keep(): Promise<void> {
    const file = (this.file ??= await this.open())
    const { part, place } = this
    if (part === undefined) return this.close()
    if (place.before) await takeOver(file, place.before)
    // Without it a machine that loses power may come back with the name and an empty file.
    await file.sync().catch(unlessNotSupported)
    await this.close()
    await moveInto(part, place.path)
    this.forget()
  }

  /** The file never was. Calling it after `keep` changes nothing. */
  async drop(): Promise<void> {
    await this.close().catch(() => undefined)
    if (this.part !== undefined) await rm(this.part, { force: true }).catch(() => undefined)
    this.forget()
  }

  private open(): Promise<FileHandle> {
    const { place } = this
    if (!place.plain) return open(place.path, 'w')
    sweepParts(place.folder)
    this.part = partName(place)
    // Nobody may read meanwhile what he may not read later.
    return open(this.part, 'wx', place.before ? 0o600 : 0o666)
  }

  private async close(): Promise<void> {
    const file = this.file
    this.file = undefined
    await file?.close()
  }

  private forget(): void {
    if (this.part !== undefined) partDone(this.part)
    this.part = undefined
  }
}

type Before = NonNullable<Place['before']>

/**
 * Owner and mode of the file that was there, as far as the file system and the user's rights go.
 */
async function takeOver(file: FileHandle, { uid, gid, mode }: Before): Promise<void> {
  const now = await file.stat({ bigint: true })
  const owned =
    (now.uid === uid && now.gid === gid) ||
    (await file.chown(Number(uid), Number(gid)).then(
      () => true,
      () => false,
    ))
  // What its group was allowed, another group is not.
  const kept = Number(mode & 0o777n) & (owned ? 0o777 : 0o707)
  await file.chmod(kept).catch(unlessNotSupported)
}

/**
 * A mount point cannot be replaced, nor another's file in a folder such as /tmp: these are written
 * into.
 */
async function moveInto(part: string, path: string): Promise<void> {
  try {
    await rename(part, path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw Object.assign(new Error(code), { code: 'GONE' })
    if (!['EBUSY', 'EPERM', 'EACCES'].includes(code)) throw error
    await copyFile(part, path)
    await rm(part, { force: true })
  }
}

function unlessNotSupported(error: unknown): void {
  const { code = '' } = error as NodeJS.ErrnoException
  if (!['EINVAL', 'ENOTSUP', 'ENOSYS', 'EPERM'].includes(code)) throw error
}
