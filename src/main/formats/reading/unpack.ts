/** Takes the gzip off a file, within a limit. */
import { gunzipSync } from 'node:zlib'
import { success, type Result } from '../../../shared/result'
import { wrongWith } from './comparable'

export interface Unpacked {
  readonly bytes: Uint8Array
  /**
   * Whether more than one gzip member was there, which together make one text but no one profile.
   */
  readonly several: boolean
}

/** @param bytesMax of what is unpacked */
export function unpack(path: string, bytes: Buffer, bytesMax: number): Result<Unpacked> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return success({ bytes, several: false })
  try {
    const unpacked = gunzipSync(bytes, { maxOutputLength: bytesMax })
    // The last four bytes say how long the last member is.
    const last = bytes.readUInt32LE(bytes.length - 4)
    return success({ bytes: unpacked, several: last !== unpacked.length % 2 ** 32 })
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      return wrongWith(path, `unpacks to more than ${bytesMax / 1024 / 1024} MB`)
    }
    return wrongWith(path, faults[code] ?? 'is damaged: its gzip data cannot be unpacked')
  }
}

const faults: Readonly<Record<string, string>> = {
  Z_BUF_ERROR: 'is cut off: its gzip data ends too early',
}
