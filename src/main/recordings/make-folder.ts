import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** A folder and those above it, where they are missing. @throws an error with its true code */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    // Node says so of a read-only file system too. Asked for one folder, it says what is wrong.
    let first = folder
    while (!existsSync(dirname(first))) first = dirname(first)
    mkdirSync(first)
    mkdirSync(folder, { recursive: true })
  }
}
