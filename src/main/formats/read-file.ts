/**
 * Files from anybody are read with a limit, whatever they are: a pipe does not say how long it is.
 */
import { closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { failure, success, type Result } from '../../shared/result'

/** Bytes asked for at once. */
const pieceBytes = 64 * 1024
const kilobyte = 1024
const megabyte = 1024 * kilobyte

/** Wall milliseconds in which somebody begins to write to a pipe that has a name. */
const writerMs = 5000
/** Wall milliseconds between two looks at a pipe. */
const lookMs = 20

/**
 * The whole file, or failure `bad-argument` in words for people.
 *
 * @param patienceMs how long a pipe with a name may be without anybody who writes to it
 */
export function readBounded(path: string, bytesMax: number, patienceMs = writerMs): Result<Buffer> {
  try {
    const pipe = isNamedPipe(path)
    // To open a pipe waits for its writer, for ever when there is none; so do reads.
    const file = openSync(path, constants.O_RDONLY | (pipe ? constants.O_NONBLOCK : 0))
    try {
      const bytes = readPieces(pipe ? pipeReader(file, patienceMs) : fileReader(file), bytesMax)
      return bytes
        ? success(bytes)
        : failure('bad-argument', `${path} is larger than ${size(bytesMax)}`)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    return failure('bad-argument', `cannot read ${path}: ${whyUnread(error)}`)
  }
}

/** Why a file cannot be read, in words. */
export function whyUnread(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}

/** Fills the buffer as far as it can, and gives the number of bytes; 0 at the end. */
type Reader = (into: Buffer) => number

function readPieces(read: Reader, bytesMax: number): Buffer | undefined {
  const pieces: Buffer[] = []
  for (let total = 0; total <= bytesMax;) {
    const piece = Buffer.alloc(pieceBytes)
    const length = read(piece)
    if (length === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, length))
    total += length
  }
  return undefined
}

const fileReader =
  (file: number): Reader =>
  (into) =>
    readSync(file, into)

function pipeReader(file: number, patienceMs: number): Reader {
  let hasWriter = false
  return (into) => {
    for (let waited = 0; ; waited += lookMs) {
      try {
        const length = readSync(file, into)
        if (length > 0 || hasWriter) {
          hasWriter = true
          return length
        }
        if (waited >= patienceMs) throw Object.assign(new Error('NOBODY'), { code: 'NOBODY' })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
        hasWriter = true
      }
      Atomics.wait(pause, 0, 0, lookMs)
    }
  }
}
const pause = new Int32Array(new SharedArrayBuffer(4))

/** The pipe of a shell's `|` or `<(…)` has no name, and its writer is there. */
function isNamedPipe(path: string): boolean {
  if (process.platform === 'win32' || !statSync(path).isFIFO()) return false
  try {
    realpathSync(path)
    return true
  } catch {
    return false
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
  ENXIO: 'it is a socket or a device that is not there',
  ELOOP: 'its links lead round in a circle',
  ENOTDIR: 'a part of its path is a file',
  ENAMETOOLONG: 'its name is too long',
  NOBODY: 'it is a pipe, and nobody writes to it',
}

const size = (bytes: number): string =>
  bytes >= megabyte ? `${bytes / megabyte} MB` : `${bytes / kilobyte} KB`
