/** Where a file is to be: through links, and whether it can be written there at all. */
import {
  accessSync,
  constants,
  fstatSync,
  readlinkSync,
  realpathSync,
  statSync,
  type BigIntStats,
} from 'node:fs'
import { basename, dirname, join, resolve, sep } from 'node:path'

export interface Place {
  readonly folder: string
  readonly path: string
  /** False for a pipe or a device: it is written to directly, because renaming would replace it. */
  readonly plain: boolean
  /** What is there now. */
  readonly before: BigIntStats | undefined
}

/** Links that are followed before they count as a circle, as in Linux. */
const linksMax = 40

/**
 * Finds a file's place; of a link that leads nowhere, the target's. @throws an error with a code.
 */
export function placeOf(path: string): Place {
  if (path === '') throw fault('EMPTY')
  if (path.endsWith('/') || path.endsWith(sep)) throw fault('EISDIR')
  const wanted = resolve(path)
  const before = statSync(wanted, { bigint: true, throwIfNoEntry: false })
  if (before === undefined) return newPlace(wanted)
  if (before.isDirectory()) throw fault('EISDIR')
  const real = before.isFile() ? realPath(wanted) : undefined
  if (real === undefined) return { folder: dirname(wanted), path: wanted, plain: false, before }
  // Renaming would replace a file that is marked as not to be written.
  accessSync(real, constants.W_OK)
  return { folder: dirname(real), path: real, plain: true, before }
}

function newPlace(wanted: string): Place {
  let path = wanted
  for (let links = 0; links < linksMax; links++) {
    const folder = realpathSync(dirname(path))
    path = join(folder, basename(path))
    const target = linkTarget(path)
    if (target === undefined) return { folder, path, plain: true, before: undefined }
    path = resolve(folder, target)
  }
  throw fault('ELOOP')
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['ENOENT', 'EINVAL', 'UNKNOWN'].includes(code)) return undefined
    throw error
  }
}

/** Undefined for an open file that has no name any more: /dev/stdout may be one. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

/** Whether names that differ only in case are one file where nothing says otherwise. */
const foldsCase = process.platform === 'win32' || process.platform === 'darwin'

/** The same for every path to one file. Undefined for a device, where nothing is written over. */
export function identityOf({ before, folder, path }: Place): string | undefined {
  if (before !== undefined) return before.isCharacterDevice() ? undefined : nodeOf(before)
  const name = foldsCase ? basename(path).normalize('NFC').toLowerCase() : basename(path)
  return `${nodeOf(statSync(folder, { bigint: true }))}/${name}`
}

/** Whether this place is where standard output goes. */
export function isStandardOutput({ before }: Place): boolean {
  if (before === undefined || before.ino === 0n) return false
  try {
    const out = fstatSync(1, { bigint: true })
    return !(out.isCharacterDevice() && !process.stdout.isTTY) && nodeOf(out) === nodeOf(before)
  } catch {
    return false
  }
}

const nodeOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`

const fault = (code: string): Error => Object.assign(new Error(code), { code })

const reasons: Readonly<Record<string, string>> = {
  EMPTY: 'the name is empty; name a file',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder; name a file',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'it is larger than a file can be there',
  EIO: 'the disk failed',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead round in a circle',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is in use',
  ENXIO: 'it is a socket or a device that is not there',
  GONE: 'it was removed while it was written',
}

/** Why a file cannot be written, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return reasons[code ?? ''] ?? message
}

/** Codes of a medium or a machine that failed, where no other name would have helped. */
const ofTheMedium = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EMFILE', 'ENFILE']
export const isMediumFault = (error: unknown): boolean =>
  ofTheMedium.includes((error as NodeJS.ErrnoException).code ?? '')
