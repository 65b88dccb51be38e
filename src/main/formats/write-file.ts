/**
 * Files are written whole or not at all: to a temporary name in the same folder, then renamed. What is
 * not a plain file (a pipe, /dev/null) is written to directly, because renaming would replace it.
 */
import { randomUUID } from 'node:crypto'
import { realpathSync, statSync } from 'node:fs'
import { open, rename, unlink, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { failure, success, type Result } from '../../shared/result'

export type Pieces = Iterable<string | Uint8Array>

/** Where a file is to be. */
export interface Place {
  readonly folder: string
  readonly path: string
  /** False for a pipe or a device. */
  readonly plain: boolean
}

/** Writes a file. Gives its size in bytes, or failure `cannot-write` with the reason in words. */
export async function writeWhole(path: string, pieces: Pieces): Promise<Result<number>> {
  try {
    const place = placeOf(path)
    return success(await (place.plain ? writeRenamed(place, pieces) : writeTo(place.path, pieces)))
  } catch (error) {
    return failure('cannot-write', `cannot write ${path}: ${reasonOf(error)}`)
  }
}

/** Finds out before a long run whether its file can be written; leaves nothing behind. */
export async function checkWritable(path: string): Promise<Result<undefined>> {
  try {
    const place = placeOf(path)
    if (place.plain) {
      const temporary = temporaryName(place)
      await (await open(temporary, 'wx')).close()
      await unlink(temporary)
    }
    return success(undefined)
  } catch (error) {
    return failure('cannot-write', `cannot write ${path}: ${reasonOf(error)}`)
  }
}

/** Finds a file's place, through symbolic links. @throws an error with a code when it is a folder. */
export function placeOf(path: string): Place {
  const wanted = resolve(path)
  let real: string
  try {
    real = realpathSync(wanted)
  } catch {
    // It is not there yet; what else may be wrong with it shows when it is opened.
    return { folder: dirname(wanted), path: wanted, plain: true }
  }
  const found = statSync(real)
  if (found.isDirectory()) throw Object.assign(new Error('is a folder'), { code: 'EISDIR' })
  return { folder: dirname(real), path: real, plain: found.isFile() }
}

/** A name in the same folder that no other file has. */
export const temporaryName = ({ folder, path }: Place): string =>
  join(folder, `.${basename(path)}.${randomUUID().slice(0, 8)}.part`)

async function writeRenamed(place: Place, pieces: Pieces): Promise<number> {
  const temporary = temporaryName(place)
  try {
    const bytes = await writeTo(temporary, pieces, 'wx')
    await rename(temporary, place.path)
    return bytes
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw error
  }
}

async function writeTo(path: string, pieces: Pieces, flags = 'w'): Promise<number> {
  const file: FileHandle = await open(path, flags)
  try {
    let bytes = 0
    for (const piece of pieces) {
      const encoded = typeof piece === 'string' ? Buffer.from(piece) : piece
      await file.writeFile(encoded)
      bytes += encoded.byteLength
    }
    return bytes
  } finally {
    await file.close()
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder; name a file',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'its name is too long',
}

/** Why a file cannot be written, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}
