/** Files from anybody are read with a limit, whatever they are: a pipe does not say how long it is. */
import { closeSync, openSync, readSync } from 'node:fs'
import { failure, success, type Result } from '../../shared/result'

/** Bytes asked for at once. */
const pieceBytes = 64 * 1024
const kilobyte = 1024
const megabyte = 1024 * kilobyte

/** The whole file, or failure `bad-argument` in words for people. */
export function readBounded(path: string, bytesMax: number): Result<Buffer> {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = readPieces(file, bytesMax)
      return bytes
        ? success(bytes)
        : failure('bad-argument', `${path} is larger than ${size(bytesMax)}`)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return failure('bad-argument', `cannot read ${path}: ${reasons[code ?? ''] ?? message}`)
  }
}

function readPieces(file: number, bytesMax: number): Buffer | undefined {
  const pieces: Buffer[] = []
  for (let total = 0; total <= bytesMax;) {
    const piece = Buffer.alloc(pieceBytes)
    const length = readSync(file, piece)
    if (length === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, length))
    total += length
  }
  return undefined
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'permission is denied',
}

const size = (bytes: number): string =>
  bytes >= megabyte ? `${bytes / megabyte} MB` : `${bytes / kilobyte} KB`
