/** Two profiles of files that were read before, as what can be written of them together. */
import { Profile } from 'pprof-format'
import { success, type Result } from '../../shared/result'
import { pprofDifference } from './exports/pprof-difference'
import { readBounded } from './read-file'
import { bytesMax } from './read-profile'
import { unpack } from './reading/unpack'

/**
 * The difference of two pprof files, as one. @throws ExportFault when they count different things.
 */
export function differenceOfFiles(base: string, other: string): Result<Uint8Array> {
  const a = decoded(base)
  if (!a.ok) return a
  const b = decoded(other)
  return b.ok ? success(pprofDifference(a.value, b.value)) : b
}

function decoded(path: string): Result<Profile> {
  const bytes = readBounded(path, bytesMax)
  if (!bytes.ok) return bytes
  const unpacked = unpack(path, bytes.value, bytesMax)
  return unpacked.ok ? success(Profile.decode(unpacked.value.bytes)) : unpacked
}
