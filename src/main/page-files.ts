/** The built page: its files by their path in an address, and nothing outside its folder. */
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly mediaType: string
  /** Another one when the file has changed. */
  readonly tag: string
}

/**
 * The file in the folder at the path of an address, as it stands there; undefined when it names
 * none.
 */
export function fileAt(folder: string, addressPath: string): string | undefined {
  let path: string
  try {
    path = decodeURIComponent(addressPath)
  } catch {
    return undefined
  }
  if (path.includes('\0')) return undefined
  const file = normalize(join(folder, path))
  return file.startsWith(normalize(folder) + sep) ? file : undefined
}

/**
 * Reads a file whole, so that nothing is left to fail once an answer has begun. Undefined when
 * there is none that can be read.
 */
export async function readPageFile(file: string | undefined): Promise<PageFile | undefined> {
  if (file === undefined) return undefined
  try {
    const { size, mtimeMs } = await stat(file)
    const bytes = new Uint8Array(await readFile(file))
    const mediaType = mediaTypes[extname(file)] ?? 'application/octet-stream'
    return { bytes, mediaType, tag: `W/"${size}-${mtimeMs}"` }
  } catch {
    return undefined
  }
}
