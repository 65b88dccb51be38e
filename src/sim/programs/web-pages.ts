/** Pages of a web server: files below its documents, known to clients and server by number. */
import type { FileSystem } from '../kernel/fs/file-system'
import type { Inode } from '../kernel/fs/inode'

export interface WebPage {
  /** Directory below the documents; undefined: the documents themselves. */
  readonly folder: string | undefined
  readonly name: string
  readonly bytes: number
}

/** Where a page is. */
export interface InstalledPage {
  readonly directory: Inode
  readonly name: string
}

/** Where the first directory of pages lies on the disk; each further one lies in the next group. */
const firstGroup = 8

/** Puts the pages on the disk, before the machine starts. */
export function installPages(
  fs: FileSystem,
  documents: Inode,
  pages: readonly WebPage[],
): InstalledPage[] {
  const folders = new Map<string, Inode>()
  const directoryOf = (folder: string | undefined): Inode => {
    if (folder === undefined) return documents
    const known = folders.get(folder)
    if (known) return known
    const made = fs.installDirectory(documents, folder, firstGroup + folders.size)
    folders.set(folder, made)
    return made
  }
  return pages.map(({ folder, name, bytes }) => {
    const directory = directoryOf(folder)
    fs.install(directory, name, bytes)
    return { directory, name }
  })
}
