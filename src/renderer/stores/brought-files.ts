/** Files that somebody brings to the page: dropped on it, or chosen. */

/** A folder with its files, or one file. */
export interface Brought {
  /** What the folder or the file is called. */
  readonly called: string
  readonly isFolder: boolean
  readonly files: readonly File[]
}

/** More files than that is no recording of ours. */
const filesMax = 100_000

/** What was dropped; a folder with the files that lie in it, but none of its folders. */
export async function broughtBy(transfer: DataTransfer): Promise<Brought | undefined> {
  // Entries are there only until the event is over.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const [entry] = entries
  const [file] = transfer.files
  // What does not come from a file system has no entry.
  if (!entry && file && transfer.files.length === 1) {
    return { called: file.name, isFolder: false, files: [file] }
  }
  if (!entry || entries.length > 1) return undefined
  if (entry.isDirectory) {
    const files = await filesOf(entry as FileSystemDirectoryEntry)
    return { called: entry.name, isFolder: true, files }
  }
  return {
    called: entry.name,
    isFolder: false,
    files: [await fileOf(entry as FileSystemFileEntry)],
  }
}

/** The same of what was chosen in the dialog of the system. */
export function broughtFolder(files: readonly File[]): Brought | undefined {
  const [called] = files[0]?.webkitRelativePath.split('/') ?? []
  if (called === undefined || called === '') return undefined
  const own = files.filter(({ webkitRelativePath: path }) => path.split('/').length === 2)
  return { called, isFolder: true, files: own }
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

async function filesOf(folder: FileSystemDirectoryEntry): Promise<File[]> {
  const reader = folder.createReader()
  const files: File[] = []
  while (files.length < filesMax) {
    // It gives some at a time, and none at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (entries.length === 0) break
    for (const entry of entries) {
      if (entry.isFile) files.push(await fileOf(entry as FileSystemFileEntry))
    }
  }
  return files
}
