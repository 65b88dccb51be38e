/** A file that is read piece by piece, wherever a reader wants to: never all of it at once. */
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { failure, success, type Result } from '../../../shared/result'
import { whyUnread } from '../read-file'
import { decodeBytes, isBinary, utf16Of } from '../reading/text-of'

/** Bytes by which a file is told. */
export const headBytes = 64 * 1024
const pieceBytes = 256 * 1024
/** Bytes of its beginning and of its end that tell one file from another, with its size. */
const printBytes = 16 * 1024 * 1024
/** A pipe's writer is not waited for: Windows, which has no such flag, has no such pipes. */
const readNow = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0)

/** How a file begins. */
export interface FileHead {
  readonly bytes: Uint8Array
  /** Empty where it is none. */
  readonly text: string
}

export class SourceFile {
  private constructor(
    private readonly file: number,
    readonly size: number,
  ) {}

  /** Failure `bad-argument` in words when it cannot be read, or is no file. */
  static open(path: string): Result<SourceFile> {
    try {
      const file = openSync(path, readNow)
      const stat = fstatSync(file)
      if (stat.isFile()) return success(new SourceFile(file, stat.size))
      closeSync(file)
      return failure('bad-argument', stat.isDirectory() ? 'it is a folder' : 'it is no file')
    } catch (error) {
      return failure('bad-argument', whyUnread(error))
    }
  }

  /** So many bytes of it, fewer where it ends before. @throws an error with a code */
  at(from: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - from)))
    let read = 0
    while (read < bytes.length) {
      const got = readSync(this.file, bytes, read, bytes.length - read, from + read)
      if (got === 0) break
      read += got
    }
    return bytes.subarray(0, read)
  }

  /** From a byte on, each piece good until the next. @throws an error with a code */
  *pieces(from = 0, to = this.size, bytes = pieceBytes): Generator<Uint8Array> {
    const room = new Uint8Array(bytes)
    for (let at = from; at < to;) {
      const got = readSync(this.file, room, 0, Math.min(bytes, to - at), at)
      if (got === 0) return
      yield room.subarray(0, got)
      at += got
    }
  }

  /** What tells it from any other file that is not made to be mistaken for it. */
  fingerprint(): string {
    const hash = createHash('sha256').update(`${this.size}\n`)
    const end = Math.max(Math.min(printBytes, this.size), this.size - printBytes)
    for (const piece of this.pieces(0, Math.min(printBytes, this.size))) hash.update(piece)
    for (const piece of this.pieces(end)) hash.update(piece)
    return hash.digest('hex').slice(0, 32)
  }

  head(): FileHead {
    return headOf(this.at(0, headBytes))
  }

  close(): void {
    closeSync(this.file)
  }
}

/** A line that the end of the head cuts in two is in it as far as it goes. */
export function headOf(bytes: Uint8Array): FileHead {
  const wide = utf16Of(bytes)
  if (wide !== undefined) return { bytes, text: new TextDecoder(wide).decode(bytes) }
  const text = isBinary(bytes) ? '' : decodeBytes(withoutMark(bytes))
  return { bytes, text }
}

const withoutMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes
