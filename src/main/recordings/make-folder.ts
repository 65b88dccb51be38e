import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * A folder and those above it, where they are missing. One after the other: asked for several at
 * once, Node says ENOENT of a read-only file system, and tries for ever where none can be made
 * (/proc). @throws an error with its true code
 */
export function makeFolder(folder: string): void {
  const missing: string[] = []
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const one of missing) makeOne(one)
  if (missing.length === 0) makeOne(folder)
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder)
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST'
    if (!isThere || !existsSync(`${folder}/.`)) throw error
  }
}
